import type { BaseReader } from '../base-reader.ts'
import { dateText, paddedTimeText, timeText } from './calendar.ts'
import { isoTimestampAt } from './iso-text.ts'
import { infinityAt, parseTimestamp, scanTimestamp, type Moment } from './scan.ts'

/**
 * Reads `timestamptz(precision)` as text in UTC with `precision` digits of the fraction; infinity as PostgreSQL writes
 * it. Source: PostgresValueConverter.convertTimestampWithZone, ZonedTimestamp.
 */
export function zonedTimestampReader(precision: number): BaseReader {
  const fast = isoTimestampAt(precision)
  const textOf = ({ days, micros }: Moment): string =>
    `${dateText(days)}T${precision > 0 ? paddedTimeText(micros, precision) : timeText(micros)}Z`
  const moment: Moment = { days: 0, micros: 0 }
  const slow = (bytes: Buffer, start: number, end: number): string => {
    if (infinityAt(bytes, start, end) !== 0) return bytes.toString('latin1', start, end)
    scanTimestamp(bytes, start, end, moment)
    return textOf(moment)
  }
  return {
    schema: { type: 'string', name: 'io.debezium.time.ZonedTimestamp', version: 1 },
    read: (bytes, start, end) => fast(bytes, start, end) ?? slow(bytes, start, end),
    unavailable: null,
    zero: '1970-01-01T00:00:00Z',
    generatedDefault: '1970-01-01',
    parseDefault: (text) => {
      const parsed = parseTimestamp(text)
      return parsed === undefined ? undefined : textOf(parsed)
    },
  }
}
