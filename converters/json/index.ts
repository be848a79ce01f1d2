export { jsonConverter } from './converter.ts'
