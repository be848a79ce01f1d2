import {
  ConnectError,
  dateFromMs,
  dateSchema,
  INT64,
  int64,
  logicalNames,
  MS_PER_DAY,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  STRING,
  timeSchema,
  timestampSchema,
  type Schema,
} from '../../api/index.ts'
import { javaClassOf, type DateFormat } from '../../java/index.ts'
import { invalid, isNull } from '../structs.ts'

export const timestampTypes = ['string', 'unix', 'Date', 'Time', 'Timestamp'] as const
export type TimestampType = (typeof timestampTypes)[number]

export const unixPrecisions = ['nanoseconds', 'microseconds', 'milliseconds', 'seconds'] as const
export type UnixPrecision = (typeof unixPrecisions)[number]

/** The format of string timestamps and the unit of Unix timestamps. */
export interface TimestampFormat {
  readonly format: DateFormat | undefined
  readonly precision: UnixPrecision
}

/** Returns the schema for timestamps of a type. */
export function schemaOfTimestamp(type: TimestampType, optional: boolean): Schema {
  switch (type) {
    case 'string':
      return optional ? OPTIONAL_STRING : STRING
    case 'unix':
      return optional ? OPTIONAL_INT64 : INT64
    case 'Date':
      return dateSchema({ optional })
    case 'Time':
      return timeSchema({ optional })
    case 'Timestamp':
      return timestampSchema({ optional })
  }
}

/** Returns the timestamp type of a schema. Throws `HR_CONNECT` if the schema has none. */
export function timestampTypeOf(schema: Schema): TimestampType {
  if (schema.name === logicalNames.timestamp) return 'Timestamp'
  if (schema.name === logicalNames.date) return 'Date'
  if (schema.name === logicalNames.time) return 'Time'
  if (schema.type === 'string') return 'string'
  if (schema.type === 'int64') return 'unix'
  const message = `Schema ${String(schema)} does not correspond to a known timestamp type format`
  throw new ConnectError('HR_CONNECT', message)
}

/** Infers the type of a timestamp without a schema. Throws `HR_DATA_INVALID` for other values. */
function inferredType(value: unknown): TimestampType {
  if (value instanceof Date) return 'Timestamp'
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return 'unix'
  if (typeof value === 'string') return 'string'
  throw invalid(`TimestampConverter does not support class ${javaClassOf(value)} objects as timestamps`)
}

/** Returns a converter to the target type. Without `source`, it infers the type of each value. Null stays null. */
export function converterOf(
  target: TimestampType,
  forms: TimestampFormat,
): (value: unknown, source?: TimestampType) => unknown {
  const write = writers[target]
  return (value, source) => {
    if (isNull(value)) return null
    return write(read(value, source ?? inferredType(value), forms), forms)
  }
}

function read(value: unknown, type: TimestampType, forms: TimestampFormat): Date {
  if (type === 'string') return readText(value, forms.format)
  if (type === 'unix') return readUnix(value, forms.precision)
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value
  throw invalid(`Expected ${type} to be a java.util.Date, but found class ${javaClassOf(value)}`)
}

function readText(value: unknown, format: DateFormat | undefined): Date {
  if (typeof value !== 'string') {
    throw invalid(`Expected string timestamp to be a String, but found class ${javaClassOf(value)}`)
  }
  if (format === undefined) throw invalid("Parsing a string timestamp requires the 'format' setting")
  const date = format.parse(value)
  if (date !== undefined) return date
  throw invalid(`Could not parse timestamp: value (${value}) does not match pattern (${format.pattern})`)
}

const PER_MS = { microseconds: 1000n, nanoseconds: 1_000_000n } as const

function readUnix(value: unknown, precision: UnixPrecision): Date {
  if (typeof value !== 'bigint' && !Number.isInteger(value)) {
    throw invalid(`Expected Unix timestamp to be a Long, but found class ${javaClassOf(value)}`)
  }
  const unix = value as number | bigint
  switch (precision) {
    case 'seconds':
      return dateFromMs(Number(unix) * 1000)
    case 'milliseconds':
      return dateFromMs(Number(unix))
    default:
      return dateFromMs(Number(BigInt(unix) / PER_MS[precision]))
  }
}

const LONG_MAX = 2n ** 63n - 1n
const LONG_MIN = -(2n ** 63n)

/** Truncates towards zero and clamps to 64 bits. Source: TimeUnit. */
function toUnix(ms: number, precision: UnixPrecision): number | bigint {
  if (precision === 'seconds') return Math.trunc(ms / 1000) + 0
  if (precision === 'milliseconds') return ms
  const unix = BigInt(ms) * PER_MS[precision]
  if (unix > LONG_MAX) return LONG_MAX
  return unix < LONG_MIN ? LONG_MIN : int64(unix)
}

const startOfDay = (ms: number): number => Math.floor(ms / MS_PER_DAY) * MS_PER_DAY

const writers: Readonly<Record<TimestampType, (date: Date, forms: TimestampFormat) => unknown>> = {
  string: (date, { format }) => format?.format(date) ?? null,
  unix: (date, { precision }) => toUnix(date.getTime(), precision),
  Date: (date) => new Date(startOfDay(date.getTime())),
  Time: (date) => new Date(date.getTime() - startOfDay(date.getTime())),
  Timestamp: (date) => date,
}
