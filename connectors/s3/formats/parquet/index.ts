export { writableParquetCodec, type ParquetCodecName } from './codecs.ts'
export { parquetFormat } from './format.ts'
export { parquetReader } from './reader.ts'
