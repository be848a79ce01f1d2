import { ConnectError } from '../errors.ts'
import { Decimal } from '../numbers/index.ts'
import { makeSchema, type Schema, type SchemaInit } from './schema.ts'

/**
 * The schema names of the four logical types.
 *
 * A Decimal value is a {@link Decimal}; Date, Time and Timestamp values are a JavaScript `Date` in UTC.
 */
export const logicalNames = {
  decimal: 'org.apache.kafka.connect.data.Decimal',
  date: 'org.apache.kafka.connect.data.Date',
  time: 'org.apache.kafka.connect.data.Time',
  timestamp: 'org.apache.kafka.connect.data.Timestamp',
} as const

/** The schema name of a logical type. */
export type LogicalName = (typeof logicalNames)[keyof typeof logicalNames]

/** Milliseconds per day, without leap seconds. */
export const MS_PER_DAY = 86_400_000

type Attributes = Partial<Omit<SchemaInit, 'type' | 'name' | 'version'>>

/** Decimals with `scale` fractional digits, stored as the bytes of the unscaled integer. Source: Decimal.builder. */
export function decimalSchema(scale: number, more: Attributes = {}): Schema {
  const parameters = { scale: String(scale), ...more.parameters }
  return makeSchema({ ...more, type: 'bytes', name: logicalNames.decimal, version: 1, parameters })
}

/** Dates without a time of day, stored as days since the epoch. */
export function dateSchema(more: Attributes = {}): Schema {
  return makeSchema({ ...more, type: 'int32', name: logicalNames.date, version: 1 })
}

/** Times of day, stored as milliseconds since midnight. */
export function timeSchema(more: Attributes = {}): Schema {
  return makeSchema({ ...more, type: 'int32', name: logicalNames.time, version: 1 })
}

/** Points in time, stored as milliseconds since the epoch. */
export function timestampSchema(more: Attributes = {}): Schema {
  return makeSchema({ ...more, type: 'int64', name: logicalNames.timestamp, version: 1 })
}

/**
 * Returns the scale of a Decimal schema.
 *
 * Throws `HR_DATA_INVALID` if the schema has no valid scale. Source: Decimal.scale.
 */
export function decimalScale(schema: Schema): number {
  const text = schema.parameters?.['scale']
  if (text === undefined) {
    throw new ConnectError('HR_DATA_INVALID', 'Invalid Decimal schema: scale parameter not found.')
  }
  if (!/^[+-]?\d+$/.test(text)) {
    throw new ConnectError('HR_DATA_INVALID', 'Invalid scale parameter found in Decimal schema: ')
  }
  return Number(text)
}

/** Returns the big-endian bytes of a Decimal. Throws `HR_DATA_INVALID` if its scale differs from the schema's. */
export function decimalToBytes(schema: Schema, value: Decimal): Buffer {
  const scale = decimalScale(schema)
  if (value.scale !== scale) {
    const found = `Schema has scale ${scale}, value has scale ${value.scale}.`
    const message = `Decimal value has mismatching scale for given Decimal schema. ${found}`
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  return value.toBytes()
}

/** Returns the days since the epoch. Throws `HR_DATA_INVALID` if the value has a time of day. */
export function dateToDays(value: Date): number {
  const ms = value.getTime()
  if (ms % MS_PER_DAY !== 0) {
    const message = 'Kafka Connect Date type should not have any time fields set to non-zero values.'
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  return ms / MS_PER_DAY
}

/**
 * Returns the Date for milliseconds since the epoch.
 *
 * Throws `HR_DATA_INVALID` beyond ±8.64e15 ms, about 270,000 years. Differs: Java's dates have a larger range.
 */
export function dateFromMs(ms: number): Date {
  const date = new Date(ms)
  if (!Number.isNaN(date.getTime())) return date
  throw new ConnectError('HR_DATA_INVALID', `Timestamp ${ms} ms is outside the range of a Date`)
}

/** Returns the milliseconds since midnight. Throws `HR_DATA_INVALID` if the value is not on 1970-01-01. */
export function timeToMs(value: Date): number {
  const ms = value.getTime()
  if (ms < 0 || ms > MS_PER_DAY) {
    const message = 'Kafka Connect Time type should not have any date fields set to non-zero values.'
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  return ms
}

/** Returns the Time for milliseconds since midnight. Throws `HR_DATA_INVALID` outside of 0 to 86,400,000. */
export function timeFromMs(ms: number): Date {
  if (ms < 0 || ms > MS_PER_DAY) {
    const message = 'Time values must use number of milliseconds greater than 0 and less than 86400000'
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  return new Date(ms)
}
