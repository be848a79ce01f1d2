import { ConnectError, int64, logicalNames, MS_PER_DAY, type SchemaInit } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'
import type { TimePrecisionMode } from '../settings.ts'
import { dateText, timeText } from './calendar.ts'
import { farDateFromMs } from './far-date.ts'
import { isoTimestampAt } from './iso-text.ts'
import { infinityAt, infinityOf, MICROS_PER_DAY, parseTimestamp, scanTimestamp, type Moment } from './scan.ts'

/** What the PostgreSQL driver for Java sends for infinity and -infinity, in milliseconds. */
const INFINITY_MS = 9_223_372_036_825_200n
const MINUS_INFINITY_MS = -9_223_372_036_832_400n
const MAX_INT64 = 2n ** 63n - 1n
const MIN_INT64 = -(2n ** 63n)

/** How a timestamp becomes a value. */
interface TimestampForm {
  readonly schema: SchemaInit
  readonly value: (moment: Moment) => unknown
  readonly infinity: unknown
  readonly minusInfinity: unknown
  /** The last and the first LocalDateTime of Java, for infinite defaults. Absent if the schema gets no default. */
  readonly infiniteDefaults?: readonly [positive: unknown, negative: unknown]
}

const millisForm: TimestampForm = {
  schema: { type: 'int64', name: 'io.debezium.time.Timestamp', version: 1 },
  value: ({ days, micros }) => {
    const ms = days * MS_PER_DAY + Math.floor(micros / 1000)
    if (Number.isSafeInteger(ms)) return ms
    return int64(BigInt(days) * BigInt(MS_PER_DAY) + BigInt(Math.floor(micros / 1000)))
  },
  infinity: INFINITY_MS,
  minusInfinity: MINUS_INFINITY_MS,
}

const microsForm: TimestampForm = {
  schema: { type: 'int64', name: 'io.debezium.time.MicroTimestamp', version: 1 },
  value: ({ days, micros }) => {
    const total = days * MICROS_PER_DAY + micros
    return Number.isSafeInteger(total) ? total : int64(overflowingMicros(days, micros))
  },
  infinity: INFINITY_MS * 1000n,
  minusInfinity: MINUS_INFINITY_MS * 1000n,
  infiniteDefaults: [BigInt.asIntN(64, MAX_INT64 + 999_999n), MIN_INT64],
}

const nanosForm: TimestampForm = {
  schema: { type: 'int64', name: 'io.debezium.time.NanoTimestamp', version: 1 },
  value: (moment) => {
    const nanos = bigMicros(moment.days, moment.micros) * 1000n
    if (nanos > MAX_INT64 || nanos < MIN_INT64) throw outOfNanoseconds(moment)
    return int64(nanos)
  },
  infinity: MAX_INT64,
  minusInfinity: MIN_INT64,
}

const connectForm: TimestampForm = {
  schema: { type: 'int64', name: logicalNames.timestamp, version: 1 },
  value: ({ days, micros }) => farDateFromMs(days * MS_PER_DAY + Math.floor(micros / 1000)),
  infinity: farDateFromMs(Number(INFINITY_MS)),
  minusInfinity: farDateFromMs(Number(MINUS_INFINITY_MS)),
}

const isoForm: TimestampForm = {
  schema: { type: 'string', name: 'io.debezium.time.IsoTimestamp', version: 1 },
  value: isoText,
  infinity: '+294247-01-10T04:00:25.2Z',
  minusInfinity: '-290308-12-21T19:59:27.6Z',
  infiniteDefaults: ['+999999999-12-31T23:59:59.999999999Z', '-999999999-01-01T00:00:00Z'],
}

function outOfNanoseconds(moment: Moment): ConnectError {
  const expected = 'expected a timestamp between the years 1677 and 2262'
  const remedy = 'Set time.precision.mode to microseconds or isostring to capture it.'
  const message = `${isoText(moment)} is outside the range of nanoseconds in 64 bits; ${expected}. ${remedy}`
  return new ConnectError('HR_DATA_INVALID', message)
}

/** The seconds stop at the limit of 64 bits, and the fraction overflows. Source: Conversions.toEpochMicros. */
function overflowingMicros(days: number, micros: number): bigint {
  const fraction = BigInt(micros % 1_000_000)
  const seconds = bigMicros(days, micros) - fraction
  return BigInt.asIntN(64, (seconds > MAX_INT64 ? MAX_INT64 : seconds) + fraction)
}

function bigMicros(days: number, micros: number): bigint {
  return BigInt(days) * BigInt(MICROS_PER_DAY) + BigInt(micros)
}

function isoText({ days, micros }: Moment): string {
  return `${dateText(days)}T${timeText(micros)}Z`
}

function formOf(mode: TimePrecisionMode, precision: number): TimestampForm {
  switch (mode) {
    case 'adaptive':
    case 'adaptive_time_microseconds':
      return precision <= 3 ? millisForm : microsForm
    case 'microseconds':
      return microsForm
    case 'nanoseconds':
      return nanosForm
    case 'isostring':
      return isoForm
    case 'connect':
      return connectForm
  }
}

/**
 * Reads `timestamp(precision)`, as if its zone were UTC.
 *
 * Source: PostgresValueConverter.convertTimestampToLocalDateTime, JdbcValueConverters.convertTimestamp.
 */
export function timestampReader(mode: TimePrecisionMode, precision: number): BaseReader {
  const { schema, value, infinity, minusInfinity, infiniteDefaults } = formOf(mode, precision)
  const moment: Moment = { days: 0, micros: 0 }
  const slow = (bytes: Buffer, start: number, end: number): unknown => {
    const sign = infinityAt(bytes, start, end)
    if (sign !== 0) return sign > 0 ? infinity : minusInfinity
    scanTimestamp(bytes, start, end, moment)
    return value(moment)
  }
  const fast = mode === 'isostring' ? isoTimestampAt(0) : undefined
  return {
    schema,
    read: (bytes, start, end) => fast?.(bytes, start, end) ?? slow(bytes, start, end),
    unavailable: null,
    zero: value({ days: 0, micros: 0 }),
    generatedDefault: '1970-01-01',
    parseDefault: (text) => {
      const sign = infinityOf(text)
      if (sign !== 0) return infiniteDefaults?.[sign > 0 ? 0 : 1]
      const parsed = parseTimestamp(text)
      return parsed === undefined ? undefined : value(parsed)
    },
  }
}
