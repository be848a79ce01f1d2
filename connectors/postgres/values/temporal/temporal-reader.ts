import type { PgType, RowOrigin } from '../../ports.ts'
import type { BaseReader } from '../base-reader.ts'
import type { ValueSettings } from '../settings.ts'
import { dateReader } from './date-reader.ts'
import { intervalReader } from './interval-reader.ts'
import { timeReader, zonedTimeReader } from './time-reader.ts'
import { timestampReader } from './timestamp-reader.ts'
import { zonedTimestampReader } from './zoned-timestamp-reader.ts'

/** Digits of the fraction of a time or timestamp without a modifier. */
const MAX_PRECISION = 6

const oids = {
  date: 1082,
  time: 1083,
  timestamp: 1114,
  timestamptz: 1184,
  interval: 1186,
  timetz: 1266,
} as const

/**
 * Returns the reader of a type for dates, times and intervals, or undefined for any other type. `typmod` is that of the
 * column; for `isElement`, the reader is for elements of an array, which Debezium reads through java.sql.Date and
 * java.sql.Time. Arrays of intervals have no reader.
 *
 * All sessions, also those in replication mode, must set `DateStyle` to ISO and `IntervalStyle` to postgres. `TimeZone`
 * should be UTC, whose texts are read fastest; any other gives the same values.
 *
 * Source: PostgresValueConverter, TemporalPrecisionMode. Differs: infinity is read in intervals and arrays; elements
 * of arrays keep the fraction of timetz, and timestamps before 1582 their day.
 */
export function temporalReader(
  type: PgType,
  typmod: number,
  settings: Pick<ValueSettings, 'timePrecisionMode' | 'intervalMode'>,
  origin: RowOrigin,
  isElement = false,
): BaseReader | undefined {
  const mode = settings.timePrecisionMode
  const precision = typmod < 0 ? MAX_PRECISION : typmod
  switch (type.oid) {
    case oids.date:
      return dateReader(mode, origin === 'snapshot' || isElement)
    case oids.time:
      return timeReader(mode, precision, isElement)
    case oids.timetz:
      return zonedTimeReader
    case oids.timestamp:
      return timestampReader(mode, precision)
    case oids.timestamptz:
      return zonedTimestampReader(precision)
    case oids.interval:
      return isElement ? undefined : intervalReader(settings.intervalMode)
    default:
      return undefined
  }
}
