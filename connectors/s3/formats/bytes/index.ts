export { byteArrayFormat } from './format.ts'
export type { ByteArraySettings } from './format.ts'
