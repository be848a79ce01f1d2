import { promisify } from 'node:util'
import zlib from 'node:zlib'
import type { BlockCodec } from './block-codec.ts'

/** The level of Java's ZstandardCodec. */
const LEVEL = 3

type NodeZstd = (bytes: Buffer, options: object, done: (error: Error | null, result: Buffer) => void) => void

/** Node's own codec since version 22.15; a WebAssembly build, which blocks the event loop, for earlier versions. */
export async function zstdBlocks(): Promise<BlockCodec> {
  const { zstdCompress, zstdDecompress } = zlib as unknown as Partial<Record<string, NodeZstd>>
  return zstdCompress === undefined || zstdDecompress === undefined
    ? inWebAssembly()
    : inNode(zstdCompress, zstdDecompress)
}

function inNode(zstdCompress: NodeZstd, zstdDecompress: NodeZstd): BlockCodec {
  const compress = promisify(zstdCompress)
  const decompress = promisify(zstdDecompress)
  return {
    compress: (bytes) => compress(bytes, {}),
    decompress: (bytes, limit) => decompress(bytes, { maxOutputLength: Math.max(limit, 1) }),
  }
}

async function inWebAssembly(): Promise<BlockCodec> {
  const zstd = await import('@bokuweb/zstd-wasm')
  await zstd.init()
  return {
    compress: async (bytes) => asBuffer(zstd.compress(bytes, LEVEL)),
    decompress: async (bytes, limit) => asBuffer(zstd.decompress(bytes, { defaultHeapSize: limit })),
  }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
