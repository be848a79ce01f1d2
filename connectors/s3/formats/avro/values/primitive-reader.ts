import {
  dateFromMs,
  Decimal,
  decimalScale,
  logicalNames,
  MS_PER_DAY,
  timeFromMs,
  type Schema,
} from '../../../../../api/index.ts'
import type { AvroNode } from '../schema/nodes.ts'
import { corrupt } from './items.ts'
import { readInt64 } from './longs.ts'
import type { Read, Tap } from './tap.ts'

/** Returns the function for a value that has no parts. */
export function primitiveReader(schema: Schema, node: AvroNode): Read {
  switch (node.type) {
    case 'boolean':
      return (tap) => tap.readBoolean()
    case 'int':
      return intReader(schema)
    case 'long':
      return schema.name === logicalNames.timestamp ? (tap) => dateFromMs(Number(readInt64(tap))) : readInt64
    case 'float':
      return (tap) => tap.readFloat()
    case 'double':
      return (tap) => tap.readDouble()
    case 'bytes':
      return bytesReader(schema, (tap) => tap.readBytes())
    case 'fixed':
      return bytesReader(schema, (tap) => tap.readFixed(node.size))
    default:
      return (tap) => tap.readString()
  }
}

function intReader(schema: Schema): Read {
  switch (schema.name) {
    case logicalNames.date:
      return (tap) => dateFromMs(readInt(tap) * MS_PER_DAY)
    case logicalNames.time:
      return (tap) => timeFromMs(readInt(tap))
    default:
      break
  }
  // like a cast in Java
  if (schema.type === 'int8') return (tap) => (readInt(tap) << 24) >> 24
  return schema.type === 'int16' ? (tap) => (readInt(tap) << 16) >> 16 : readInt
}

function readInt(tap: Tap): number {
  const value = tap.readInt()
  if ((value | 0) !== value) throw corrupt(`${value} is not an int`)
  return value
}

/** The bytes are undefined beyond the end of the buffer. */
function bytesReader(schema: Schema, read: (tap: Tap) => Buffer | undefined): Read {
  if (schema.name !== logicalNames.decimal) return read
  const scale = decimalScale(schema)
  return (tap) => Decimal.fromBytes(read(tap) ?? Buffer.alloc(0), scale)
}
