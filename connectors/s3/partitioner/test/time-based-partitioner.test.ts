import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError } from '../../../../api/index.ts'
import {
  dailyPartitioner,
  hourlyPartitioner,
  recordExtractor,
  timeBasedPartitioner,
  wallclockExtractor,
  type TimeBasedPartitionerOptions,
} from '../index.ts'
import { recordWith } from './records.ts'

const HOUR = 3_600_000
const options: TimeBasedPartitionerOptions = {
  durationMs: HOUR,
  pathFormat: "'year'=YYYY/'month'=M/'day'=d/'hour'=H",
  locale: 'en_US',
  timezone: 'America/Los_Angeles',
  extractor: recordExtractor,
  delim: '/',
}

const directoryAt = (time: number, more: Partial<TimeBasedPartitionerOptions> = {}): string =>
  timeBasedPartitioner({ ...options, ...more }).directoryOf(recordWith({ timestamp: time }), 0)

test('times are rounded down to the duration, in the time zone', () => {
  const time = Date.UTC(2015, 3, 2, 8, 59)
  assert.equal(directoryAt(time), 'year=2015/month=4/day=2/hour=1')
  assert.equal(directoryAt(time, { durationMs: 2 * HOUR }), 'year=2015/month=4/day=2/hour=0')
})

test('daily and hourly partitioners have their patterns, with the delimiter', () => {
  const record = recordWith({ timestamp: Date.UTC(2015, 3, 2, 8) })
  assert.equal(dailyPartitioner(options).directoryOf(record, 0), 'year=2015/month=04/day=02')
  assert.equal(
    hourlyPartitioner({ ...options, delim: '_' }).directoryOf(record, 0),
    'year=2015_month=04_day=02_hour=01',
  )
})

test('times before 1970 are rounded up, as a division in Java truncates', () => {
  const utc = { timezone: 'UTC', pathFormat: 'yyyy-MM-dd HH' }
  assert.equal(directoryAt(-1, utc), '1970-01-01 00')
  assert.equal(directoryAt(-HOUR - 1, utc), '1969-12-31 23')
  assert.equal(directoryAt(-HOUR, utc), '1969-12-31 23')
})

test('all times of a period have the same directory, and the next one another, in any order', () => {
  const partitioner = timeBasedPartitioner({
    ...options,
    pathFormat: 'yyyy-MM-dd HH:mm:ss.SSS',
    durationMs: 7 * 60_000,
  })
  const fresh = (time: number): string =>
    timeBasedPartitioner({
      ...options,
      pathFormat: 'yyyy-MM-dd HH:mm:ss.SSS',
      durationMs: 7 * 60_000,
    }).directoryOf(recordWith({ timestamp: time }), 0)
  const changes = [Date.UTC(2024, 2, 10, 10), Date.UTC(2024, 10, 3, 9), 0]
  for (const change of changes) {
    const times = Array.from({ length: 60 }, (_, i) => change + (((i * 37) % 60) - 30) * 97_001)
    for (const time of times) {
      assert.equal(partitioner.directoryOf(recordWith({ timestamp: time }), 0), fresh(time), String(time))
    }
  }
})

test('the wall clock is that of the batch', () => {
  const partitioner = timeBasedPartitioner({ ...options, extractor: wallclockExtractor })
  assert.equal(
    partitioner.directoryOf(recordWith({ timestamp: 0 }), 15_778_800_000),
    'year=1970/month=7/day=2/hour=8',
  )
  assert.equal(partitioner.timeOf(recordWith({}), 5), 5)
})

test('times of 64 bits have directories in far years, and those that overflow are refused', () => {
  const far = (time: bigint): string =>
    timeBasedPartitioner({ ...options, extractor: { ...recordExtractor, extract: () => time } }).directoryOf(
      recordWith({}),
      0,
    )
  assert.equal(far(1_700_000_000_000_000_000n), 'year=53872825/month=6/day=17/hour=15')
  assert.equal(far(2n ** 63n - 1n), 'year=292278994/month=8/day=17/hour=0')
  assert.throws(
    () => far(-(2n ** 63n)),
    (error) => isConnectError(error) && error.javaClass === 'java.lang.ArithmeticException',
  )
})

test('a record without a time is a PartitionException that names the extractor and the record', () => {
  assert.throws(
    () => timeBasedPartitioner(options).directoryOf(recordWith({ timestamp: null }), 0),
    (error) =>
      isConnectError(error) &&
      error.javaClass === 'io.confluent.connect.storage.errors.PartitionException' &&
      /Unable to determine timestamp using timestamp\.extractor .*\$RecordTimestampExtractor for record: offset 42 of orders-3/.test(
        error.message,
      ),
  )
  assert.equal(timeBasedPartitioner(options).timeOf(recordWith({ timestamp: null }), 0), null)
})

test('a delimiter at the end of the pattern is dropped once', () => {
  assert.equal(directoryAt(0, { pathFormat: 'YYYY/' }), '1969')
  assert.equal(directoryAt(0, { pathFormat: 'YYYY//' }), '1969/')
  assert.equal(directoryAt(0, { pathFormat: 'YYYY__', delim: '__' }), '1969')
})

test('options that are missing or wrong are refused with the key, the value and the reason', () => {
  const cases: readonly (readonly [Partial<TimeBasedPartitionerOptions>, string])[] = [
    [
      { durationMs: -1 },
      'Invalid value -1 for configuration partition.duration.ms: Partition duration needs to be a positive.',
    ],
    [{ pathFormat: '' }, 'Invalid value  for configuration path.format: Path format cannot be empty.'],
    [{ pathFormat: '/' }, 'Invalid value / for configuration path.format: Path format cannot be empty.'],
    [
      { pathFormat: "year='YYYY'" },
      "Invalid value year='YYYY' for configuration path.format: Illegal pattern component: r",
    ],
    [{ locale: '' }, 'Invalid value  for configuration locale: Locale cannot be empty.'],
    [{ timezone: ' ' }, 'Invalid value   for configuration timezone: Timezone cannot be empty.'],
    [
      { timezone: 'Nowhere' },
      "Invalid value Nowhere for configuration timezone: The datetime zone id 'Nowhere' is not recognised",
    ],
  ]
  for (const [more, message] of cases) {
    assert.throws(
      () => timeBasedPartitioner({ ...options, ...more }),
      (error) =>
        isConnectError(error) &&
        error.code === 'HR_CONFIG_INVALID' &&
        error.message === message &&
        error.configKey !== undefined,
    )
  }
})
