import { logicalNames, MS_PER_DAY, type SchemaInit } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'
import type { TimePrecisionMode } from '../settings.ts'
import { dateText } from './calendar.ts'
import { farDateFromMs } from './far-date.ts'
import { infinityOf, isDate, parseTimestamp, plainDay, unexpected } from './scan.ts'

/** Days that stand for infinity and -infinity, as Java's classes give them. */
interface InfiniteDays {
  readonly positive: number
  readonly negative: number
}

/** java.time.LocalDate, for streams. */
const STREAM_DAYS: InfiniteDays = { positive: -2_147_472_692, negative: -2_147_472_691 }
/** java.sql.Date, for snapshots and elements of arrays. Its years overflow. */
const SNAPSHOT_DAYS: InfiniteDays = { positive: -622_191_234, negative: -625_821_272 }

/**
 * Reads `date`. With `asJavaDate`, as Debezium does through java.sql.Date: without the era, and with other days for
 * infinity. Source: PostgresValueConverter, JdbcValueConverters.convertDate.
 */
export function dateReader(mode: TimePrecisionMode, asJavaDate: boolean): BaseReader {
  const infinite = asJavaDate ? SNAPSHOT_DAYS : STREAM_DAYS
  const slow = (text: string): number => {
    const day = dayOfText(asJavaDate ? text.replace(/ BC$/, '') : text, infinite)
    if (day === undefined) throw unexpected(text, 'a date such as 2020-01-31')
    return day
  }
  const dayAt = (bytes: Buffer, start: number, end: number): number =>
    plainDay(bytes, start, end) ?? slow(bytes.toString('latin1', start, end))
  const value = valueOfDay(mode)
  const read =
    mode === 'isostring'
      ? (bytes: Buffer, start: number, end: number) =>
          end - start === 10 && isDate(bytes, start)
            ? `${bytes.toString('latin1', start, end)}Z`
            : value(dayAt(bytes, start, end))
      : mode === 'connect'
        ? (bytes: Buffer, start: number, end: number) => value(dayAt(bytes, start, end))
        : dayAt
  return {
    schema: schemaOf(mode),
    read,
    unavailable: null,
    zero: value(0),
    generatedDefault: '1970-01-01',
    parseDefault: (text) => {
      const day = dayOfText(text, STREAM_DAYS)
      return day === undefined ? undefined : value(day)
    },
  }
}

function schemaOf(mode: TimePrecisionMode): SchemaInit {
  if (mode === 'connect') return { type: 'int32', name: logicalNames.date, version: 1 }
  if (mode === 'isostring') return { type: 'string', name: 'io.debezium.time.IsoDate', version: 1 }
  return { type: 'int32', name: 'io.debezium.time.Date', version: 1 }
}

function valueOfDay(mode: TimePrecisionMode): (day: number) => unknown {
  if (mode === 'connect') return (day) => farDateFromMs(day * MS_PER_DAY)
  if (mode === 'isostring') return (day) => `${dateText(day)}Z`
  return (day) => day
}

/** The day in a text, which may be a timestamp, or undefined if it contains none. */
function dayOfText(text: string, infinite: InfiniteDays): number | undefined {
  const sign = infinityOf(text)
  if (sign === 0) return parseTimestamp(text)?.days
  return sign > 0 ? infinite.positive : infinite.negative
}
