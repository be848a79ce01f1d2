export { uncompressed } from './compression.ts'
export type { Compression, CompressionName, Compressor } from './compression.ts'
export { gzip } from './gzip.ts'
export { compressionNamed } from './named.ts'
