import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  BOOLEAN,
  BYTES,
  dateSchema,
  Decimal,
  decimalSchema,
  FLOAT32,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  INT8,
  map,
  primitive,
  type Schema,
  STRING,
  struct,
  timeSchema,
  timestampSchema,
} from '../../../../api/index.ts'
import { inferMapping } from '../infer-mapping.ts'

const mappingOf = (schema: Schema): unknown => JSON.parse(inferMapping(schema))
const text = { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } }

test('there is no mapping without a schema', () => {
  assert.throws(() => inferMapping(null), { code: 'HR_DATA_INVALID', message: /without a schema/ })
  assert.throws(() => inferMapping(array(null)), { code: 'HR_DATA_INVALID' })
})

test('each type has its own mapping, also within structs', () => {
  const types = {
    boolean: BOOLEAN,
    bytes: BYTES,
    int8: INT8,
    int16: INT16,
    int32: INT32,
    int64: INT64,
    float32: FLOAT32,
    float64: FLOAT64,
    string: STRING,
    array: array(STRING),
    map: map(STRING, INT32),
    decimal: decimalSchema(2),
    date: dateSchema(),
    time: timeSchema(),
    timestamp: timestampSchema(),
  }
  const properties = {
    boolean: { type: 'boolean' },
    bytes: { type: 'binary' },
    int8: { type: 'byte' },
    int16: { type: 'short' },
    int32: { type: 'integer' },
    int64: { type: 'long' },
    float32: { type: 'float' },
    float64: { type: 'double' },
    string: text,
    array: text,
    map: { properties: { key: text, value: { type: 'integer' } } },
    decimal: { type: 'double' },
    date: { type: 'date' },
    time: { type: 'date' },
    timestamp: { type: 'date' },
  }
  assert.deepEqual(mappingOf(struct({ ...types, struct: struct(types) })), {
    properties: { ...properties, struct: { properties } },
  })
})

test('defaults become null values, except for text and bytes', () => {
  const schema = struct({
    boolean: primitive('boolean', { defaultValue: true }),
    int8: primitive('int8', { defaultValue: 1 }),
    int64: primitive('int64', { defaultValue: 2n ** 62n }),
    float32: primitive('float32', { defaultValue: 0.5 }),
    float64: primitive('float64', { defaultValue: 1 }),
    string: primitive('string', { defaultValue: '0' }),
    bytes: primitive('bytes', { defaultValue: Buffer.from('a') }),
    date: dateSchema({ defaultValue: new Date(86_400_000) }),
    decimal: decimalSchema(1, { defaultValue: new Decimal(1000n, 1) }),
  })
  assert.equal(
    inferMapping(schema),
    '{"properties":{"boolean":{"type":"boolean","null_value":true},' +
      '"int8":{"type":"byte","null_value":1},' +
      '"int64":{"type":"long","null_value":4611686018427387904},' +
      '"float32":{"type":"float","null_value":0.5},' +
      '"float64":{"type":"double","null_value":1.0},' +
      '"string":{"type":"text","fields":{"keyword":{"type":"keyword","ignore_above":256}}},' +
      '"bytes":{"type":"binary"},' +
      '"date":{"type":"date","null_value":86400000},' +
      '"decimal":{"type":"double","null_value":100.0}}}',
  )
})

test('a default that the server would refuse is left out', () => {
  const schema = struct({ a: primitive('float64', { defaultValue: Number.NaN }) })
  assert.deepEqual(mappingOf(schema), { properties: { a: { type: 'double' } } })
})

test('names of fields are escaped', () => {
  assert.deepEqual(mappingOf(struct([['a"\n', BOOLEAN]])), { properties: { 'a"\n': { type: 'boolean' } } })
})
