export { jsonFormat } from './format.ts'
export type { DecimalFormat } from './json-rows.ts'
export { jsonReader } from './reader.ts'
