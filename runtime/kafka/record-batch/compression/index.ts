import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { ConnectError } from '../../../../api/index.ts'
import { xerialCompress, xerialDecompress } from './xerial.ts'
import { zstdCodec } from './zstd.ts'

/** Indexed by the compression type in a batch's attributes. */
export const compressionTypes = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

export type CompressionType = (typeof compressionTypes)[number]

/**
 * Maximum decompressed size. A larger batch is treated as corrupt, since brokers do not allow messages near
 * it.
 */
export const MAX_UNPACKED_BYTES = 512 * 1024 * 1024

interface Codec {
  compress(bytes: Buffer, level: number | undefined): Promise<Buffer>
  decompress(bytes: Buffer): Promise<Buffer>
}

const gzipAsync = promisify(gzip)
const gunzipAsync = promisify<Buffer, { maxOutputLength: number }, Buffer>(gunzip)

/** Codecs are loaded on first use, because most workers do not need them. */
const codecs: Readonly<Record<Exclude<CompressionType, 'none'>, () => Promise<Codec>>> = {
  gzip: async () => ({
    compress: (bytes, level) => gzipAsync(bytes, level === undefined ? {} : { level }),
    decompress: (bytes) => gunzipAsync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }),
  }),
  snappy: async () => {
    const { default: snappy } = await import('snappy')
    return {
      compress: (bytes) => xerialCompress(bytes, snappy.compressSync),
      decompress: (bytes) => xerialDecompress(bytes, (block) => snappy.uncompressSync(block) as Buffer),
    }
  },
  lz4: async () => {
    const { default: lz4 } = await import('lz4-napi')
    return {
      compress: (bytes) => lz4.compressFrame(bytes),
      decompress: (bytes) => lz4.decompressFrame(bytes),
    }
  },
  zstd: zstdCodec,
}

const loaded = new Map<CompressionType, Promise<Codec>>()

function codec(type: Exclude<CompressionType, 'none'>): Promise<Codec> {
  let ready = loaded.get(type)
  if (ready === undefined) loaded.set(type, (ready = codecs[type]()))
  return ready
}

export async function compress(
  type: Exclude<CompressionType, 'none'>,
  bytes: Buffer,
  level?: number,
): Promise<Buffer> {
  return (await codec(type)).compress(bytes, level)
}

/** Decompresses bytes. Throws `HR_KAFKA_DATA_CORRUPT` if they are not in the format of `type`. */
export async function decompress(type: Exclude<CompressionType, 'none'>, bytes: Buffer): Promise<Buffer> {
  const { decompress: unpack } = await codec(type)
  try {
    return await unpack(bytes)
  } catch (cause) {
    throw new ConnectError('HR_KAFKA_DATA_CORRUPT', `A record batch does not contain valid ${type} data`, {
      cause,
    })
  }
}
