export { writableParquetCodec, type ParquetCodecName } from './codecs.ts'
export { parquetFormat, type ParquetFormatOptions } from './format.ts'
export { parquetReader } from './reader.ts'
