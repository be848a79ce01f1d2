import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  INT32,
  makeSchema,
  map,
  STRING,
  struct,
  withAttributes,
  type ConnectError,
} from '../../../api/index.ts'
import { converterContext } from '../../../testing/index.ts'
import { parseConfig } from '../../../config/index.ts'
import { jsonConverter } from '../index.ts'

function converter(props: Readonly<Record<string, string>> = {}) {
  return jsonConverter.create(
    parseConfig(jsonConverter.config, { ...props, 'converter.type': 'value' }),
    'value',
    converterContext(),
  )
}

const read = (text: string, props?: Readonly<Record<string, string>>) =>
  converter(props).toConnect('t', Buffer.from(text))

const payload = (schema: object, json: string) =>
  read(`{"schema":${JSON.stringify(schema)},"payload":${json}}`)

const code = (expected: string) => (error: unknown) => (error as ConnectError).code === expected

test('an integer beyond 64 bits becomes a float or decimal of that size, and wraps in an integer field', () => {
  const long = '9223372036854775808'
  assert.equal(payload({ type: 'double' }, long).value, 2 ** 63)
  assert.equal(payload({ type: 'float' }, long).value, 2 ** 63)
  assert.equal(payload({ type: 'int64' }, long).value, -(2n ** 63n))
  const decimal = {
    type: 'bytes',
    name: 'org.apache.kafka.connect.data.Decimal',
    parameters: { scale: '0' },
  }
  assert.equal(String(payload(decimal, long).value), long)
  assert.throws(
    () => payload({ type: 'int32', name: 'org.apache.kafka.connect.data.Date' }, '18446744073709551616'),
    code('HR_DATA_INVALID'),
  )
  assert.deepEqual(read(`{"schema":null,"payload":{"a":[${long},1]}}`).value, { a: [-(2n ** 63n), 1] })
})

test('a schema with an invalid default is rejected', () => {
  for (const schema of [
    { type: 'string', default: 5 },
    { type: 'array', items: { type: 'string' }, default: [1] },
    { type: 'map', keys: { type: 'bytes' }, values: { type: 'int32' }, default: [[1, 2]] },
    { type: 'struct', fields: [{ field: 'x', type: 'int32' }], default: { x: 1 } },
  ])
    assert.throws(() => payload(schema, 'null'), code('HR_SCHEMA_INVALID'))
  assert.equal(payload({ type: 'string', optional: true, default: 5 }, 'null').value, null)
})

test('the version of a schema wraps to 32 bits', () => {
  assert.equal(payload({ type: 'int32', version: 2 ** 32 + 1 }, '1').schema?.version, 1)
  assert.equal(
    read('{"schema":{"type":"int32","version":9223372036854775807},"payload":1}').schema?.version,
    -1,
  )
})

test('truncated base64 is rejected, trailing whitespace is not', () => {
  for (const text of ['A', 'AQIDA', ' *'])
    assert.throws(() => payload({ type: 'bytes' }, JSON.stringify(text)), code('HR_DATA_INVALID'))
  assert.deepEqual(payload({ type: 'bytes' }, '"AQ== "').value, Buffer.from([1]))
})

test('an empty message is not null with schema.content', () => {
  const props = { 'schema.content': '{"type":"int32","optional":true}' }
  assert.equal(read('', props).value, 0)
  assert.equal(read(' ', props).value, 0)
})

test('schema.content is validated even if it is not used; null means no schema', () => {
  assert.throws(
    () => converter({ 'schema.content': '{"type":"x"}', 'schemas.enable': 'false' }),
    code('HR_DATA_INVALID'),
  )
  assert.throws(() => read('1', { 'schema.content': 'null' }), code('HR_DATA_INVALID'))
})

test('a struct schema with a default cannot be serialized', () => {
  const schema = withAttributes(struct({ x: INT32 }), { defaultValue: { x: 1 } })
  assert.throws(() => converter().fromConnect('t', schema, { x: 2 }), code('HR_DATA_INVALID'))
  const plain = converter({ 'schemas.enable': 'false' })
  assert.equal(plain.fromConnect('t', schema, { x: 2 }), '{"x":2}')
  assert.throws(() => plain.fromConnect('t', schema, null), code('HR_DATA_INVALID'))
})

test('a null key is rejected if keys are required, and so is a map schema without a key schema', () => {
  const nullKey = new Map([[null, 1]])
  assert.throws(() => converter().fromConnect('t', map(STRING, INT32), nullKey), code('HR_DATA_INVALID'))
  const optional = map(withAttributes(STRING, { optional: true }), INT32)
  const plain = converter({ 'schemas.enable': 'false' })
  assert.equal(plain.fromConnect('t', optional, nullKey), '{"null":1}')
  const unknown = makeSchema({ type: 'map', keySchema: null, valueSchema: null })
  assert.throws(() => plain.fromConnect('t', unknown, new Map()), code('HR_DATA_INVALID'))
  assert.equal(plain.fromConnect('t', array(INT32), [1]), '[1]')
})
