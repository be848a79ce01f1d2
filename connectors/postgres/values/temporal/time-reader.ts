import { logicalNames, timeFromMs, type SchemaInit } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'
import type { TimePrecisionMode } from '../settings.ts'
import { timeText } from './calendar.ts'
import { endOfPlainTime, MICROS_PER_DAY, parseTime, scanTime } from './scan.ts'

/** How a time of day in microseconds, from 0 to one day, becomes a value. */
interface TimeForm {
  readonly schema: SchemaInit
  readonly value: (micros: number) => unknown
  /** The default 24:00, which is the last time of Java: 23:59:59.999999999. */
  readonly lastOfDay: unknown
}

const millisForm: TimeForm = {
  schema: { type: 'int32', name: 'io.debezium.time.Time', version: 1 },
  value: (micros) => Math.floor(micros / 1000),
  lastOfDay: 86_399_999,
}
const microsForm: TimeForm = {
  schema: { type: 'int64', name: 'io.debezium.time.MicroTime', version: 1 },
  value: (micros) => micros,
  lastOfDay: 86_399_999_999,
}
const nanosForm: TimeForm = {
  schema: { type: 'int64', name: 'io.debezium.time.NanoTime', version: 1 },
  value: (micros) => micros * 1000,
  lastOfDay: 86_399_999_999_999,
}
const connectForm: TimeForm = {
  schema: { type: 'int32', name: logicalNames.time, version: 1 },
  value: (micros) => timeFromMs(Math.floor(micros / 1000)),
  lastOfDay: timeFromMs(86_399_999),
}
/** 24:00 is the start of the day in this form. */
const isoForm: TimeForm = {
  schema: { type: 'string', name: 'io.debezium.time.IsoTime', version: 1 },
  value: (micros) => `${timeText(micros % MICROS_PER_DAY)}Z`,
  lastOfDay: '23:59:59.999999999Z',
}

function formOf(mode: TimePrecisionMode, precision: number): TimeForm {
  switch (mode) {
    case 'adaptive':
      return precision <= 3 ? millisForm : microsForm
    case 'adaptive_time_microseconds':
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
 * Reads `time(precision)`. With `toMillis`, cuts the rest of the microseconds: elements of arrays have passed through
 * java.sql.Time in Debezium. Source: JdbcValueConverters.convertTime.
 */
export function timeReader(mode: TimePrecisionMode, precision: number, toMillis: boolean): BaseReader {
  const { schema, value, lastOfDay } = formOf(mode, precision)
  const read = toMillis
    ? (bytes: Buffer, start: number, end: number) => {
        const micros = scanTime(bytes, start, end)
        return value(micros - (micros % 1000))
      }
    : (bytes: Buffer, start: number, end: number) => value(scanTime(bytes, start, end))
  return {
    schema,
    read,
    unavailable: null,
    zero: value(0),
    generatedDefault: '00:00:00',
    parseDefault: (text) => {
      const micros = parseTime(text)
      return micros === undefined ? undefined : micros === MICROS_PER_DAY ? lastOfDay : value(micros)
    },
  }
}

/**
 * Reads `timetz` as text in UTC, without trailing zeros of the fraction and with 24:00 as 00:00. Has no defaults in
 * schemas. Source: PostgresValueConverter.convertTimeWithZone, ZonedTime.
 */
export const zonedTimeReader: BaseReader = {
  schema: { type: 'string', name: 'io.debezium.time.ZonedTime', version: 1 },
  read(bytes, start, end) {
    const timeEnd = endOfPlainTime(bytes, start, end)
    const isDuringDay = timeEnd > 0 && (bytes[start] !== 0x32 || bytes[start + 1] !== 0x34)
    if (isDuringDay) return `${bytes.toString('latin1', start, timeEnd)}Z`
    const micros = scanTime(bytes, start, end) % MICROS_PER_DAY
    return `${timeText(micros < 0 ? micros + MICROS_PER_DAY : micros)}Z`
  },
  unavailable: null,
  zero: '00:00:00Z',
}
