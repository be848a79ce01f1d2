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
  OPTIONAL_INT32,
  primitive,
  type Schema,
  STRING,
  struct,
  timeSchema,
  timestampSchema,
  withAttributes,
} from '../../../../api/index.ts'
import { documentEncoders, type EncoderOptions } from '../encoders.ts'
import { defaults } from './records.ts'

function encode(schema: Schema | null, value: unknown, options: Partial<EncoderOptions> = {}): string {
  return documentEncoders({ ...defaults, ...options })('topic', schema)(value)
}

const optional = (schema: Schema): Schema => withAttributes(schema, { optional: true })
const dataError = { code: 'HR_DATA_INVALID' }

test('primitives are written as they are', () => {
  const examples: readonly (readonly [Schema, unknown, string])[] = [
    [INT8, 42, '42'],
    [INT16, 42, '42'],
    [INT32, 42, '42'],
    [INT64, 2n ** 62n, '4611686018427387904'],
    [FLOAT32, 42, '42.0'],
    [FLOAT64, 0.1, '0.1'],
    [BOOLEAN, true, 'true'],
    [STRING, 'foo', '"foo"'],
    [BYTES, Buffer.from('foo'), '"Zm9v"'],
  ]
  for (const [schema, value, json] of examples) {
    assert.equal(encode(schema, value), json)
    assert.equal(encode(optional(schema), null), 'null')
  }
})

test('decimals are numbers', () => {
  assert.equal(encode(decimalSchema(2), new Decimal(2n, 2)), '0.02')
  assert.equal(encode(decimalSchema(0), new Decimal(7n, 0)), '7.0')
  assert.equal(encode(decimalSchema(2, { optional: true }), null), 'null')
  assert.equal(encode(decimalSchema(2, { defaultValue: new Decimal(150n, 2) }), null), '1.5')
  assert.equal(encode(array(decimalSchema(2)), [new Decimal(2n, 2), new Decimal(42n, 2)]), '[0.02,0.42]')
  assert.equal(
    encode(struct({ decimal: decimalSchema(2) }), { decimal: new Decimal(2n, 2) }),
    '{"decimal":0.02}',
  )
})

test('dates and times are numbers', () => {
  assert.equal(encode(dateSchema(), new Date(86_400_000)), '1')
  assert.equal(encode(timeSchema(), new Date(1000)), '1000')
  assert.equal(encode(timestampSchema(), new Date(1000)), '1000')
})

test('maps with keys that are not strings are lists of key and value', () => {
  const schema = map(INT32, decimalSchema(2))
  const value = new Map([
    [1, new Decimal(2n, 2)],
    [2, new Decimal(42n, 2)],
  ])
  assert.equal(encode(schema, value), '[{"key":1,"value":0.02},{"key":2,"value":0.42}]')
  assert.equal(encode(map(INT32, INT32, { defaultValue: new Map() }), null), '[]')
})

test('compact.map.entries decides how maps with strings as keys are written', () => {
  const schema = map(STRING, INT32)
  const value = new Map(Object.entries({ field1: 1, field2: 2 }))
  assert.equal(encode(schema, value), '{"field1":1,"field2":2}')
  assert.equal(
    encode(schema, value, { compactMapEntries: false }),
    '[{"key":"field1","value":1},{"key":"field2","value":2}]',
  )
})

test('nulls of optional fields stay, of each type', () => {
  const inner = [
    BOOLEAN,
    decimalSchema(2),
    timeSchema(),
    timestampSchema(),
    array(BOOLEAN),
    struct({ innerField: BOOLEAN }),
    map(STRING, BOOLEAN),
  ]
  for (const compactMapEntries of [true, false]) {
    for (const schema of inner) {
      const outer = struct({ optionalField: optional(schema) })
      assert.equal(encode(outer, { optionalField: null }, { compactMapEntries }), '{"optionalField":null}')
    }
  }
})

test('defaults replace nulls, those of structs included', () => {
  const schema = struct({
    n: primitive('int32', { defaultValue: 42 }),
    d: decimalSchema(1, { defaultValue: new Decimal(5n, 1) }),
  })
  assert.equal(encode(schema, { n: null, d: null }), '{"n":42,"d":0.5}')
  const withStruct = struct({ s: withAttributes(struct({ a: INT32 }), { defaultValue: { a: 1 } }) })
  assert.equal(encode(withStruct, { s: null }), '{"s":{"a":1}}')
})

test('a null of a required field, or a value of another type, is refused', () => {
  assert.throws(() => encode(struct({ n: INT32 }), { n: null }), dataError)
  assert.throws(() => encode(struct({ n: INT32 }), { n: 'a' }), dataError)
  assert.throws(() => encode(decimalSchema(2), 1.5), dataError)
})

test('without schemas, values are written as JsonConverter writes them', () => {
  const decimal = struct({ d: decimalSchema(2) })
  const value = { d: new Decimal(2n, 2) }
  assert.equal(encode(decimal, value, { schemaIgnore: true }), '{"d":"Ag=="}')
  assert.equal(encode(decimal, value, { schemaIgnoreTopics: new Set(['topic']) }), '{"d":"Ag=="}')
  assert.equal(encode(decimal, value, { schemaIgnoreTopics: new Set(['other']) }), '{"d":0.02}')
  assert.equal(encode(map(INT32, OPTIONAL_INT32), new Map([[1, null]]), { schemaIgnore: true }), '[[1,null]]')
  assert.equal(encode(null, { a: new Map([['b', 1]]) }), '{"a":{"b":1}}')
})
