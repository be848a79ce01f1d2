import { ConnectError } from '../errors.ts'
import { Decimal } from '../numbers/index.ts'
import { makeSchema, type Schema, type SchemaInit } from './schema.ts'

/**
 * The four logical types, by the schema name that marks them.
 * A Decimal's value is a {@link Decimal}; Date, Time and Timestamp are a JavaScript `Date` in UTC.
 */
export const logicalNames = {
  decimal: 'org.apache.kafka.connect.data.Decimal',
  date: 'org.apache.kafka.connect.data.Date',
  time: 'org.apache.kafka.connect.data.Time',
  timestamp: 'org.apache.kafka.connect.data.Timestamp',
} as const

/** Name of a schema that marks a logical type. */
export type LogicalName = (typeof logicalNames)[keyof typeof logicalNames]

/** Milliseconds of a day without leap seconds. */
export const MS_PER_DAY = 86_400_000

type Attributes = Partial<Omit<SchemaInit, 'type' | 'name' | 'version'>>

/** Decimals with `scale` digits behind the point; stored as the bytes of the unscaled integer. Source: Decimal.builder. */
export function decimalSchema(scale: number, more: Attributes = {}): Schema {
  const parameters = { scale: String(scale), ...more.parameters }
  return makeSchema({ ...more, type: 'bytes', name: logicalNames.decimal, version: 1, parameters })
}

/** Days without a time of day; stored as days since the epoch. */
export function dateSchema(more: Attributes = {}): Schema {
  return makeSchema({ ...more, type: 'int32', name: logicalNames.date, version: 1 })
}

/** Times of a day; stored as milliseconds since midnight. */
export function timeSchema(more: Attributes = {}): Schema {
  return makeSchema({ ...more, type: 'int32', name: logicalNames.time, version: 1 })
}

/** Points in time; stored as milliseconds since the epoch. */
export function timestampSchema(more: Attributes = {}): Schema {
  return makeSchema({ ...more, type: 'int64', name: logicalNames.timestamp, version: 1 })
}

/**
 * The scale of a Decimal schema.
 *
 * Throws `HR_DATA_INVALID` when the schema does not carry one. Source: Decimal.scale.
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

/** Big-endian bytes of a Decimal. Throws `HR_DATA_INVALID` when its scale is not the schema's. */
export function decimalToBytes(schema: Schema, value: Decimal): Buffer {
  const scale = decimalScale(schema)
  if (value.scale !== scale) {
    const found = `Schema has scale ${scale}, value has scale ${value.scale}.`
    const message = `Decimal value has mismatching scale for given Decimal schema. ${found}`
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  return value.toBytes()
}

/** Days since the epoch. Throws `HR_DATA_INVALID` when the value has a time of day. */
export function dateToDays(value: Date): number {
  const ms = value.getTime()
  if (ms % MS_PER_DAY !== 0) {
    const message = 'Kafka Connect Date type should not have any time fields set to non-zero values.'
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  return ms / MS_PER_DAY
}

/**
 * The date of some milliseconds since the epoch.
 *
 * Throws `HR_DATA_INVALID` beyond 8.64e15, some 270,000 years from now. Differs: Java's dates go further.
 */
export function dateFromMs(ms: number): Date {
  const date = new Date(ms)
  if (!Number.isNaN(date.getTime())) return date
  throw new ConnectError('HR_DATA_INVALID', `No date can be ${ms} ms from 1970-01-01`)
}

/** Milliseconds of the day. Throws `HR_DATA_INVALID` when the value is not on 1970-01-01. */
export function timeToMs(value: Date): number {
  const ms = value.getTime()
  if (ms < 0 || ms > MS_PER_DAY) {
    const message = 'Kafka Connect Time type should not have any date fields set to non-zero values.'
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  return ms
}

/** A Time from milliseconds of the day. Throws `HR_DATA_INVALID` out of 0 … 86 400 000. */
export function timeFromMs(ms: number): Date {
  if (ms < 0 || ms > MS_PER_DAY) {
    const message = 'Time values must use number of milliseconds greater than 0 and less than 86400000'
    throw new ConnectError('HR_DATA_INVALID', message)
  }
  return new Date(ms)
}
