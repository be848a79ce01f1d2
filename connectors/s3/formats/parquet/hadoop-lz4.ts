import type { BlockCodec } from '../../compression/index.ts'

const HEADER_BYTES = 8

/**
 * Returns LZ4 in the frame of Hadoop's Lz4Codec: before each block, its size before and after compression, big-endian.
 * Reads plain blocks, too, which older versions of Arrow wrote under the same number.
 */
export function hadoopLz4(blocks: BlockCodec): BlockCodec {
  return {
    compress: async (bytes) => {
      const block = await blocks.compress(bytes)
      const header = Buffer.alloc(HEADER_BYTES)
      header.writeUInt32BE(bytes.length, 0)
      header.writeUInt32BE(block.length, 4)
      return Buffer.concat([header, block])
    },
    decompress: async (bytes, limit) => {
      const framed = framesOf(bytes, limit)
      if (framed === undefined) return blocks.decompress(bytes, limit)
      return Buffer.concat(await Promise.all(framed.map(({ block, size }) => blocks.decompress(block, size))))
    },
  }
}

interface Frame {
  readonly block: Buffer
  readonly size: number
}

/** Returns the blocks; undefined if the bytes are not frames that have `total` bytes together. */
function framesOf(bytes: Buffer, total: number): Frame[] | undefined {
  const frames: Frame[] = []
  let size = 0
  for (let at = 0; at < bytes.length;) {
    if (at + HEADER_BYTES > bytes.length) return undefined
    const frame = { size: bytes.readUInt32BE(at), length: bytes.readUInt32BE(at + 4) }
    const start = at + HEADER_BYTES
    at = start + frame.length
    size += frame.size
    if (at > bytes.length || size > total) return undefined
    frames.push({ block: bytes.subarray(start, at), size: frame.size })
  }
  return size === total ? frames : undefined
}
