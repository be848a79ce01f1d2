import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  decimalSchema,
  INT32,
  INT64,
  map,
  OPTIONAL_STRING,
  primitive,
  STRING,
  struct,
  type Schema,
} from '../../../../../../api/index.ts'
import { avroSchemaText, defaultAvroData } from '../../index.ts'

const text = (schema: Schema | null, settings = defaultAvroData) => avroSchemaText(schema, settings)

test('a default must be one of the first type, so null comes last where there is one', () => {
  assert.equal(text(OPTIONAL_STRING), '["null","string"]')
  const withDefault = primitive('string', { optional: true, defaultValue: 'x' })
  assert.equal(text(withDefault), '[{"type":"string","connect.default":"x"},"null"]')
})

test('decimals have 64 digits unless a parameter says otherwise', () => {
  assert.match(text(decimalSchema(2)), /"scale":2,"precision":64,.*"logicalType":"decimal"/)
  const parameters = { 'connect.decimal.precision': '9' }
  assert.match(text(decimalSchema(2, { parameters })), /"scale":2,"precision":9,/)
  const wrong = decimalSchema(2, { parameters: { 'connect.decimal.precision': 'many' } })
  assert.throws(() => text(wrong), /connect\.decimal\.precision of a Decimal is 'many'/)
})

test('without metadata, only what Avro needs is left', () => {
  const schema = struct({ a: primitive('int8', { doc: 'x' }) }, { name: 'n.R', version: 2 })
  const bare = text(schema, { ...defaultAvroData, connectMetaData: false })
  assert.equal(bare, '{"type":"record","name":"R","namespace":"n","fields":[{"name":"a","type":"int"}]}')
})

test('a schema that occurs again is a reference, and takes no time to find', () => {
  let schema = struct({ a: INT32 }, { name: 's0' })
  for (let depth = 1; depth < 60; depth++) {
    schema = struct({ left: schema, right: schema, more: array(schema) }, { name: `s${depth}` })
  }
  const avro = text(schema)
  assert.equal(avro.match(/"type":"record"/g)?.length, 60)
})

test('maps without names whose entries differ get names of their own', () => {
  const maps = { a: map(INT32, STRING), b: map(INT64, STRING), c: map(INT32, STRING), d: map(STRING, STRING) }
  const names = [...text(struct(maps)).matchAll(/"(?:name|items)":"(MapEntry\d*)"/g)].map((found) => found[1])
  assert.deepEqual(names, ['MapEntry', 'MapEntry2', 'MapEntry'])
})

test('enums need enhanced support', () => {
  const parameters = { 'io.confluent.connect.avro.Enum': 'E', 'io.confluent.connect.avro.Enum.A': 'A' }
  const schema = primitive('string', { name: 'E', parameters })
  assert.match(text(schema), /^\{"type":"enum","name":"E","symbols":\["A"\]/)
  assert.match(text(schema, { ...defaultAvroData, enhancedSchemaSupport: false }), /^\{"type":"string"/)
  const wrong = primitive('string', {
    name: 'E',
    parameters: { ...parameters, 'io.confluent.connect.avro.enum.default.E': 'B' },
  })
  assert.throws(() => text(wrong), /The default 'B' of the enum E is not one of its symbols: A/)
})

test('schemas that Avro cannot represent are refused with the reason', () => {
  const union = (fields: Readonly<Record<string, Schema>>) =>
    struct(fields, { name: 'io.confluent.connect.avro.Union' })
  const cases: readonly (readonly [Schema, RegExp])[] = [
    [struct({ 'a b': INT32 }), /The name 'a b' of a field is not valid in Avro/],
    [struct({ a: INT32 }, { name: 'n.my-order' }), /The name 'my-order' of a struct/],
    [union({ a: INT32, b: INT32 }), /A union holds int twice/],
    [
      struct({ a: struct({ x: INT32 }, { name: 'n.A' }), b: struct({ x: STRING }, { name: 'n.A' }) }),
      /Two different schemas have the name n\.A/,
    ],
    [
      primitive('string', { name: 'org.apache.kafka.connect.data.Date' }),
      /must have the type int32, not string/,
    ],
    [
      primitive('bytes', { name: 'F', parameters: { 'connect.fixed.size': '-1' } }),
      /connect\.fixed\.size of F is '-1'/,
    ],
  ]
  for (const [schema, expected] of cases) assert.throws(() => text(schema), expected)
})

test('a default that Avro does not allow is left out of the field', () => {
  const schema = struct({ a: map(INT32, INT32, { defaultValue: new Map([[1, 2]]) }) })
  assert.match(text(schema), /"connect\.default":\[\[1,2\]\]\}\}\]\}$/)
})
