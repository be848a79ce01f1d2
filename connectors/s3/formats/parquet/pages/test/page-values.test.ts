import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FLOAT64, INT32, INT64, isConnectError, STRING, type Schema } from '../../../../../../api/index.ts'
import type { PhysicalType, PrimitiveType } from '../../schema/parquet-type.ts'
import { PageDecoder } from '../page-values.ts'
import { readRunLengths } from '../run-lengths.ts'
import { valueSourceOf, type ValueSource } from '../value-source.ts'

function decoderOf(schema: Schema, physical: PhysicalType): PageDecoder {
  const type: PrimitiveType = { name: 'c', repetition: 'REQUIRED', annotation: null, physical, length: 0 }
  return new PageDecoder(type, valueSourceOf(schema, type) as ValueSource)
}

const invalid = (error: unknown) => isConnectError(error) && error.code === 'HR_DATA_INVALID'

test('a page with indexes has values of the dictionary', () => {
  const decoder = decoderOf(STRING, 'BYTE_ARRAY')
  decoder.readDictionary(Buffer.from('\x01\0\0\0a\x02\0\0\0bc'), 2)
  // one bit per index: a run of three times 1, then a group that begins with 0
  assert.deepEqual(decoder.read('RLE_DICTIONARY', Buffer.from([1, 6, 1, 3, 0]), 4), ['bc', 'bc', 'bc', 'a'])
})

test('64-bit integers are numbers if they are exact', () => {
  const bytes = Buffer.alloc(24)
  bytes.writeBigInt64LE(-2n, 0)
  bytes.writeBigInt64LE(2n ** 53n - 1n, 8)
  bytes.writeBigInt64LE(2n ** 60n + 1n, 16)
  assert.deepEqual(decoderOf(INT64, 'INT64').read('PLAIN', bytes, 3), [-2, 2 ** 53 - 1, 2n ** 60n + 1n])
})

test('pages that are too short, or that refer to missing entries, are refused', () => {
  const refused = (decoder: PageDecoder, encoding: string, bytes: readonly number[], count: number) =>
    assert.throws(() => decoder.read(encoding, Buffer.from(bytes), count), invalid)
  const text = decoderOf(STRING, 'BYTE_ARRAY')
  refused(text, 'RLE_DICTIONARY', [1, 2, 0], 1)
  text.readDictionary(Buffer.from('\x01\0\0\0a'), 1)
  refused(text, 'RLE_DICTIONARY', [1, 2, 1], 1)
  refused(text, 'RLE_DICTIONARY', [1, 2, 0], 2)
  refused(text, 'PLAIN', [1, 0], 1)
  refused(text, 'PLAIN', [9, 0, 0, 0, 65], 1)
  refused(decoderOf(INT32, 'INT32'), 'PLAIN', [1, 2, 3], 1)
  refused(decoderOf(FLOAT64, 'DOUBLE'), 'ALP', [1, 2, 3], 1)
  refused(decoderOf(FLOAT64, 'DOUBLE'), 'RLE', [1, 2, 3], 1)
})

test('runs that are longer than the values are cut, and those without values are refused', () => {
  assert.deepEqual([...readRunLengths(Buffer.from([0xc8, 0x01, 3]), 2, new Uint8Array(5))], [3, 3, 3, 3, 3])
  assert.throws(() => readRunLengths(Buffer.from([0, 0, 0, 0]), 2, new Uint8Array(5)), invalid)
  assert.throws(
    () => readRunLengths(Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff]), 1, new Uint8Array(5)),
    invalid,
  )
  assert.throws(() => readRunLengths(Buffer.from([2, 0]), 33, new Uint8Array(1)), invalid)
})
