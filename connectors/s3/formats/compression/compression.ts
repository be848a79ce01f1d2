import type { Output } from '../../ports.ts'

/** Compresses the bytes of one object. Its methods are called like those of an ObjectEncoder. */
export interface Compressor {
  /** Adds bytes, which must not change. */
  add(bytes: Buffer): void
  /** Memory in bytes that has not been passed to the output. */
  readonly heldBytes: number
  /** Compresses everything added and passes it to the output. */
  release(): Promise<void>
  /** Like `release`, and ends the compressed data. */
  end(): Promise<void>
}

/** The names of compressions in the settings of the connectors. */
export type CompressionName = 'none' | 'gzip' | 'snappy' | 'zstd'

/** A compression of whole objects. */
export interface Compression {
  readonly name: CompressionName
  /** Added to the names of objects, such as `.gz`. */
  readonly extension: string
  /** Returns a compressor for one object. It calls the output only during calls of its methods. */
  compressor(output: Output): Compressor
  /** Decompresses a stream. Throws an error of the library after the data before the fault. */
  decompress(bytes: AsyncIterable<Buffer>): AsyncIterable<Buffer>
}

/** No compression. */
export const uncompressed: Compression = {
  name: 'none',
  extension: '',
  compressor: (output) => ({
    add: output,
    heldBytes: 0,
    release: async () => {},
    end: async () => {},
  }),
  decompress: (bytes) => bytes,
}
