import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  decimalSchema,
  INT32,
  INT64,
  isConnectError,
  map,
  OPTIONAL_INT32,
  OPTIONAL_STRING,
  STRING,
  struct,
  timestampSchema,
  timeSchema,
  type Schema,
} from '../../../../../../api/index.ts'
import type { Annotation, GroupType, ParquetType, PhysicalType, Repetition } from '../parquet-type.ts'
import { connectSchemaFor } from '../to-connect.ts'

const leaf = (
  name: string,
  physical: PhysicalType,
  annotation: Annotation | null = null,
  repetition: Repetition = 'REQUIRED',
): ParquetType => ({ name, physical, annotation, repetition, length: 16 })

const group = (
  name: string,
  fields: readonly ParquetType[],
  annotation: Annotation | null = null,
  repetition: Repetition = 'REQUIRED',
): GroupType => ({ name, fields, annotation, repetition })

const schemaFor = (type: ParquetType): Schema | undefined =>
  connectSchemaFor(group('root', [type])).fields[0]?.schema
const integer = (bits: number, signed: boolean): Annotation => ({ kind: 'INTEGER', bits, signed })

test('integers have the smallest type that holds them', () => {
  const typeFor = (physical: PhysicalType, bits: number, signed: boolean) =>
    schemaFor(leaf('a', physical, integer(bits, signed)))
  const types = [8, 16, 32].map((bits) => typeFor('INT32', bits, true)?.type)
  assert.deepEqual(types, ['int8', 'int16', 'int32'])
  const unsigned = [8, 16, 32].map((bits) => typeFor('INT32', bits, false)?.type)
  assert.deepEqual(unsigned, ['int16', 'int32', 'int64'])
  assert.equal(typeFor('INT64', 64, false), decimalSchema(0))
})

test('times and timestamps of all units have milliseconds', () => {
  for (const unit of ['MILLIS', 'MICROS', 'NANOS'] as const) {
    assert.equal(schemaFor(leaf('a', 'INT64', { kind: 'TIMESTAMP', unit, utc: false })), timestampSchema())
    assert.equal(schemaFor(leaf('a', 'INT64', { kind: 'TIME', unit, utc: true })), timeSchema())
  }
  assert.equal(schemaFor(leaf('a', 'INT96')), timestampSchema())
})

test('a decimal keeps its precision as AvroData does', () => {
  const decimal = (precision: number) =>
    schemaFor(leaf('a', 'BYTE_ARRAY', { kind: 'DECIMAL', precision, scale: 2 }))
  assert.deepEqual(decimal(9)?.parameters, { 'scale': '2', 'connect.decimal.precision': '9' })
  assert.equal(decimal(64), decimalSchema(2))
})

const element = (name: string, repetition: Repetition = 'REPEATED') => leaf(name, 'INT32', null, repetition)
const list = (repeated: ParquetType) => schemaFor(group('a', [repeated], { kind: 'LIST' }))

test('lists of old and new writers are arrays', () => {
  assert.equal(list(element('array')), array(INT32))
  assert.equal(list(group('list', [element('element', 'OPTIONAL')], null, 'REPEATED')), array(OPTIONAL_INT32))
  assert.equal(
    list(group('array', [element('x', 'REQUIRED')], null, 'REPEATED')),
    array(struct({ x: INT32 })),
  )
  assert.equal(
    list(group('a_tuple', [element('x', 'REQUIRED')], null, 'REPEATED')),
    array(struct({ x: INT32 })),
  )
  const two = group('bag', [element('x', 'REQUIRED'), element('y', 'REQUIRED')], null, 'REPEATED')
  assert.equal(list(two), array(struct({ x: INT32, y: INT32 })))
  assert.equal(schemaFor(element('plain')), array(INT32))
})

test('maps keep the types of their keys', () => {
  const entry = group(
    'key_value',
    [leaf('key', 'INT64'), leaf('value', 'BYTE_ARRAY', { kind: 'STRING' }, 'OPTIONAL')],
    null,
    'REPEATED',
  )
  assert.equal(schemaFor(group('m', [entry], { kind: 'MAP' })), map(INT64, OPTIONAL_STRING))
})

test('a group with an annotation that does not fit is a struct, and an empty one is refused', () => {
  const pair = group('m', [leaf('a', 'INT32'), leaf('b', 'BYTE_ARRAY', { kind: 'UUID' })], { kind: 'LIST' })
  assert.equal(schemaFor(pair), struct({ a: INT32, b: STRING }))
  assert.throws(
    () => connectSchemaFor(group('root', [group('empty', [])])),
    (error) => isConnectError(error) && /"empty" has no fields/.test(error.message),
  )
})
