import { uncompressed, type Compression, type CompressionName } from './compression.ts'
import { gzip } from './gzip.ts'
import { snappy } from './snappy.ts'
import { zstd } from './zstd.ts'

/** Returns a compression. `level` is that of gzip: 0 to 9, or -1 for the default. */
export function compressionNamed(name: CompressionName, level = -1): Compression {
  switch (name) {
    case 'none':
      return uncompressed
    case 'gzip':
      return gzip(level)
    case 'snappy':
      return snappy
    case 'zstd':
      return zstd
  }
}
