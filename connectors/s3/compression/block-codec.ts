import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants, gunzip, gzip } from 'node:zlib'
import { ConnectError, messageOf } from '../../../api/index.ts'
import { zstdBlocks } from './zstd.ts'

/** Compresses blocks: pieces of a file that are compressed on their own, without the frame of a stream. */
export interface BlockCodec {
  compress(bytes: Buffer): Promise<Buffer>
  /** Rejects if the bytes are not valid, or have more than `limit` bytes when they are decompressed. */
  decompress(bytes: Buffer, limit: number): Promise<Buffer>
}

/** `lz4` is a plain block without the size; `snappy` is a plain block that starts with its size. */
export type BlockCompression = 'snappy' | 'gzip' | 'zstd' | 'lz4' | 'brotli'

/** Quality of parquet-mr's BrotliCodec. Node's default, 11, is about a hundred times slower. */
const BROTLI_QUALITY = 1

const SIZE_BYTES = 4

/** Codecs are loaded on first use, because most tasks do not need them. */
const codecs: Readonly<Record<BlockCompression, () => Promise<BlockCodec>>> = {
  gzip: async () => {
    const [compress, decompress] = [promisify(gzip), promisify<Buffer, object, Buffer>(gunzip)]
    return {
      compress: (bytes) => compress(bytes),
      decompress: (bytes, limit) => decompress(bytes, { maxOutputLength: Math.max(limit, 1) }),
    }
  },
  brotli: async () => {
    const compress = promisify<Buffer, object, Buffer>(brotliCompress)
    const decompress = promisify<Buffer, object, Buffer>(brotliDecompress)
    const params = { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY }
    return {
      compress: (bytes) => compress(bytes, { params }),
      decompress: (bytes, limit) => decompress(bytes, { maxOutputLength: Math.max(limit, 1) }),
    }
  },
  snappy: async () => {
    const { default: snappy } = await import('snappy')
    return {
      compress: (bytes) => snappy.compress(bytes),
      decompress: async (bytes, limit) => {
        refuseLonger(snappySize(bytes), limit)
        return (await snappy.uncompress(bytes)) as Buffer
      },
    }
  },
  lz4: async () => {
    const { default: lz4 } = await import('lz4-napi')
    return {
      compress: async (bytes) => (await lz4.compress(bytes)).subarray(SIZE_BYTES),
      decompress: (bytes, limit) => {
        const size = Buffer.alloc(SIZE_BYTES)
        size.writeUInt32LE(limit)
        return lz4.uncompress(Buffer.concat([size, bytes]))
      },
    }
  },
  zstd: zstdBlocks,
}

const loaded = new Map<BlockCompression, Promise<BlockCodec>>()

/** Returns the codec. Its decompression rejects with `HR_DATA_INVALID`. */
export function blockCodec(name: BlockCompression): Promise<BlockCodec> {
  let codec = loaded.get(name)
  if (codec === undefined) loaded.set(name, (codec = codecs[name]().then((plain) => explained(name, plain))))
  return codec
}

function explained(name: BlockCompression, { compress, decompress }: BlockCodec): BlockCodec {
  return {
    compress,
    decompress: async (bytes, limit) => {
      try {
        const result = await decompress(bytes, limit)
        refuseLonger(result.length, limit)
        return result
      } catch (cause) {
        const message = `${bytes.length} bytes are not valid ${name} data: ${messageOf(cause)}`
        throw new ConnectError('HR_DATA_INVALID', message, { cause })
      }
    },
  }
}

/** Returns the size at the start of a snappy block: a varint of at most 32 bits. */
function snappySize(bytes: Buffer): number {
  let size = 0
  for (let at = 0; at < 5 && at < bytes.length; at++) {
    const byte = bytes[at] as number
    size += (byte & 0x7f) * 2 ** (7 * at)
    if (byte < 0x80) return size
  }
  throw new RangeError('the size at the start is cut off')
}

function refuseLonger(size: number, limit: number): void {
  if (size > limit)
    throw new RangeError(`${size} bytes when decompressed, where at most ${limit} are expected`)
}
