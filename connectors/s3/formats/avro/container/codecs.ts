import { promisify } from 'node:util'
import { crc32, deflateRaw, inflateRaw } from 'node:zlib'
import { ConnectError } from '../../../../../api/index.ts'
import { blockCodec } from '../../../compression/index.ts'
import { corrupt } from '../values/items.ts'

/** The compressions of `avro.codec` that can be written. */
export const writableCodecs = ['null', 'deflate', 'snappy'] as const

export type AvroCodec = (typeof writableCodecs)[number]

/** How the blocks of a file are compressed. Large blocks are compressed on the thread pool. */
export interface Codec {
  compress(bytes: Buffer): Promise<Buffer>
  /** Rejects with `HR_DATA_INVALID` for bytes that are not valid. */
  decompress(bytes: Buffer): Promise<Buffer>
}

/** Memory in bytes that a block may take. Writers make blocks of some 16 KiB to a few MiB, or one large value. */
export const MAX_BLOCK = 256 << 20

/** A block of zstd is expected to have at most this many times its compressed size, because memory is reserved for it. */
const ZSTD_RATIO = 64
const ZSTD_RESERVE = 1 << 20

const CHECKSUM_BYTES = 4

const deflateBytes = promisify<Buffer, Buffer>(deflateRaw)
const inflateBytes = promisify<Buffer, object, Buffer>(inflateRaw)

const codecs: Readonly<Record<string, Codec>> = {
  null: {
    compress: (bytes) => Promise.resolve(bytes),
    decompress: (bytes) => Promise.resolve(bytes),
  },
  deflate: {
    compress: deflateBytes,
    decompress: (bytes) => inflateBytes(bytes, { maxOutputLength: MAX_BLOCK }),
  },
  snappy: { compress: snappyCompress, decompress: snappyDecompress },
  zstandard: {
    compress: async (bytes) => (await blockCodec('zstd')).compress(bytes),
    decompress: async (bytes) => {
      const zstd = await blockCodec('zstd')
      const expected = Math.max(bytes.length * ZSTD_RATIO, ZSTD_RESERVE)
      if (expected >= MAX_BLOCK) return zstd.decompress(bytes, MAX_BLOCK)
      return zstd.decompress(bytes, expected).catch(() => zstd.decompress(bytes, MAX_BLOCK))
    },
  },
}

const instead = 'use deflate or snappy'

/**
 * Returns the codec with this name in a file. Throws `HR_DATA_INVALID` for one that is not supported; bzip2 is not, as there
 * is no maintained library for it.
 */
export function codecOf(name: string): Codec {
  const codec = Object.hasOwn(codecs, name) ? codecs[name] : undefined
  if (codec !== undefined) return codec
  const reason = name === 'bzip2' ? 'there is no maintained library for it' : 'it is unknown'
  throw new ConnectError('HR_DATA_INVALID', `The compression ${name} is not supported: ${reason}; ${instead}`)
}

/** Throws `HR_CONFIG_INVALID` for a value of `avro.codec` that cannot be written. */
export function writableCodec(name: string): AvroCodec {
  const codec = writableCodecs.find((known) => known === name)
  if (codec !== undefined) return codec
  const reason =
    name === 'bzip2'
      ? 'Files cannot be written with bzip2, for which there is no maintained library'
      : 'Unknown'
  throw new ConnectError(
    'HR_CONFIG_INVALID',
    `Invalid value ${name} for configuration avro.codec: ${reason}; ${instead}`,
  )
}

/** The block is followed by the checksum of the uncompressed bytes. */
async function snappyCompress(bytes: Buffer): Promise<Buffer> {
  const compressed = await (await blockCodec('snappy')).compress(bytes)
  const checksum = Buffer.alloc(CHECKSUM_BYTES)
  checksum.writeUInt32BE(crc32(bytes))
  return Buffer.concat([compressed, checksum])
}

async function snappyDecompress(bytes: Buffer): Promise<Buffer> {
  const end = bytes.length - CHECKSUM_BYTES
  if (end < 0) throw corrupt('a block of snappy is too short for its checksum')
  const plain = await (await blockCodec('snappy')).decompress(bytes.subarray(0, end), MAX_BLOCK)
  if (crc32(plain) !== bytes.readUInt32BE(end)) throw corrupt('the checksum of a block of snappy is wrong')
  return plain
}
