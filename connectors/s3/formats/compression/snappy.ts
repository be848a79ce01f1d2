import { blockCodec } from '../../compression/index.ts'
import { ByteQueue } from './byte-queue.ts'
import { ChunkCompressor, type ChunkCodec, type ChunkFrame } from './chunk-compressor.ts'
import type { Compression } from './compression.ts'

/** Magic, version 1, readable by version 1. */
const HEAD = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0, 0, 0, 0, 1, 0, 0, 0, 1])
const MAGIC = HEAD.subarray(0, 8)
const LENGTH_BYTES = 4
/** The size of Java's blocks. */
const BLOCK_BYTES = 32 * 1024
const CHUNK_BYTES = 8 * BLOCK_BYTES
/** Larger blocks are not accepted, because a block is decompressed as a whole. */
const LARGEST_BLOCK_BYTES = 64 * 1024 * 1024

/**
 * snappy in blocks with their lengths, which is the format of Java's SnappyOutputStream. A single plain block is read, too.
 *
 * Source: Aiven's CompressionType.
 */
export const snappy: Compression = {
  name: 'snappy',
  extension: '.snappy',
  compressor: (output) => new ChunkCompressor(codec, output),
  decompress,
}

const frame: ChunkFrame = { head: HEAD, add: () => {}, tail: () => undefined }

const codec: ChunkCodec = {
  chunkBytes: CHUNK_BYTES,
  windowBytes: 0,
  async compress(chunk) {
    const { compress } = await blockCodec('snappy')
    const blocks: Promise<Buffer>[] = []
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
      blocks.push(compress(chunk.subarray(at, at + BLOCK_BYTES)))
    }
    const parts = (await Promise.all(blocks)).flatMap((block) => [lengthOf(block), block])
    return Buffer.concat(parts)
  },
  frame: () => frame,
}

function lengthOf(block: Buffer): Buffer {
  const length = Buffer.allocUnsafe(LENGTH_BYTES)
  length.writeInt32BE(block.length)
  return length
}

async function* decompress(bytes: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const { decompress: uncompress } = await blockCodec('snappy')
  const queue = new ByteQueue()
  let framed: boolean | undefined
  for await (const chunk of bytes) {
    queue.add(chunk)
    framed ??= isFramed(queue)
    if (framed === true) {
      for (let block = nextBlock(queue); block !== undefined; block = nextBlock(queue)) {
        if (block.length > 0) yield await uncompress(block, LARGEST_BLOCK_BYTES)
      }
    } else if (queue.length > LARGEST_BLOCK_BYTES) throw tooLarge(queue.length)
  }
  if (queue.length === 0) return
  if (framed === true) throw new RangeError('the last block is cut off')
  yield await uncompress(queue.take(queue.length), LARGEST_BLOCK_BYTES)
}

/** Undefined if that is not known yet. */
function isFramed(queue: ByteQueue): boolean | undefined {
  if (queue.length < MAGIC.length) return undefined
  return queue.peek(MAGIC.length).equals(MAGIC)
}

/** Returns the next block. It is empty for a head, which may also follow blocks, where streams have been joined. */
function nextBlock(queue: ByteQueue): Buffer | undefined {
  if (queue.length < LENGTH_BYTES) return undefined
  if (queue.peek(LENGTH_BYTES).equals(MAGIC.subarray(0, LENGTH_BYTES))) {
    if (queue.length < HEAD.length) return undefined
    queue.take(HEAD.length)
    return Buffer.alloc(0)
  }
  const length = queue.peek(LENGTH_BYTES).readInt32BE()
  if (length <= 0 || length > LARGEST_BLOCK_BYTES) throw tooLarge(length)
  if (queue.length < LENGTH_BYTES + length) return undefined
  queue.take(LENGTH_BYTES)
  return queue.take(length)
}

const tooLarge = (length: number): RangeError =>
  new RangeError(`a block of ${length} bytes, expected 1 to ${LARGEST_BLOCK_BYTES}`)
