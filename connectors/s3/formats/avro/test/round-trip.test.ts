import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  BOOLEAN,
  BoxedInteger,
  BYTES,
  dateSchema,
  Decimal,
  decimalSchema,
  FLOAT32,
  Float32,
  FLOAT64,
  Float64,
  INT16,
  INT32,
  INT64,
  INT8,
  map,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  primitive,
  STRING,
  struct,
  timeSchema,
  timestampSchema,
  type Schema,
} from '../../../../../api/index.ts'
import { fileOf, objectOf, readAll, type FileOptions } from './files.ts'

async function comesBack(schema: Schema | null, values: readonly unknown[], options: FileOptions = {}) {
  const { values: found, error } = await readAll(objectOf(await fileOf(schema, values, options)))
  assert.equal(error, undefined)
  assert.deepEqual(
    found.map(({ value }) => value),
    values,
  )
  for (const one of found) assert.equal(one.schema, schema)
}

const primitives: readonly (readonly [Schema, readonly unknown[]])[] = [
  [INT8, [0, -128, 127]],
  [INT16, [-32_768, 32_767]],
  [INT32, [0, -1, 63, 64, -2_147_483_648, 2_147_483_647]],
  [INT64, [0, -1, 2 ** 52, -(2 ** 52), 2 ** 53 - 1, -(2 ** 53 - 1), 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)]],
  [FLOAT32, [0, -0, 1.5, Infinity, NaN]],
  [FLOAT64, [0.1, -1e300, -Infinity]],
  [BOOLEAN, [true, false]],
  [STRING, ['', 'grüße 🎉', 'x'.repeat(100_000)]],
  [BYTES, [Buffer.alloc(0), Buffer.from([0, 255])]],
  [decimalSchema(2), [new Decimal(0n, 2), new Decimal(-12345n, 2), new Decimal(10n ** 60n, 2)]],
  [decimalSchema(-3, { parameters: { 'connect.decimal.precision': '9' } }), [new Decimal(7n, -3)]],
  [dateSchema(), [new Date(0), new Date('1950-02-03'), new Date('2999-12-31')]],
  [timeSchema(), [new Date(0), new Date(86_399_999)]],
  [timestampSchema(), [new Date(-1), new Date('2026-11-30T12:13:14.567Z')]],
]

test('half of a surrogate pair becomes a question mark, in values, keys of maps and without a schema', async () => {
  const value = new Map([['\udc00key', 'x\ud800🎉']])
  for (const schema of [map(STRING, STRING), null]) {
    const file = await fileOf(schema, [value])
    assert.deepEqual([file.includes('?key'), file.includes('x?🎉')], [true, true])
  }
})

for (const [schema, values] of primitives) {
  test(`values of ${String(schema)} come back, and null if it is optional`, async () => {
    await comesBack(schema, values)
    const { type, name, version, parameters } = schema
    const optional = primitive(type as 'bytes', { name, version, parameters, optional: true })
    await comesBack(optional, [null, ...values, null])
  })
}

test('nested structs, arrays and maps come back with their schemas', async () => {
  const item = struct({ sku: STRING, price: decimalSchema(2), note: OPTIONAL_STRING }, { name: 'shop.Item' })
  const schema = struct(
    {
      id: INT64,
      items: array(item, { doc: 'what was ordered' }),
      first: struct({ sku: STRING }),
      best: item,
      tags: map(STRING, array(OPTIONAL_STRING)),
      byDay: map(dateSchema(), OPTIONAL_INT64),
      byId: map(INT32, STRING, { name: 'shop.ById' }),
      other: map(INT64, STRING),
      __proto: STRING,
      constructor: OPTIONAL_STRING,
    },
    {
      name: 'shop.Order',
      version: 7,
      doc: 'an order',
      parameters: { 'owner': 'shop', 'avro.alias': 'Order' },
    },
  )
  const one = { sku: 'a', price: new Decimal(199n, 2), note: null }
  await comesBack(schema, [
    {
      id: 1,
      items: [one, { ...one, note: 'x' }],
      first: { sku: 'b' },
      best: one,
      tags: new Map([
        ['a', ['x', null]],
        ['__proto__', []],
      ]),
      byDay: new Map([
        [new Date(0), 1],
        [new Date(86_400_000), null],
      ]),
      byId: new Map([[1, 'x']]),
      other: new Map(),
      __proto: 'p',
      constructor: null,
    },
  ])
})

test('a field with any legal name is an ordinary field', async () => {
  const schema = struct([
    ['__proto__', STRING],
    ['toString', OPTIONAL_STRING],
  ])
  const value = Object.fromEntries([
    ['__proto__', 'x'],
    ['toString', null],
  ])
  await comesBack(schema, [value])
  const { values } = await readAll(objectOf(await fileOf(schema, [Object.fromEntries([['__proto__', 'x']])])))
  assert.deepEqual(Object.entries(values[0]?.value as object), [
    ['__proto__', 'x'],
    ['toString', null],
  ])
})

test('null and absent fields become their default', async () => {
  const schema = struct({
    a: primitive('int32', { defaultValue: 5 }),
    b: primitive('string', { optional: true, defaultValue: 'x' }),
  })
  const { values } = await readAll(
    objectOf(await fileOf(schema, [{}, { a: null, b: null }, { a: 1, b: 'y' }])),
  )
  assert.deepEqual(
    values.map(({ value }) => value),
    [
      { a: 5, b: 'x' },
      { a: 5, b: 'x' },
      { a: 1, b: 'y' },
    ],
  )
  assert.equal(values[0]?.schema, schema)
})

test('enums, fixed bytes and unions come back', async () => {
  const color = {
    name: 'n.Color',
    parameters: { 'io.confluent.connect.avro.Enum': 'n.Color', 'io.confluent.connect.avro.Enum.RED': 'RED' },
  }
  const schema = struct({
    color: primitive('string', color),
    md5: primitive('bytes', { name: 'n.Md5', parameters: { 'connect.fixed.size': '2' } }),
    either: struct(
      {
        'int': primitive('int32', { optional: true }),
        'n.Color': primitive('string', { ...color, optional: true }),
      },
      { name: 'io.confluent.connect.avro.Union' },
    ),
  })
  const value = { color: 'RED', md5: Buffer.from([1, 2]) }
  await comesBack(schema, [
    { ...value, either: { 'int': 3, 'n.Color': null } },
    { ...value, either: { 'int': null, 'n.Color': 'RED' } },
  ])
})

test('schemaless values of all types come back', async () => {
  await comesBack(null, [
    { a: 1, b: [null, 'x', { c: true }], d: {}, e: new Float32(1.5), f: new Float64(2), g: -0.5 },
    new BoxedInteger('int32', 7),
    2n ** 60n,
    new Map<unknown, unknown>([
      [1, 'x'],
      [true, null],
    ]),
    Buffer.from([1]),
    'text',
  ])
})

test('a struct of more fields than code is generated for comes back', async () => {
  const names = Array.from({ length: 700 }, (_, index) => `f${index}`)
  const schema = struct(names.map((name) => [name, INT32] as const))
  await comesBack(schema, [Object.fromEntries(names.map((name, index) => [name, index]))])
})

test('files of all compressions come back, also of many blocks', async () => {
  const schema = struct({ id: INT64, text: STRING })
  const values = Array.from({ length: 20_000 }, (_, id) => ({ id, text: `value ${id % 100}` }))
  const sizes: number[] = []
  for (const codec of ['null', 'deflate', 'snappy'] as const) {
    await comesBack(schema, values, { codec })
    sizes.push((await fileOf(schema, values, { codec })).length)
  }
  assert.ok(
    (sizes[1] as number) < (sizes[2] as number) && (sizes[2] as number) < (sizes[0] as number),
    String(sizes),
  )
})
