import { ConnectError, invalidValue } from '../../../../api/index.ts'
import type { BlockCompression } from '../../compression/index.ts'

export interface ParquetCodec {
  /** Name in the format. */
  readonly enum: string
  /** Number in the format. Source: CompressionCodec in parquet.thrift. */
  readonly code: number
  /** In names of objects. Source: CompressionCodecName. */
  readonly extension: string
  readonly blocks: BlockCompression | null
}

/**
 * The codecs of `parquet.codec`.
 *
 * Differs: `lzo` is missing: there is no library for it with a license that fits. `lz4` has the frame of
 * Hadoop, as parquet-mr writes it; `lz4_raw` is the one that other programs use.
 */
export const parquetCodecs = {
  none: { enum: 'UNCOMPRESSED', code: 0, extension: '', blocks: null },
  snappy: { enum: 'SNAPPY', code: 1, extension: '.snappy', blocks: 'snappy' },
  gzip: { enum: 'GZIP', code: 2, extension: '.gz', blocks: 'gzip' },
  brotli: { enum: 'BROTLI', code: 4, extension: '.br', blocks: 'brotli' },
  lz4: { enum: 'LZ4', code: 5, extension: '.lz4hadoop', blocks: 'lz4' },
  zstd: { enum: 'ZSTD', code: 6, extension: '.zstd', blocks: 'zstd' },
  lz4_raw: { enum: 'LZ4_RAW', code: 7, extension: '.lz4raw', blocks: 'lz4' },
} as const satisfies Readonly<Record<string, ParquetCodec>>

/** A codec of {@link parquetCodecs}. */
export type ParquetCodecName = keyof typeof parquetCodecs

/** Returns the codec of a setting, by default of `parquet.codec`. Throws `HR_CONFIG_INVALID` for one that cannot be written. */
export function writableParquetCodec(name: string, key = 'parquet.codec'): ParquetCodecName {
  const known = name.toLowerCase()
  if (Object.hasOwn(parquetCodecs, known)) return known as ParquetCodecName
  const expected = Object.keys(parquetCodecs).join(', ')
  const reason = `Value must be one of: [${expected}]`
  throw new ConnectError('HR_CONFIG_INVALID', invalidValue(key, name, reason), { configKey: key })
}
