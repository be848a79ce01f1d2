import { promisify } from 'node:util'
import { constants, crc32, createGunzip, deflateRaw, deflateRawSync, type ZlibOptions } from 'node:zlib'
import { ChunkCompressor, CompressionSlots, type ChunkCodec, type ChunkFrame } from './chunk-compressor.ts'
import type { Compression } from './compression.ts'
import { throughTransform } from './through-transform.ts'

const CHUNK_BYTES = 256 * 1024
/** Back references of deflate reach this far. */
const WINDOW_BYTES = 32 * 1024
/** Number of chunks that a task compresses at the same time. Node's thread pool has four threads by default. */
const SLOTS = 6
const OUTPUT_BYTES = 64 * 1024

/** No name, no time, unknown operating system: the same records give the same bytes. */
const HEAD = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff])
/** An empty last block. */
const LAST_BLOCK = Buffer.from([3, 0])

type Deflate = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>
const deflateRawAsync: Deflate = promisify(deflateRaw)

/**
 * gzip with a level from 0 to 9, or -1 for the default of zlib. An object is one member, so that every reader of gzip can
 * read it. Its chunks are deflated on their own, each ending at a byte boundary, with the end of the previous chunk as the
 * dictionary.
 */
export function gzip(level: number): Compression {
  const codec = gzipCodec(level)
  return {
    name: 'gzip',
    extension: '.gz',
    compressor: (output) => new ChunkCompressor(codec, output),
    decompress: (bytes) => throughTransform(bytes, createGunzip({ chunkSize: OUTPUT_BYTES })),
  }
}

function gzipCodec(level: number): ChunkCodec {
  const options = { level, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: OUTPUT_BYTES }
  const withWindow = (dictionary: Buffer | undefined): ZlibOptions =>
    dictionary === undefined ? options : { ...options, dictionary }
  return {
    chunkBytes: CHUNK_BYTES,
    windowBytes: WINDOW_BYTES,
    compress: async (chunk, window) => exactly(await deflateRawAsync(chunk, withWindow(window))),
    onThread: {
      slots: new CompressionSlots(SLOTS),
      compress: (chunk, window) => exactly(deflateRawSync(chunk, withWindow(window))),
    },
    frame: gzipFrame,
  }
}

/** Copies a result of zlib, which may be a small part of a buffer. */
const exactly = (bytes: Buffer): Buffer =>
  bytes.length < bytes.buffer.byteLength ? Buffer.from(bytes) : bytes

function gzipFrame(): ChunkFrame {
  let checksum = 0
  let size = 0
  return {
    head: HEAD,
    add(chunk) {
      checksum = crc32(chunk, checksum)
      size += chunk.length
    },
    tail() {
      const tail = Buffer.alloc(LAST_BLOCK.length + 8)
      LAST_BLOCK.copy(tail)
      tail.writeUInt32LE(checksum, LAST_BLOCK.length)
      tail.writeUInt32LE(size % 2 ** 32, LAST_BLOCK.length + 4)
      return tail
    },
  }
}
