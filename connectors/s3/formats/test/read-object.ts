import type { ObjectReader, ObjectSource, SchemaAndValue } from '../../ports.ts'

/** An object with these bytes, which come in chunks of one size. */
export function objectOf(bytes: Buffer, chunkSize: number): ObjectSource {
  return {
    key: 'topics/t/0.json',
    size: bytes.length,
    async *stream(from) {
      for (let at = from; at < bytes.length; at += chunkSize) yield bytes.subarray(at, at + chunkSize)
    },
    range: async (start, end) => bytes.subarray(start, end),
  }
}

/** Returns what has been read before the end or an error, and the error. */
export async function readObject(reader: ObjectReader, object: ObjectSource, skip = 0) {
  const read: SchemaAndValue[] = []
  try {
    for await (const batch of reader.read(object, skip, new AbortController().signal)) read.push(...batch)
  } catch (error) {
    return { read, error: error as Error }
  }
  return { read, error: undefined }
}

/** Returns the values of an object that can be read. */
export async function valuesOf(reader: ObjectReader, object: ObjectSource, skip = 0): Promise<unknown[]> {
  const { read, error } = await readObject(reader, object, skip)
  if (error !== undefined) throw error
  return read.map(({ value }) => value)
}
