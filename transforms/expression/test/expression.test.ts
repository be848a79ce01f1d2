import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Decimal,
  decimalSchema,
  INT32,
  INT64,
  map,
  OPTIONAL_FLOAT64,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  schemalessFloat,
  sourceRecord,
  STRING,
  struct,
  timestampSchema,
  type ConnectRecord,
  type SourceRecord,
  type SourceRecordInit,
} from '../../../api/index.ts'
import { expression } from '../expression.ts'

const place = { topic: 't', sourcePartition: { p: 1 }, sourceOffset: { o: 2 } }

function step(text: string, timeoutMs = 1000) {
  const { applyAll } = expression.create({ 'expression': text, 'timeout.ms': timeoutMs })
  assert.ok(applyAll)
  return async (init: Partial<SourceRecordInit> | SourceRecord): Promise<SourceRecord | null> => {
    const [result] = await applyAll([sourceRecord({ ...place, ...init })])
    assert.ok(result)
    if ('error' in result) throw result.error
    return result.record
  }
}

async function applied(text: string, init: Partial<SourceRecordInit>): Promise<SourceRecord> {
  const record = await step(text)(init)
  assert.ok(record !== null)
  return record
}

const valueOf = ({ valueSchema, value }: ConnectRecord) => ({ valueSchema, value })

const user = struct([
  ['id', INT64],
  ['name', OPTIONAL_STRING],
  ['price', decimalSchema(2)],
  ['created', timestampSchema()],
])
const value = {
  id: 2n ** 60n,
  name: 'x',
  price: new Decimal(1250n, 2),
  created: new Date(1_700_000_000_000),
}

test('parts that are not in the result stay unchanged, and so does the source offset', async () => {
  const record = await applied('{"topic": topic & "-" & value.kind}', { key: 'k', value: { kind: 'a' } })
  assert.deepEqual(record, sourceRecord({ ...place, topic: 't-a', key: 'k', value: { kind: 'a' } }))
})

test('null drops the record; an undefined result is an error', async () => {
  const filter = step('value.n > 1 ? {} : null')
  assert.equal(await filter({ value: { n: 1 } }), null)
  assert.deepEqual((await filter({ value: { n: 2 } }))?.value, { n: 2 })
  await assert.rejects(step('value.missing')({ value: {} }), {
    message: 'The expression returned nothing; return null to drop the record or {} to leave it unchanged',
  })
})

test('a result with unknown parts or of the wrong type is an error', async () => {
  await assert.rejects(
    step('{"valeu": 1}')({}),
    /Unknown part valeu in the result; expected key, value, headers/,
  )
  await assert.rejects(step('42')({}), /must be an object or null, but is a number/)
  await assert.rejects(step('{"topic": ""}')({}), /topic in the result must be a non-empty string/)
  await assert.rejects(
    step('{"partition": -1}')({}),
    /partition in the result must be a non-negative integer/,
  )
  await assert.rejects(step('{"value": {"f": function($x){$x}}}')({}), /a function is not a valid value/)
})

test('a bigint can be copied, and arithmetic with it is a clear error', async () => {
  const big = 9_007_199_254_740_993n
  assert.deepEqual((await applied('{"value": {"copy": value.id}}', { value: { id: big } })).value, {
    copy: big,
  })
  await assert.rejects(step('{"value": value.id + 1}')({ value: { id: big } }), (error: Error) => {
    assert.match(error.message, /^The expression failed at character \d+: The left side of the "\+" operator/)
    return true
  })
  const text = /an integer beyond 53 bits can be copied, but not used in a string or a sum/
  await assert.rejects(step('{"value": "id " & value.id}')({ value: { id: big } }), text)
  await assert.rejects(step('{"value": $sum([value.id, 1])}')({ value: { id: big } }))
})

test('a schemaless value is copied unchanged, including integral doubles', async () => {
  const doubles = { d: schemalessFloat(1), list: [1, 'a', null] }
  assert.equal((await applied('{"key": key}', { value: doubles })).value, doubles)
  assert.deepEqual((await applied('{"value": value}', { value: doubles })).value, doubles)
  assert.deepEqual(await applied('{"value": {"sum": value.d + 0.5}}', { value: doubles }).then(valueOf), {
    valueSchema: null,
    value: { sum: 1.5 },
  })
})

test('arrays in the result have no extra JSONata properties', async () => {
  const record = await applied('{"value": {"all": [value.items.n], "none": []}}', {
    value: { items: [{ n: 1 }, { n: 2 }] },
  })
  assert.deepEqual(record.value, { all: [1, 2], none: [] })
  assert.deepEqual(Object.keys((record.value as { all: unknown[] }).all), ['0', '1'])
})

test('a value that still fits its schema keeps it, including logical types', async () => {
  const changed = await applied('{"value": $merge([value, {"name": $uppercase(value.name)}])}', {
    valueSchema: user,
    value,
  })
  assert.equal(changed.valueSchema, user)
  assert.deepEqual(changed.value, { ...value, name: 'X' })
})

test('a nested struct keeps its schema when it replaces the outer struct', async () => {
  const envelope = struct([['after', user]])
  const record = await applied('{"value": value.after}', { valueSchema: envelope, value: { after: value } })
  assert.equal(record.valueSchema, user)
  assert.equal(record.value, value)
})

test('a value of another shape gets a derived schema: known fields keep theirs, new ones are optional', async () => {
  const record = await applied(
    '{"value": {"id": value.id, "created": value.created, "n": 1, "f": 0.5, "tags": ["a"], "none": null}}',
    { valueSchema: user, value },
  )
  const { valueSchema } = record
  assert.deepEqual(
    valueSchema?.fields.map((field) => [field.name, field.schema.type, field.schema.optional]),
    [
      ['id', 'int64', false],
      ['created', 'int64', false],
      ['n', 'int64', true],
      ['f', 'float64', true],
      ['tags', 'array', true],
      ['none', 'string', true],
    ],
  )
  assert.equal(valueSchema?.field('created')?.schema, user.field('created')?.schema)
  assert.equal(valueSchema.field('n')?.schema, OPTIONAL_INT64)
  assert.equal(valueSchema.field('f')?.schema, OPTIONAL_FLOAT64)
  assert.deepEqual(record.value, {
    id: value.id,
    created: value.created,
    n: 1,
    f: 0.5,
    tags: ['a'],
    none: null,
  })
})

test('decimals, dates and maps convert to plain values and back', async () => {
  const schema = struct([
    ['price', decimalSchema(2)],
    ['at', timestampSchema()],
    ['counts', map(STRING, INT32)],
  ])
  const init = {
    valueSchema: schema,
    value: { price: new Decimal(150n, 2), at: new Date(5), counts: new Map([['a', 1]]) },
  }
  const text =
    '{"value": {"price": $string($number(value.price) * 2), "at": value.at + 1, "counts": {"a": value.counts.a + 1}}}'
  const record = await applied(text, init)
  assert.equal(record.valueSchema, schema)
  assert.deepEqual(record.value, {
    price: new Decimal(300n, 2),
    at: new Date(6),
    counts: new Map([['a', 2]]),
  })
})

test('headers may be an array or an object; known headers keep their schema', async () => {
  const headers = [
    { key: 'a', schema: INT32, value: 1 },
    { key: 'a', schema: INT32, value: 2 },
  ]
  const more = await applied('{"headers": $append(headers, {"key": "b", "value": "x"})}', { headers })
  assert.deepEqual(more.headers, [...headers, { key: 'b', schema: OPTIONAL_STRING, value: 'x' }])
  const other = await applied('{"headers": {"a": 3}}', { headers })
  assert.deepEqual(other.headers, [{ key: 'a', schema: INT32, value: 3 }])
  assert.deepEqual((await applied('{"headers": []}', { headers })).headers, [])
})

test('a failing record does not affect the other records of its batch', async () => {
  const { applyAll } = expression.create({
    'expression': '{"value": value + 1}',
    'timeout.ms': 1000,
  })
  const records = [1, 'x', 3].map((one) => sourceRecord({ ...place, value: one }))
  const results = (await applyAll?.(records)) ?? []
  assert.deepEqual(
    results.map((result) => ('error' in result ? 'error' : result.record?.value)),
    [2, 'error', 4],
  )
})
