import zlib from 'node:zlib'
import type { Transform } from 'node:stream'
import { blockCodec } from '../../compression/index.ts'
import { ChunkCompressor, type ChunkCodec } from './chunk-compressor.ts'
import type { Compression } from './compression.ts'
import { throughTransform } from './through-transform.ts'

const CHUNK_BYTES = 512 * 1024
/** At most a thousand times as many are returned at once. */
const INPUT_BYTES = 4 * 1024

const EMPTY_FRAME = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0])

/** zstd, as a sequence of frames. Source: Aiven's CompressionType. */
export const zstd: Compression = {
  name: 'zstd',
  extension: '.zst',
  compressor: (output) => new ChunkCompressor(codec, output),
  decompress(bytes) {
    const { createZstdDecompress } = zlib as unknown as Partial<Record<string, () => Transform>>
    return createZstdDecompress === undefined
      ? decompressInScript(bytes)
      : throughTransform(bytes, createZstdDecompress())
  },
}

const codec: ChunkCodec = {
  chunkBytes: CHUNK_BYTES,
  windowBytes: 0,
  compress: async (chunk) => (await blockCodec('zstd')).compress(chunk),
  frame() {
    let empty = true
    return {
      head: undefined,
      add: () => {
        empty = false
      },
      tail: () => (empty ? EMPTY_FRAME : undefined),
    }
  },
}

/** Node's own decompressor exists since version 22.15. The package of the WebAssembly build decompresses no streams. */
async function* decompressInScript(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { Decompress } = await import('fzstd')
  let parts: Buffer[] = []
  const decompressor = new Decompress((part) => {
    // A part is a view of the window, which the next one overwrites
    if (part.length > 0) parts.push(Buffer.from(part))
  })
  const push = (input: Uint8Array, last: boolean): unknown => {
    try {
      decompressor.push(input, last)
      return undefined
    } catch (error) {
      return error
    }
  }
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length; at += INPUT_BYTES) {
      const error = push(chunk.subarray(at, at + INPUT_BYTES), false)
      yield* parts
      parts = []
      if (error !== undefined) throw error
    }
  }
  const error = push(new Uint8Array(), true)
  yield* parts
  if (error !== undefined) throw error
}
