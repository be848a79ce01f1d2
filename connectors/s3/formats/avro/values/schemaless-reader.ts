import { BoxedInteger, Float32, keyedMap, schemalessFloat } from '../../../../../api/index.ts'
import { anythingFields } from '../schema/anything.ts'
import { corrupt, readItems } from './items.ts'
import { readInt64 } from './longs.ts'
import type { Read, Tap } from './tap.ts'

const readers: Readonly<Record<(typeof anythingFields)[number], Read>> = {
  boolean: (tap) => tap.readBoolean(),
  bytes: (tap) => tap.readBytes(),
  double: (tap) => schemalessFloat(tap.readDouble()),
  float: (tap) => new Float32(tap.readFloat()),
  int: (tap) => new BoxedInteger('int32', tap.readInt()),
  long: readInt64,
  string: (tap) => tap.readString(),
  array: (tap) => {
    const items: unknown[] = []
    readItems(tap, () => items.push(readAnything(tap)))
    return items
  },
  map: (tap) => {
    const entries: [unknown, unknown][] = []
    readItems(tap, () => entries.push([readAnything(tap), readAnything(tap)]))
    // schemaless maps with string keys are plain objects
    return entries.every(([key]) => typeof key === 'string')
      ? Object.fromEntries(entries as [string, unknown][])
      : keyedMap(entries)
  },
}

/** Reads the record Anything as the value that it holds. Source: AvroData.toConnectData. */
export function readAnything(tap: Tap): unknown {
  let value: unknown = null
  for (const name of anythingFields) {
    const branch = tap.readLong()
    if (branch === 0) continue
    if (branch !== 1) throw corrupt(`a union of 2 types has no type ${branch}`)
    const found = readers[name](tap)
    value ??= found
  }
  return value
}
