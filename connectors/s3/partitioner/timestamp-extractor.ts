import {
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
  isPlainObject,
  logicalNames,
  type ConnectError,
  type Schema,
  type SinkRecord,
} from '../../../api/index.ts'
import { parseIsoDateTime, toLong, zoneFault, zoneForId, type Long, type TimeZone } from '../joda/index.ts'
import { fieldPath, pathReader, requiredReader, type FieldPath } from './field-path.ts'
import { kindOfValue, partitionError, placeOfRecord } from './partition-error.ts'

/** Determines the time of a record. Source: TimestampExtractor. */
export interface TimestampExtractor {
  readonly javaClass: string
  /** Returns milliseconds since the epoch; null if the record has no time. Throws `HR_DATA_INVALID`. */
  extract(record: SinkRecord, now: number): Long | null
}

const prefix = 'io.confluent.connect.storage.partitioner.TimeBasedPartitioner$'

/** The time of the batch. Source: WallclockTimestampExtractor. */
export const wallclockExtractor: TimestampExtractor = {
  javaClass: `${prefix}WallclockTimestampExtractor`,
  extract: (_record, now) => now,
}

/** The timestamp of the record. Source: RecordTimestampExtractor. */
export const recordExtractor: TimestampExtractor = {
  javaClass: `${prefix}RecordTimestampExtractor`,
  extract: ({ timestamp }) => timestamp,
}

export interface RecordFieldOptions {
  /** `timestamp.field`: the name of the field, a nested one with dots. */
  readonly field: string
  /** ID of the time zone of texts without an offset. Default: that of the process, as in Java. */
  readonly defaultZone?: string
}

/**
 * A field of the value, which is a struct or map: a Timestamp, milliseconds since the epoch, or a text with either
 * milliseconds or an ISO 8601 time. Source: RecordFieldTimestampExtractor.
 */
export function recordFieldExtractor({ field, defaultZone }: RecordFieldOptions): TimestampExtractor {
  const zone = zoneForId(defaultZone ?? zoneOfProcess())
  const readers = new WeakMap<Schema, TimeReader>()
  const readerOf = (schema: Schema): TimeReader => {
    let reader = readers.get(schema)
    if (reader === undefined) readers.set(schema, (reader = readerFor(schema, field, zone)))
    return reader
  }
  const readSchemaless = readerFor(null, field, zone)
  return {
    javaClass: `${prefix}RecordFieldTimestampExtractor`,
    extract(record) {
      const { value, valueSchema } = record
      if (valueSchema?.type !== 'struct' && !(value instanceof Map || isPlainObject(value)))
        throw notStruct(record)
      if (value === null) throw notStruct(record)
      return valueSchema === null ? readSchemaless(value) : readerOf(valueSchema)(value)
    },
  }
}

/** Returns the time zone of the process; UTC if the variable TZ has an unknown one, as in Java. */
function zoneOfProcess(): string {
  const id = Intl.DateTimeFormat().resolvedOptions().timeZone as string | undefined
  return id === undefined || zoneFault(id) !== undefined ? 'UTC' : id
}

function notStruct(record: SinkRecord): ConnectError {
  const reason = `The value of ${placeOfRecord(record)} is ${kindOfValue(record)}, not a struct or map`
  return partitionError(`Error encoding partition. ${reason}, which RecordField requires.`)
}

type TimeReader = (value: unknown) => Long

function readerFor(schema: Schema | null, field: string, zone: TimeZone): TimeReader {
  const required = requiredReader(schema, field)
  if (schema?.type !== 'struct') return (value) => timeOfSchemaless(required(value), field, zone)
  let path: FieldPath | undefined
  try {
    path = fieldPath(schema, field)
  } catch (error) {
    // A missing value is the fault that is reported first
    return (value) => {
      required(value)
      throw error
    }
  }
  const time = timeOfField(path?.schemas.at(-1), field, zone)
  if (path === undefined) return (value) => time(required(value))
  const read = pathReader(path)
  return (value) => time(read(value) ?? required(value))
}

/** Returns the reader of values of a field. */
function timeOfField(schema: Schema | undefined, field: string, zone: TimeZone): TimeReader {
  if (schema?.name === logicalNames.timestamp) {
    return (value) => (value instanceof Date ? value.getTime() : wrongType(field, schema))
  }
  switch (schema?.type) {
    case 'int32':
    case 'int64':
      return (value) => (value instanceof Date ? wrongType(field, schema) : longOf(value as Long))
    case 'string':
      return textReader(zone)
    default:
      return () => wrongType(field, schema)
  }
}

function wrongType(field: string, schema: Schema | undefined): never {
  const expected = 'a Timestamp, an int32, int64 or string'
  const found = schema?.name ?? schema?.type
  throw partitionError(
    `Error extracting timestamp from record field: ${field}. Found ${found}, not ${expected}.`,
  )
}

function timeOfSchemaless(value: unknown, field: string, zone: TimeZone): Long {
  if (typeof value === 'string') return timeOfText(value, zone)
  if (value instanceof Date) return value.getTime()
  const number = numberOf(value)
  if (number !== undefined) return longOf(number)
  const expected = 'a number, a text or a Timestamp'
  throw partitionError(
    `Error extracting timestamp from record field: ${field}. Found ${kindOf(value)}, not ${expected}.`,
  )
}

function kindOf(value: unknown): string {
  if (typeof value !== 'object') return `a ${typeof value}`
  if (Array.isArray(value)) return 'an array'
  return value instanceof Uint8Array ? 'bytes' : 'a struct or map'
}

function numberOf(value: unknown): Long | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return value
  if (isDecimal(value)) {
    const power = 10n ** BigInt(Math.abs(value.scale))
    return value.scale > 0 ? value.unscaled / power : value.unscaled * power
  }
  return isBoxedInteger(value) || isFloat64(value) || isFloat32(value) ? value.value : undefined
}

const MAX_LONG = 2n ** 63n - 1n
const MIN_LONG = -(2n ** 63n)

/** Returns the long of a number: without a fraction, within 64 bits. Source: Number.longValue. */
function longOf(value: Long): Long {
  if (typeof value === 'bigint') return toLong(BigInt.asIntN(64, value))
  if (Number.isSafeInteger(value)) return value
  if (Number.isNaN(value)) return 0
  if (Math.abs(value) >= 2 ** 63) return value > 0 ? MAX_LONG : MIN_LONG
  return toLong(BigInt(Math.trunc(value)))
}

/** Reads times of texts. Remembers the last one, because records often have the same. */
function textReader(zone: TimeZone): TimeReader {
  let lastText: unknown
  let lastTime: Long = 0
  return (value) => {
    if (value === lastText) return lastTime
    lastTime = timeOfText(value as string, zone)
    lastText = value
    return lastTime
  }
}

function timeOfText(text: string, zone: TimeZone): Long {
  if (/^-?\d{1,19}$/.test(text)) {
    const time = BigInt(text)
    if (time >= MIN_LONG && time <= MAX_LONG) return toLong(time)
  }
  return parseIsoDateTime(text, zone)
}
