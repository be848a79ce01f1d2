import {
  ConnectError,
  isBoxedInteger,
  isFloat32,
  isFloat64,
  isPlainObject,
} from '../../../../../api/index.ts'
import { javaClassOf } from '../../../../../java/index.ts'
import { anythingFields } from '../schema/anything.ts'
import { isLong, writeInt64 } from './longs.ts'
import type { Tap, Write } from './tap.ts'
import { writeText } from './texts.ts'

type Kind = (typeof anythingFields)[number]

const places = new Map(anythingFields.map((kind, index) => [kind, index]))
const LAST = anythingFields.length - 1

/** Writes the record Anything, in which the field of the value's type is set. Null leaves all of them null. */
export function writeAnything(tap: Tap, value: unknown): void {
  if (value === null || value === undefined) return writeNulls(tap, LAST + 1)
  const kind = kindOf(value)
  const place = places.get(kind) ?? 0
  writeNulls(tap, place)
  tap.writeInt(1)
  writers[kind](tap, value)
  writeNulls(tap, LAST - place)
}

function writeNulls(tap: Tap, count: number): void {
  for (let index = 0; index < count; index++) tap.writeInt(0)
}

/** Source: AvroData.schemaTypeForSchemalessJavaType. Differs: bytes are allowed. */
function kindOf(value: unknown): Kind {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'boolean'
    case 'number':
      return Number.isSafeInteger(value) ? 'long' : 'double'
    case 'bigint':
      return isLong(value) ? 'long' : refuse(value)
    default:
      return kindOfObject(value)
  }
}

function kindOfObject(value: unknown): Kind {
  if (isFloat64(value)) return 'double'
  if (isFloat32(value)) return 'float'
  if (isBoxedInteger(value) && value.type !== 'biginteger') return value.type === 'int64' ? 'long' : 'int'
  if (value instanceof Uint8Array) return 'bytes'
  if (Array.isArray(value)) return 'array'
  return value instanceof Map || isPlainObject(value) ? 'map' : refuse(value)
}

function refuse(value: unknown): never {
  const found = javaClassOf(value)
  throw new ConnectError(
    'HR_DATA_INVALID',
    `A value without a schema cannot have the type ${found} in an Avro file`,
  )
}

const writers: Readonly<Record<Kind, Write>> = {
  boolean: (tap, value) => tap.writeBoolean(value as boolean),
  bytes: (tap, value) => tap.writeBytes(Buffer.from(value as Uint8Array)),
  double: (tap, value) => tap.writeDouble(Number(value)),
  float: (tap, value) => tap.writeFloat(Number(value)),
  int: (tap, value) => tap.writeInt(Number(value)),
  long: (tap, value) => writeInt64(tap, isBoxedInteger(value) ? value.value : (value as number | bigint)),
  string: (tap, value) => writeText(tap, value as string),
  array: (tap, value) => {
    const items = value as readonly unknown[]
    if (items.length > 0) tap.writeLong(items.length)
    for (const item of items) writeAnything(tap, item)
    tap.writeInt(0)
  },
  map: (tap, value) => {
    const entries = value instanceof Map ? [...value] : Object.entries(value as object)
    if (entries.length > 0) tap.writeLong(entries.length)
    for (const [key, item] of entries as [unknown, unknown][]) {
      writeAnything(tap, key)
      writeAnything(tap, item)
    }
    tap.writeInt(0)
  },
}
