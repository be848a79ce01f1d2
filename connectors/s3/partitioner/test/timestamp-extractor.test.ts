import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  array,
  BoxedInteger,
  dateSchema,
  Decimal,
  Float32,
  Float64,
  FLOAT64,
  INT32,
  INT64,
  isConnectError,
  map,
  OPTIONAL_INT64,
  STRING,
  struct,
  timestampSchema,
  type Schema,
} from '../../../../api/index.ts'
import { recordExtractor, recordFieldExtractor, wallclockExtractor } from '../index.ts'
import { recordOf, recordWith } from './records.ts'

const NOW = 1_700_000_000_000
const time = Date.UTC(2015, 3, 2, 8)

const extract = (schema: Schema | null, value: unknown, field = 't'): number | bigint | null =>
  recordFieldExtractor({ field, defaultZone: 'UTC' }).extract(recordOf(schema, value), NOW)
const inStruct = (schema: Schema, value: unknown): number | bigint | null =>
  extract(struct({ t: schema }), { t: value })
const inMap = (value: unknown): number | bigint | null => extract(null, { t: value })

test('the wall clock is the time of the batch, and a record may have no timestamp', () => {
  const record = recordWith({ timestamp: 5 })
  assert.equal(wallclockExtractor.extract(record, NOW), NOW)
  assert.equal(recordExtractor.extract(record, NOW), 5)
  assert.equal(recordExtractor.extract(recordWith({ timestamp: null }), NOW), null)
})

test('a field of a struct is a Timestamp, milliseconds or a text', () => {
  assert.equal(inStruct(timestampSchema(), new Date(time)), time)
  assert.equal(inStruct(INT32, 12), 12)
  assert.equal(inStruct(INT64, -(2n ** 63n)), -(2n ** 63n))
  assert.equal(inStruct(STRING, String(time)), time)
  assert.equal(inStruct(STRING, '2015-04-02T01:00:00.000-07:00'), time)
  assert.equal(inStruct(STRING, '9223372036854775807'), 2n ** 63n - 1n)
  assert.equal(inStruct(STRING, '-1'), -1)
})

test('a field of a map may be any number, without its fraction', () => {
  const values = [7, 7.9, -7.9, new Float64(7), new Float32(7.5), new BoxedInteger('int8', 7), Number.NaN]
  assert.deepEqual(values.map(inMap), [7, 7, -7, 7, 7, 7, 0])
  assert.deepEqual([Decimal.parse('7.99'), Decimal.parse('-7E3')].map(inMap), [7, -7000])
  assert.equal(inMap(1e300), 2n ** 63n - 1n)
  assert.equal(inMap(new Date(time)), time)
  assert.equal(inMap('2015-04-02T08:00:00Z'), time)
})

test('fields are found through structs and maps, with or without schemas', () => {
  const inner = struct({ t: INT64 })
  assert.equal(extract(map(STRING, inner), new Map([['h', { t: time }]]), 'h.t'), time)
  assert.equal(extract(null, { h: { t: time } }, 'h.t'), time)
  assert.equal(extract(struct({ h: inner }), { h: { t: time } }, 'h.t'), time)
})

test('a field that is missing, null or inherited does not exist', () => {
  const cases: readonly (readonly [Schema | null, unknown, string])[] = [
    [struct({ a: INT64 }), { a: 1 }, 't'],
    [struct({ t: OPTIONAL_INT64 }), { t: null }, 't'],
    [null, {}, 'toString'],
    [null, { t: null }, 't'],
    [null, { t: 5 }, 't.u'],
  ]
  for (const [schema, value, field] of cases) {
    assert.throws(
      () => extract(schema, value, field),
      (error) =>
        isConnectError(error) &&
        error.code === 'HR_DATA_INVALID' &&
        error.message === `The field '${field}' does not exist.`,
    )
  }
  assert.throws(() => extract(null, {}, ' '), /The field to extract cannot be null or empty/)
})

test('other types and other values are PartitionExceptions', () => {
  const refused: readonly (readonly [() => unknown, RegExp])[] = [
    [() => inStruct(FLOAT64, 1), /^Error extracting timestamp from record field: t\. Found float64/],
    [() => inStruct(dateSchema(), new Date(0)), /Found org\.apache\.kafka\.connect\.data\.Date/],
    [() => inStruct(array(INT64), [1]), /Found array/],
    [() => inMap([1]), /Found an array/],
    [() => inMap(true), /Found a boolean/],
    [
      () => extract(STRING, 'secret'),
      /^Error encoding partition\. The value of offset 42 of orders-3 is a string/,
    ],
    [() => extract(null, null), /is null/],
  ]
  for (const [run, message] of refused) {
    assert.throws(run, (error) => {
      assert.ok(isConnectError(error))
      assert.equal(error.javaClass, 'io.confluent.connect.storage.errors.PartitionException')
      assert.match(error.message, message)
      return !error.message.includes('secret')
    })
  }
})

test('a text that is not a time is refused each time', () => {
  const extractor = recordFieldExtractor({ field: 't', defaultZone: 'UTC' })
  const schema = struct({ t: STRING })
  for (const text of ['def', 'def', '12345678901234567890']) {
    assert.throws(() => extractor.extract(recordOf(schema, { t: text }), 0), /^ConnectError: Invalid format/)
  }
  assert.equal(extractor.extract(recordOf(schema, { t: '7' }), 0), 7)
})

test('a text without an offset is a time in the zone of the process, or in UTC if that is unknown', () => {
  const record = recordOf(struct({ t: STRING }), { t: '2024-07-01T12:00:00' })
  const timeIn = (zone: string): unknown => {
    const before = process.env['TZ']
    process.env['TZ'] = zone
    try {
      return recordFieldExtractor({ field: 't' }).extract(record, 0)
    } finally {
      if (before === undefined) delete process.env['TZ']
      else process.env['TZ'] = before
    }
  }
  assert.equal(timeIn('America/New_York'), Date.UTC(2024, 6, 1, 16))
  for (const zone of ['Foo/Bar', ':x', '']) assert.equal(timeIn(zone), Date.UTC(2024, 6, 1, 12), zone)
})
