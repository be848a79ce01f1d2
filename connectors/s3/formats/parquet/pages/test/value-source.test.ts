import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  Decimal,
  decimalSchema,
  FLOAT32,
  INT64,
  STRING,
  timeSchema,
  timestampSchema,
  type Schema,
} from '../../../../../../api/index.ts'
import type { Annotation, PhysicalType, PrimitiveType, TimeUnit } from '../../schema/parquet-type.ts'
import { valueSourceOf } from '../value-source.ts'

const typeOf = (physical: PhysicalType, annotation: Annotation | null, length = 0): PrimitiveType => ({
  name: 'c',
  repetition: 'REQUIRED',
  annotation,
  physical,
  length,
})

const fromNumber = (schema: Schema, type: PrimitiveType, value: number | bigint) =>
  valueSourceOf(schema, type)?.fromNumber(value)
const fromBytes = (schema: Schema, type: PrimitiveType, bytes: Buffer) =>
  valueSourceOf(schema, type)?.fromBytes(bytes, 0, bytes.length)

test('timestamps and times are rounded down to milliseconds', () => {
  const at = (unit: TimeUnit, value: number | bigint) =>
    fromNumber(timestampSchema(), typeOf('INT64', { kind: 'TIMESTAMP', unit, utc: true }), value)
  assert.deepEqual(at('MILLIS', 5), new Date(5))
  assert.deepEqual(at('MICROS', 5999), new Date(5))
  assert.deepEqual(at('MICROS', -1), new Date(-1))
  assert.deepEqual(at('NANOS', 1_700_000_000_123_456_789n), new Date(1_700_000_000_123))
  assert.deepEqual(at('NANOS', -1_700_000_000_123_456_789n), new Date(-1_700_000_000_124))
  const time = typeOf('INT64', { kind: 'TIME', unit: 'NANOS', utc: true })
  assert.deepEqual(fromNumber(timeSchema(), time, 1_999_999), new Date(1))
})

test('INT96 is a day in the Julian calendar and nanoseconds', () => {
  const bytes = Buffer.alloc(12)
  bytes.writeBigInt64LE(1_500_000n, 0)
  bytes.writeUInt32LE(2_440_589, 8)
  assert.deepEqual(fromBytes(timestampSchema(), typeOf('INT96', null), bytes), new Date(86_400_001))
})

test('decimals come from integers and from bytes', () => {
  const annotation: Annotation = { kind: 'DECIMAL', precision: 9, scale: 2 }
  const expected = new Decimal(-129n, 2)
  assert.deepEqual(fromNumber(decimalSchema(2), typeOf('INT32', annotation), -129), expected)
  assert.deepEqual(
    fromBytes(
      decimalSchema(2),
      typeOf('FIXED_LEN_BYTE_ARRAY', annotation, 3),
      Buffer.from([0xff, 0xff, 0x7f]),
    ),
    expected,
  )
})

test('unsigned integers are not negative', () => {
  const unsigned = (bits: number): Annotation => ({ kind: 'INTEGER', bits, signed: false })
  assert.equal(fromNumber(INT64, typeOf('INT32', unsigned(32)), -1), 4_294_967_295)
  assert.deepEqual(
    fromNumber(decimalSchema(0), typeOf('INT64', unsigned(64)), -1),
    new Decimal(2n ** 64n - 1n, 0),
  )
})

test('UUIDs are texts, and half floats are floats', () => {
  const bytes = Buffer.from('00112233445566778899aabbccddeeff', 'hex')
  const uuid = typeOf('FIXED_LEN_BYTE_ARRAY', { kind: 'UUID' }, 16)
  assert.equal(fromBytes(STRING, uuid, bytes), '00112233-4455-6677-8899-aabbccddeeff')
  const half = typeOf('FIXED_LEN_BYTE_ARRAY', { kind: 'FLOAT16' }, 2)
  const values = [0x3e00, 0xb400, 0x7c00, 0x0001, 0x8000].map((bits) => {
    const two = Buffer.alloc(2)
    two.writeUInt16LE(bits)
    return fromBytes(FLOAT32, half, two)
  })
  assert.deepEqual(values, [1.5, -0.25, Infinity, 2 ** -24, -0])
})

test('a type that has no values of a schema is refused', () => {
  assert.equal(valueSourceOf(STRING, typeOf('INT32', null)), undefined)
  assert.equal(valueSourceOf(timestampSchema(), typeOf('BYTE_ARRAY', null)), undefined)
  assert.equal(valueSourceOf(INT64, typeOf('DOUBLE', null)), undefined)
})
