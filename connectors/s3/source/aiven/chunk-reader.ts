import type { ObjectReader, SchemaAndValue } from '../../ports.ts'

/** Bytes of a batch. */
const BATCH_BYTES = 1024 * 1024

type Decompress = (bytes: AsyncIterable<Buffer>) => AsyncIterable<Buffer>

/**
 * Reads an object as records of `size` bytes each; the last one may be shorter. Source: ByteArrayTransformer.
 */
export function chunkReader(size: number, decompress: Decompress): ObjectReader {
  return {
    async *read(object, skip, signal) {
      const batchSize = Math.max(1, Math.floor(BATCH_BYTES / size))
      let left = skip
      let batch: SchemaAndValue[] = []
      for await (const value of chunks(decompress(object.stream(0, signal)), size)) {
        if (left-- > 0) continue
        batch.push({ schema: null, value })
        if (batch.length < batchSize) continue
        yield batch
        batch = []
      }
      if (batch.length > 0) yield batch
    },
  }
}

async function* chunks(stream: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let parts: Buffer[] = []
  let held = 0
  for await (const bytes of stream) {
    let at = 0
    while (held + bytes.length - at >= size) {
      const end = at + size - held
      parts.push(bytes.subarray(at, end))
      yield Buffer.concat(parts)
      parts = []
      held = 0
      at = end
    }
    if (at === bytes.length) continue
    parts.push(bytes.subarray(at))
    held += bytes.length - at
  }
  if (held > 0) yield Buffer.concat(parts)
}
