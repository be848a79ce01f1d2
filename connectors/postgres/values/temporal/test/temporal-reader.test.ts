import { strict as assert } from 'node:assert'
import { test } from 'node:test'

import type { PgType, RowOrigin } from '../../../ports.ts'
import type { BaseReader } from '../../base-reader.ts'
import type { TimePrecisionMode } from '../../settings.ts'
import { temporalReader } from '../temporal-reader.ts'

const oids = {
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  timetz: 1266,
  text: 25,
}

interface Options {
  readonly typmod?: number
  readonly mode?: TimePrecisionMode
  readonly interval?: 'numeric' | 'string'
  readonly origin?: RowOrigin
  readonly isElement?: boolean
}

function optionalReader(name: keyof typeof oids, options: Options = {}): BaseReader | undefined {
  const type: PgType = { oid: oids[name], name, schema: 'pg_catalog', kind: 'base' }
  const settings = {
    timePrecisionMode: options.mode ?? 'adaptive',
    intervalMode: options.interval ?? 'numeric',
  } as const
  return temporalReader(type, options.typmod ?? -1, settings, options.origin ?? 'stream', options.isElement)
}

function reader(name: keyof typeof oids, options: Options = {}): BaseReader {
  const found = optionalReader(name, options)
  assert.ok(found !== undefined)
  return found
}

/** Reads a text that is in the middle of a buffer. */
function read({ read: readAt }: BaseReader, text: string): unknown {
  const bytes = Buffer.from(`9-${text}:0`)
  return readAt(bytes, 2, bytes.length - 2)
}

type Case = readonly [keyof typeof oids, number, string, unknown]

function assertReads(options: Options, cases: readonly Case[]): void {
  for (const [name, typmod, text, expected] of cases) {
    assert.deepEqual(read(reader(name, { ...options, typmod }), text), expected, `${name}(${typmod}) ${text}`)
  }
}

const zoned: readonly Case[] = [
  ['timestamptz', 0, '2016-11-04 11:51:30+00', '2016-11-04T11:51:30Z'],
  ['timestamptz', 3, '2016-11-04 11:51:30.123+00', '2016-11-04T11:51:30.123Z'],
  ['timestamptz', -1, '2016-11-04 11:51:30.123456+00', '2016-11-04T11:51:30.123456Z'],
  ['timestamptz', 3, '1582-10-10 00:00:00+00', '1582-10-10T00:00:00.000Z'],
  ['timestamptz', -1, '0001-01-01 00:00:00+00', '0001-01-01T00:00:00.000000Z'],
  ['timestamptz', 3, '2024-02-29 12:00:00.1+00', '2024-02-29T12:00:00.100Z'],
  ['timestamptz', -1, '0044-03-15 01:02:03+00 BC', '-0043-03-15T01:02:03.000000Z'],
  ['timestamptz', -1, '12345-01-01 00:00:00+00', '+12345-01-01T00:00:00.000000Z'],
  ['timestamptz', -1, 'infinity', 'infinity'],
  ['timestamptz', -1, '-infinity', '-infinity'],
  ['timestamptz', -1, '2020-01-01 05:30:00.5+05:30', '2020-01-01T00:00:00.500000Z'],
  ['timestamptz', 0, '1799-12-31 19:03:58-04:56:02', '1800-01-01T00:00:00Z'],
  ['timestamptz', 0, '2020-03-01 00:30:00+01', '2020-02-29T23:30:00Z'],
  ['timestamptz', 2, '2020-03-01 00:30:00-01', '2020-03-01T01:30:00.00Z'],
  ['timetz', -1, '13:51:30.123789+02', '11:51:30.123789Z'],
  ['timetz', 2, '13:51:30.13-05:30', '19:21:30.13Z'],
  ['timetz', 2, '23:59:59.99+14', '09:59:59.99Z'],
  ['timetz', 2, '12:00:00+13:45', '22:15:00Z'],
  ['timetz', -1, '01:02:03+02', '23:02:03Z'],
  ['timetz', -1, '24:00:00+00', '00:00:00Z'],
  ['timetz', -1, '24:00:00-01', '01:00:00Z'],
  ['timetz', 2, '00:00:00.1+00', '00:00:00.1Z'],
  ['timetz', 0, '12:00:00+00:00:01', '11:59:59Z'],
]

const modes: readonly TimePrecisionMode[] = [
  'adaptive',
  'adaptive_time_microseconds',
  'connect',
  'isostring',
  'microseconds',
  'nanoseconds',
]

for (const mode of modes) {
  test(`zoned types are text in UTC: ${mode}`, () => assertReads({ mode }, zoned))
}

test('adaptive: the precision decides between milliseconds and microseconds', () => {
  assertReads({}, [
    ['date', -1, '2016-11-04', 17_109],
    ['date', -1, '1969-12-31', -1],
    ['date', -1, '0001-01-01', -719_162],
    ['date', -1, '9999-12-31', 2_932_896],
    ['date', -1, '12345-01-01', 3_789_391],
    ['time', 0, '13:51:30', 49_890_000],
    ['time', 3, '13:51:30.123', 49_890_123],
    ['time', -1, '13:51:30.123456', 49_890_123_456],
    ['time', 3, '24:00:00', 86_400_000],
    ['time', -1, '24:00:00', 86_400_000_000],
    ['timestamp', 0, '2016-11-04 13:51:30', 1_478_267_490_000],
    ['timestamp', 1, '2016-11-04 13:51:30.1', 1_478_267_490_100],
    ['timestamp', 3, '1969-12-31 23:59:59.999', -1],
    ['timestamp', 4, '2016-11-04 13:51:30.1234', 1_478_267_490_123_400],
    ['timestamp', -1, '1969-12-31 23:59:59.999999', -1],
    ['timestamp', 3, '1500-02-28 01:02:03.456', -14_826_754_676_544],
    ['timestamp', -1, '1582-10-10 00:00:00', -12_219_724_800_000_000n],
    ['timestamp', -1, '9999-12-31 23:59:59.999999', 253_402_300_799_999_999n],
    ['timestamp', 3, '0044-03-15 01:02:03 BC', -63_517_820_277_000],
    ['timestamp', -1, '0044-03-15 01:02:03 BC', -63_517_820_277_000_000n],
    ['timestamp', 3, '12345-01-01 00:00:00', 327_403_382_400_000],
    ['timestamp', 3, '294276-12-31 23:59:59.999', 9_224_318_015_999_999n],
    ['timestamp', -1, '294276-12-31 23:59:59.999999', -9_223_372_036_853_775_810n],
    ['timestamp', 3, 'infinity', 9_223_372_036_825_200n],
    ['timestamp', -1, 'infinity', 9_223_372_036_825_200_000n],
    ['timestamp', 3, '-infinity', -9_223_372_036_832_400n],
    ['timestamp', -1, '-infinity', -9_223_372_036_832_400_000n],
  ])
})

test('infinite dates, and dates BC, differ between streams and snapshots', () => {
  const texts = ['infinity', '-infinity', '0044-03-15 BC']
  const readAll = (options: Options) => texts.map((text) => read(reader('date', options), text))
  assert.deepEqual(readAll({ origin: 'stream' }), [-2_147_472_692, -2_147_472_691, -735_160])
  assert.deepEqual(readAll({ origin: 'snapshot' }), [-622_191_234, -625_821_272, -703_383])
  assert.deepEqual(readAll({ isElement: true }), [-622_191_234, -625_821_272, -703_383])
  assert.deepEqual(readAll({ mode: 'isostring' }), ['-5877611-06-21Z', '-5877611-06-22Z', '-0043-03-15Z'])
  const snapshot = ['+292278994-08-16Z', '+292269055-12-02Z', '0044-03-15Z']
  assert.deepEqual(readAll({ mode: 'isostring', origin: 'snapshot' }), snapshot)
  assert.deepEqual(readAll({ mode: 'isostring', isElement: true }), snapshot)
})

test('isostring: fractions have no trailing zeros, and 24:00 is 00:00', () => {
  assertReads({ mode: 'isostring' }, [
    ['date', -1, '2016-11-04', '2016-11-04Z'],
    ['date', -1, '12345-01-01', '+12345-01-01Z'],
    ['time', -1, '13:51:30.123456', '13:51:30.123456Z'],
    ['time', 3, '24:00:00', '00:00:00Z'],
    ['timestamp', 0, '2016-11-04 13:51:30', '2016-11-04T13:51:30Z'],
    ['timestamp', 4, '2016-11-04 13:51:30.1234', '2016-11-04T13:51:30.1234Z'],
    ['timestamp', -1, '0044-03-15 01:02:03.5 BC', '-0043-03-15T01:02:03.5Z'],
    ['timestamp', -1, 'infinity', '+294247-01-10T04:00:25.2Z'],
    ['timestamp', -1, '-infinity', '-290308-12-21T19:59:27.6Z'],
  ])
})

test('microseconds and adaptive_time_microseconds: times are microseconds at any precision', () => {
  assertReads({ mode: 'adaptive_time_microseconds' }, [
    ['time', 0, '13:51:30', 49_890_000_000],
    ['timestamp', 3, '1970-01-01 00:00:01.5', 1500],
  ])
  assertReads({ mode: 'microseconds' }, [
    ['time', 0, '13:51:30', 49_890_000_000],
    ['timestamp', 0, '1970-01-01 00:00:01', 1_000_000],
    ['date', -1, '1970-01-02', 1],
  ])
})

test('nanoseconds: timestamps outside of the range of 64 bits are refused, infinity is their limit', () => {
  assertReads({ mode: 'nanoseconds' }, [
    ['time', -1, '13:51:30.123456', 49_890_123_456_000],
    ['timestamp', -1, '1969-12-31 23:59:59.999999', -1000],
    ['timestamp', 0, '2200-01-01 00:00:00', 7_258_118_400_000_000_000n],
    ['timestamp', -1, '1970-01-01 00:00:00', 0],
    ['timestamp', 3, 'infinity', 9_223_372_036_854_775_807n],
    ['timestamp', -1, '-infinity', -9_223_372_036_854_775_808n],
  ])
  const nanoseconds = reader('timestamp', { mode: 'nanoseconds' })
  assert.throws(() => read(nanoseconds, '2262-04-12 00:00:00'), /2262-04-12T00:00:00Z is outside the range/)
  assert.throws(() => read(nanoseconds, '1677-09-20 00:00:00'), { code: 'HR_DATA_INVALID' })
})

test('connect: values are Dates, cut to milliseconds', () => {
  const ms = (name: keyof typeof oids, text: string, origin: RowOrigin = 'stream') => {
    const value = read(reader(name, { mode: 'connect', origin }), text)
    assert.ok(value instanceof Date)
    return value.getTime()
  }
  assert.equal(ms('date', '9999-12-31'), 2_932_896 * 86_400_000)
  assert.equal(ms('time', '13:51:30.123456'), 49_890_123)
  assert.equal(ms('time', '24:00:00'), 86_400_000)
  assert.equal(ms('timestamp', '1969-12-31 23:59:59.999999'), -1)
  assert.equal(ms('timestamp', '9999-12-31 23:59:59.999999'), 253_402_300_799_999)
  assert.equal(ms('timestamp', 'infinity'), 9_223_372_036_825_200)
  assert.equal(ms('timestamp', '-infinity'), -9_223_372_036_832_400)
  assert.equal(ms('date', 'infinity') / 86_400_000, -2_147_472_692)
  assert.equal(ms('date', '-infinity', 'snapshot') / 86_400_000, -625_821_272)
})

test('elements of time arrays have milliseconds in any unit', () => {
  const element = (mode: TimePrecisionMode) => reader('time', { mode, isElement: true })
  assert.equal(read(element('adaptive'), '01:02:03.456789'), 3_723_456_000)
  assert.equal(read(element('isostring'), '01:02:03.456789'), '01:02:03.456Z')
})

test('schemas have the names and types of each mode', () => {
  const schemaOf = (name: keyof typeof oids, mode: TimePrecisionMode, typmod: number) => {
    const { schema } = reader(name, { mode, typmod })
    assert.equal(schema.version, 1)
    return `${schema.type} ${schema.name?.replace(/^.*\./, '')}`
  }
  const table = modes.map((mode) => [
    schemaOf('date', mode, -1),
    schemaOf('time', mode, 3),
    schemaOf('time', mode, -1),
    schemaOf('timestamp', mode, 3),
    schemaOf('timestamp', mode, -1),
  ])
  assert.deepEqual(table, [
    ['int32 Date', 'int32 Time', 'int64 MicroTime', 'int64 Timestamp', 'int64 MicroTimestamp'],
    ['int32 Date', 'int64 MicroTime', 'int64 MicroTime', 'int64 Timestamp', 'int64 MicroTimestamp'],
    ['int32 Date', 'int32 Time', 'int32 Time', 'int64 Timestamp', 'int64 Timestamp'],
    ['string IsoDate', 'string IsoTime', 'string IsoTime', 'string IsoTimestamp', 'string IsoTimestamp'],
    ['int32 Date', 'int64 MicroTime', 'int64 MicroTime', 'int64 MicroTimestamp', 'int64 MicroTimestamp'],
    ['int32 Date', 'int64 NanoTime', 'int64 NanoTime', 'int64 NanoTimestamp', 'int64 NanoTimestamp'],
  ])
  assert.equal(reader('date', { mode: 'connect' }).schema.name, 'org.apache.kafka.connect.data.Date')
  assert.equal(reader('timestamptz').schema.name, 'io.debezium.time.ZonedTimestamp')
  assert.equal(reader('timetz').schema.name, 'io.debezium.time.ZonedTime')
  assert.equal(reader('interval').schema.name, 'io.debezium.time.MicroDuration')
  assert.equal(reader('interval', { interval: 'string' }).schema.name, 'io.debezium.time.Interval')
})

test('literals of defaults become values', () => {
  const parse = (name: keyof typeof oids, text: string, options: Options = {}) =>
    reader(name, options).parseDefault?.(text)
  assert.equal(parse('date', '2020-02-03'), 18_295)
  assert.equal(parse('date', '2020-02-03', { mode: 'isostring' }), '2020-02-03Z')
  assert.equal(parse('time', '01:02:03'), 3_723_000_000)
  assert.equal(parse('timestamp', '2020-02-03 04:05:06.789', { typmod: 3 }), 1_580_702_706_789)
  assert.equal(parse('timestamp', '2020-02-03'), 1_580_688_000_000_000)
  assert.equal(parse('timestamptz', '2020-02-03 04:05:06.789+02'), '2020-02-03T02:05:06.789000Z')
  assert.equal(parse('interval', '1 day'), 86_400_000_000)
  assert.equal(parse('interval', '1 day', { interval: 'string' }), 'P0Y0M1DT0H0M0S')
  for (const name of ['date', 'time', 'timestamp', 'timestamptz', 'interval'] as const) {
    assert.equal(parse(name, 'tomorrow'), undefined, name)
    assert.equal(parse(name, ''), undefined, name)
  }
  assert.equal(reader('timetz').parseDefault, undefined)
})

test('infinite defaults are the limits of Java, or no default', () => {
  const both = (name: keyof typeof oids, options: Options = {}) =>
    ['infinity', '-infinity'].map((text) => reader(name, options).parseDefault?.(text))
  assert.deepEqual(both('date'), [169_560_311, -170_999_002])
  assert.deepEqual(both('date', { mode: 'isostring' }), ['+999999999-12-31Z', '-999999999-01-01Z'])
  assert.deepEqual(both('timestamp'), [-9_223_372_036_853_775_810n, -9_223_372_036_854_775_808n])
  assert.deepEqual(both('timestamp', { mode: 'isostring' }), [
    '+999999999-12-31T23:59:59.999999999Z',
    '-999999999-01-01T00:00:00Z',
  ])
  for (const mode of ['connect', 'nanoseconds'] as const) {
    assert.deepEqual(both('timestamp', { mode }), [undefined, undefined], mode)
  }
  assert.deepEqual(both('timestamp', { typmod: 3 }), [undefined, undefined])
  assert.deepEqual(both('timestamptz'), [undefined, undefined])
})

test('the default 24:00 is the last time of the day', () => {
  const last = (mode: TimePrecisionMode, typmod: number) =>
    reader('time', { mode, typmod }).parseDefault?.('24:00:00')
  assert.equal(last('adaptive', 0), 86_399_999)
  assert.equal(last('adaptive', 6), 86_399_999_999)
  assert.equal(last('nanoseconds', 6), 86_399_999_999_999)
  assert.equal(last('isostring', 6), '23:59:59.999999999Z')
  assert.deepEqual(last('connect', 6), new Date(86_399_999))
})

test('a default that is a function, and a NULL of a required column, become the epoch', () => {
  const zeros = (name: keyof typeof oids, options: Options = {}) => {
    const { zero, generatedDefault, parseDefault } = reader(name, options)
    return [zero, generatedDefault === undefined ? undefined : parseDefault?.(generatedDefault)]
  }
  assert.deepEqual(zeros('date'), [0, 0])
  assert.deepEqual(zeros('time'), [0, 0])
  assert.deepEqual(zeros('timestamp'), [0, 0])
  assert.deepEqual(zeros('timestamp', { mode: 'isostring' }), [
    '1970-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
  ])
  assert.deepEqual(zeros('timestamp', { mode: 'connect' }), [new Date(0), new Date(0)])
  assert.deepEqual(zeros('timestamptz'), ['1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000000Z'])
  assert.deepEqual(zeros('timetz'), ['00:00:00Z', undefined])
  assert.deepEqual(zeros('interval'), [0, 0])
  assert.deepEqual(zeros('interval', { interval: 'string' }), ['P0Y0M0DT0H0M0S', 'P0Y0M0DT0H0M0S'])
})

test('texts in other styles are refused with a hint', () => {
  const hint = { code: 'HR_DATA_INVALID', message: /^PostgreSQL sent '.*DateStyle and IntervalStyle/ }
  assert.throws(() => read(reader('date'), '15.03.2020'), hint)
  assert.throws(() => read(reader('timestamp'), '03/15/2020 01:02:03'), hint)
  assert.throws(() => read(reader('time'), '1:02'), hint)
  assert.throws(() => read(reader('interval'), 'P1Y'), hint)
})

test('other types, and elements of interval arrays, have no reader', () => {
  assert.equal(optionalReader('text'), undefined)
  assert.equal(optionalReader('interval', { isElement: true }), undefined)
})
