import type { Schema } from '../../../../../api/index.ts'
import type { ObjectFormat, ObjectReader, ObjectSource, SchemaAndValue } from '../../../ports.ts'

/** An object in memory, which records the ranges that are read of it. */
export interface MemoryObject extends ObjectSource {
  readonly ranges: (readonly [start: number, end: number])[]
}

export function memoryObject(bytes: Buffer, key = 'topics/orders/a.parquet'): MemoryObject {
  const ranges: (readonly [number, number])[] = []
  return {
    key,
    size: bytes.length,
    ranges,
    async *stream(from) {
      yield bytes.subarray(from)
    },
    range: async (start, end) => {
      ranges.push([start, end])
      return bytes.subarray(start, end)
    },
  }
}

/** Returns the bytes of an object with these values. */
export async function fileOf(
  format: ObjectFormat,
  schema: Schema,
  values: Iterable<unknown>,
): Promise<Buffer> {
  const parts: Buffer[] = []
  const encoder = format.open(schema, (bytes) => parts.push(bytes))
  for (const value of values) encoder.write(value, schema)
  await encoder.end()
  return Buffer.concat(parts)
}

/** Reads an object to its end. */
export async function readAll(
  reader: ObjectReader,
  object: ObjectSource,
  skip = 0,
): Promise<SchemaAndValue[]> {
  const { signal } = new AbortController()
  const found: SchemaAndValue[] = []
  for await (const batch of reader.read(object, skip, signal)) found.push(...batch)
  return found
}
