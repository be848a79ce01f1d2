export { byteArrayFormat } from './format.ts'
export { byteArrayReader } from './reader.ts'
export type { BytesLayout } from './reader.ts'
