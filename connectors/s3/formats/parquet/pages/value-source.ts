import {
  dateFromMs,
  Decimal,
  decimalScale,
  int64,
  logicalNames,
  MS_PER_DAY,
  timeFromMs,
  type Schema,
} from '../../../../../api/index.ts'
import type { PrimitiveType, TimeUnit } from '../schema/parquet-type.ts'

/** How stored values become those of a Connect schema: of numbers and booleans, or of bytes. */
export interface ValueSource {
  readonly fromNumber: (value: number | bigint | boolean) => unknown
  readonly fromBytes: (page: Buffer, start: number, end: number) => unknown
}

type FromNumber = ValueSource['fromNumber']
type FromBytes = ValueSource['fromBytes']

/** Day number of 1970-01-01 in the Julian calendar, from which INT96 counts. */
const JULIAN_EPOCH = 2_440_588
const MIN_EXACT = -(2n ** 53n)
const MAX_EXACT = 2n ** 53n

const perMillisecond: Readonly<Record<TimeUnit, number>> = { MILLIS: 1, MICROS: 1000, NANOS: 1_000_000 }

const never = (): never => {
  throw new TypeError('the physical type has no such values')
}
const ofNumbers = (fromNumber: FromNumber): ValueSource => ({ fromNumber, fromBytes: never })
const ofBytes = (fromBytes: FromBytes): ValueSource => ({ fromNumber: never, fromBytes })

const asIs = ofNumbers((value) => value)
const texts = ofBytes((page, start, end) => page.toString('utf8', start, end))
/** Copies, because a value may live longer than its page. */
const copies = ofBytes((page, start, end) => Buffer.from(page.subarray(start, end)))

/** Returns milliseconds, rounded down. */
function milliseconds(value: number | bigint | boolean, per: number): number {
  if (typeof value !== 'bigint') return Math.floor(Number(value) / per)
  const divisor = BigInt(per)
  const rest = ((value % divisor) + divisor) % divisor
  return Number((value - rest) / divisor)
}

/** Returns how to read a column; undefined if its type has no values of the schema. */
export function valueSourceOf(schema: Schema, type: PrimitiveType): ValueSource | undefined {
  switch (schema.name) {
    case logicalNames.decimal:
      return decimals(schema, type)
    case logicalNames.date:
      return type.physical === 'INT32'
        ? ofNumbers((value) => dateFromMs(Number(value) * MS_PER_DAY))
        : undefined
    case logicalNames.time:
      return times(type)
    case logicalNames.timestamp:
      return timestamps(type)
    default:
      return plainValues(schema, type)
  }
}

function decimals(schema: Schema, { physical, annotation }: PrimitiveType): ValueSource | undefined {
  const scale = decimalScale(schema)
  if (annotation?.kind === 'INTEGER' && !annotation.signed) {
    return ofNumbers((value) => new Decimal(BigInt.asUintN(64, BigInt(value)), scale))
  }
  if (physical === 'INT32' || physical === 'INT64') {
    return ofNumbers((value) => new Decimal(BigInt(value), scale))
  }
  if (physical !== 'BYTE_ARRAY' && physical !== 'FIXED_LEN_BYTE_ARRAY') return undefined
  return ofBytes((page, start, end) => Decimal.fromBytes(page.subarray(start, end), scale))
}

function times({ physical, annotation }: PrimitiveType): ValueSource | undefined {
  const per = annotation?.kind === 'TIME' ? perMillisecond[annotation.unit] : 1
  if (physical !== 'INT32' && physical !== 'INT64') return undefined
  return ofNumbers((value) => timeFromMs(milliseconds(value, per)))
}

function timestamps({ physical, annotation }: PrimitiveType): ValueSource | undefined {
  if (physical === 'INT96') return ofBytes(int96)
  if (physical !== 'INT64') return undefined
  const per = annotation?.kind === 'TIMESTAMP' ? perMillisecond[annotation.unit] : 1
  return ofNumbers((value) => dateFromMs(milliseconds(value, per)))
}

/** Nanoseconds of the day, and the day in the Julian calendar. */
function int96(page: Buffer, start: number): Date {
  const nanos = page.readBigInt64LE(start)
  const days = page.readUInt32LE(start + 8) - JULIAN_EPOCH
  return dateFromMs(days * MS_PER_DAY + milliseconds(nanos, perMillisecond.NANOS))
}

function plainValues(
  schema: Schema,
  { physical, annotation, length }: PrimitiveType,
): ValueSource | undefined {
  const isUnsigned = annotation?.kind === 'INTEGER' && !annotation.signed
  switch (`${schema.type} ${physical}`) {
    case 'int8 INT32':
    case 'int16 INT32':
    case 'int32 INT32':
    case 'float32 FLOAT':
    case 'float64 FLOAT':
    case 'float64 DOUBLE':
    case 'boolean BOOLEAN':
      return asIs
    case 'int64 INT32':
      return isUnsigned ? ofNumbers((value) => Number(value) >>> 0) : asIs
    case 'int64 INT64':
      return ofNumbers((value) => int64(value as number | bigint))
    case 'float32 FIXED_LEN_BYTE_ARRAY':
      return annotation?.kind === 'FLOAT16' ? ofBytes(float16) : undefined
    case 'string BYTE_ARRAY':
      return texts
    case 'string FIXED_LEN_BYTE_ARRAY':
      return annotation?.kind === 'UUID' && length === 16 ? ofBytes(uuid) : undefined
    case 'bytes BYTE_ARRAY':
    case 'bytes FIXED_LEN_BYTE_ARRAY':
    case 'bytes INT96':
      return copies
    default:
      return undefined
  }
}

function uuid(page: Buffer, start: number, end: number): string {
  const hex = page.toString('hex', start, end)
  return [0, 8, 12, 16, 20].map((at, part, all) => hex.slice(at, all[part + 1])).join('-')
}

function float16(page: Buffer, start: number): number {
  const bits = page.readUInt16LE(start)
  const sign = bits >= 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** Returns a 64-bit integer as a number if that is exact. */
export const exactInt64 = (value: bigint): number | bigint =>
  value > MIN_EXACT && value < MAX_EXACT ? Number(value) : value
