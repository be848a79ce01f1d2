import { logicalNames, MS_PER_DAY, type SchemaInit } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'
import type { TimePrecisionMode } from '../settings.ts'
import { dateText } from './calendar.ts'
import { farDateFromMs } from './far-date.ts'
import { infinityOf, isDate, parseTimestamp, plainDay, unexpected } from './scan.ts'

/** What stands for infinity and -infinity: the days as Java's classes give them, which overflow, and as text. */
interface InfiniteDates {
  readonly days: readonly [positive: number, negative: number]
  readonly texts: readonly [positive: string, negative: string]
}

/** The driver's LocalDate, for streams. */
const STREAM_DATES: InfiniteDates = {
  days: [-2_147_472_692, -2_147_472_691],
  texts: ['-5877611-06-21Z', '-5877611-06-22Z'],
}
/** java.sql.Date, for snapshots and elements of arrays. */
const SNAPSHOT_DATES: InfiniteDates = {
  days: [-622_191_234, -625_821_272],
  texts: ['+292278994-08-16Z', '+292269055-12-02Z'],
}
/** The last and the first LocalDate, for defaults. */
const DEFAULT_DATES: InfiniteDates = {
  days: [169_560_311, -170_999_002],
  texts: ['+999999999-12-31Z', '-999999999-01-01Z'],
}

/**
 * Reads `date`. With `asJavaDate`, as Debezium does through java.sql.Date: without the era, and with other days for
 * infinity. Source: PostgresValueConverter, JdbcValueConverters.convertDate.
 */
export function dateReader(mode: TimePrecisionMode, asJavaDate: boolean): BaseReader {
  const infinite = asJavaDate ? SNAPSHOT_DATES : STREAM_DATES
  const slow = (bytes: Buffer, start: number, end: number): unknown => {
    const text = bytes.toString('latin1', start, end)
    const value = valueOfText(mode, asJavaDate ? text.replace(/ BC$/, '') : text, infinite)
    if (value === undefined) throw unexpected(text, 'a date such as 2020-01-31')
    return value
  }
  return {
    schema: schemaOf(mode),
    read: (bytes, start, end) => fastValue(mode, bytes, start, end) ?? slow(bytes, start, end),
    unavailable: null,
    zero: valueOfDay(mode, 0),
    generatedDefault: '1970-01-01',
    parseDefault: (text) => valueOfText(mode, text, DEFAULT_DATES),
  }
}

function schemaOf(mode: TimePrecisionMode): SchemaInit {
  if (mode === 'connect') return { type: 'int32', name: logicalNames.date, version: 1 }
  if (mode === 'isostring') return { type: 'string', name: 'io.debezium.time.IsoDate', version: 1 }
  return { type: 'int32', name: 'io.debezium.time.Date', version: 1 }
}

function valueOfDay(mode: TimePrecisionMode, day: number): unknown {
  if (mode === 'connect') return farDateFromMs(day * MS_PER_DAY)
  return mode === 'isostring' ? `${dateText(day)}Z` : day
}

/** The value of a date of four-digit year; undefined for any other text. */
function fastValue(mode: TimePrecisionMode, bytes: Buffer, start: number, end: number): unknown {
  if (mode === 'isostring') {
    const isPlain = end - start === 10 && isDate(bytes, start)
    return isPlain ? `${bytes.toString('latin1', start, end)}Z` : undefined
  }
  const day = plainDay(bytes, start, end)
  return day === undefined || mode !== 'connect' ? day : farDateFromMs(day * MS_PER_DAY)
}

/** The value of the day in a text, which may be a timestamp, or undefined if it contains none. */
function valueOfText(mode: TimePrecisionMode, text: string, { days, texts }: InfiniteDates): unknown {
  const sign = infinityOf(text)
  const which = sign > 0 ? 0 : 1
  if (sign !== 0) return mode === 'isostring' ? texts[which] : valueOfDay(mode, days[which])
  const day = parseTimestamp(text)?.days
  return day === undefined ? undefined : valueOfDay(mode, day)
}
