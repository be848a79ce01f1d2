import { promisify } from 'node:util'
import zlib from 'node:zlib'

const FIRST_GUESS_BYTES = 1024 * 1024
const MAX_UNPACKED_BYTES = 512 * 1024 * 1024

interface ZstdCodec {
  compress(bytes: Buffer, level: number | undefined): Promise<Buffer>
  decompress(bytes: Buffer): Promise<Buffer>
}

type NodeZstd = (bytes: Buffer, options: object, done: (error: Error | null, result: Buffer) => void) => void

/** Node's own codec since version 22.15; a WebAssembly build for earlier versions. */
export async function zstdCodec(): Promise<ZstdCodec> {
  const { zstdCompress, zstdDecompress } = zlib as unknown as Partial<Record<string, NodeZstd>>
  return zstdCompress === undefined || zstdDecompress === undefined
    ? wasm()
    : native(zstdCompress, zstdDecompress)
}

function native(zstdCompress: NodeZstd, zstdDecompress: NodeZstd): ZstdCodec {
  const compress = promisify(zstdCompress)
  const decompress = promisify(zstdDecompress)
  const { ZSTD_c_compressionLevel: levelParameter } = zlib.constants as unknown as Record<string, number>
  return {
    compress: (bytes, level) =>
      compress(bytes, level === undefined ? {} : { params: { [String(levelParameter)]: level } }),
    decompress: (bytes) => decompress(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }),
  }
}

async function wasm(): Promise<ZstdCodec> {
  const zstd = await import('@bokuweb/zstd-wasm')
  await zstd.init()
  return {
    compress: async (bytes, level) => asBuffer(zstd.compress(bytes, level)),
    decompress: async (bytes) => decompressUnsized(zstd.decompress, bytes),
  }
}

/**
 * Java's producers do not write the decompressed size. Without it, the buffer is doubled until the data fits.
 */
function decompressUnsized(
  decompress: (bytes: Buffer, options: { defaultHeapSize: number }) => Uint8Array,
  bytes: Buffer,
): Buffer {
  for (let room = Math.max(FIRST_GUESS_BYTES, bytes.length * 8); ; room *= 2) {
    try {
      return asBuffer(decompress(bytes, { defaultHeapSize: room }))
    } catch (error) {
      if (room >= MAX_UNPACKED_BYTES || !(error as Error).message.endsWith('-70')) throw error
    }
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
