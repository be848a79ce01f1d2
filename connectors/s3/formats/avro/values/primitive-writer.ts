import {
  ConnectError,
  dateToDays,
  decimalToBytes,
  isDecimal,
  logicalNames,
  timeToMs,
  type Schema,
} from '../../../../../api/index.ts'
import { javaClassOf } from '../../../../../java/index.ts'
import { isLong, writeInt64 } from './longs.ts'
import type { Tap, Write } from './tap.ts'
import { writeText } from './texts.ts'

export const invalid = (message: string): ConnectError => new ConnectError('HR_DATA_INVALID', message)

export function wrongType(schema: Schema, value: unknown): ConnectError {
  const type =
    schema.name === null ? schema.type.toUpperCase() : `${schema.name} (${schema.type.toUpperCase()})`
  return invalid(
    `Invalid type for ${type}: ${javaClassOf(value)} ${typeof value === 'object' ? '' : String(value)}`.trimEnd(),
  )
}

const logicalWriters: Readonly<Record<string, (schema: Schema) => Write>> = {
  [logicalNames.decimal]: (schema) => (tap, value) => {
    if (!isDecimal(value)) throw wrongType(schema, value)
    tap.writeBytes(decimalToBytes(schema, value))
  },
  [logicalNames.date]: (schema) => (tap, value) => writeInt(tap, dateToDays(dateOf(schema, value)), schema),
  [logicalNames.time]: (schema) => (tap, value) => writeInt(tap, timeToMs(dateOf(schema, value)), schema),
  [logicalNames.timestamp]: (schema) => (tap, value) => writeInt64(tap, dateOf(schema, value).getTime()),
}

function dateOf(schema: Schema, value: unknown): Date {
  if (!(value instanceof Date) || Number.isNaN(value.getTime())) throw wrongType(schema, value)
  return value
}

function writeInt(tap: Tap, value: number, schema: Schema): void {
  if ((value | 0) !== value) throw wrongType(schema, value)
  tap.writeInt(value)
}

/** Returns the function for a required value that is not an enum or of fixed size. */
export function primitiveWriter(schema: Schema): Write {
  if (schema.name !== null && Object.hasOwn(logicalWriters, schema.name)) {
    return (logicalWriters[schema.name] as (schema: Schema) => Write)(schema)
  }
  switch (schema.type) {
    case 'int8':
      return intWriter(schema, 0x7f)
    case 'int16':
      return intWriter(schema, 0x7fff)
    case 'int32':
      return intWriter(schema, 0x7fffffff)
    case 'int64':
      return (tap, value) => {
        if (!isLong(value)) throw wrongType(schema, value)
        writeInt64(tap, value)
      }
    case 'float32':
    case 'float64':
      return floatWriter(schema)
    case 'boolean':
      return (tap, value) => {
        if (typeof value !== 'boolean') throw wrongType(schema, value)
        tap.writeBoolean(value)
      }
    case 'bytes':
      return (tap, value) => tap.writeBytes(bufferOf(schema, value))
    default:
      return (tap, value) => {
        if (typeof value !== 'string') throw wrongType(schema, value)
        writeText(tap, value)
      }
  }
}

function intWriter(schema: Schema, max: number): Write {
  return (tap, value) => {
    if (typeof value !== 'number' || (value | 0) !== value || value > max || value < -max - 1) {
      throw wrongType(schema, value)
    }
    tap.writeInt(value)
  }
}

function floatWriter(schema: Schema): Write {
  const single = schema.type === 'float32'
  return (tap, value) => {
    if (typeof value !== 'number') throw wrongType(schema, value)
    if (single) tap.writeFloat(value)
    else tap.writeDouble(value)
  }
}

function bufferOf(schema: Schema, value: unknown): Buffer {
  if (Buffer.isBuffer(value)) return value
  if (!(value instanceof Uint8Array)) throw wrongType(schema, value)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
}

/** Returns the function for bytes of fixed size; a decimal of fixed size has the sign in front. */
export function fixedWriter(schema: Schema, size: number): Write {
  return (tap, value) => {
    const bytes = isDecimal(value) ? decimalToBytes(schema, value) : bufferOf(schema, value)
    const missing = size - bytes.length
    if (missing < 0 || (missing > 0 && !isDecimal(value))) {
      throw invalid(`${bytes.length} bytes do not fit the fixed size of ${schema.name}, ${size} bytes`)
    }
    const sign = (bytes[0] ?? 0) > 0x7f ? 0xff : 0
    tap.writeFixed(missing === 0 ? bytes : Buffer.concat([Buffer.alloc(missing, sign), bytes]), size)
  }
}
