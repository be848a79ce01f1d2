export { jsonFormat } from './format.ts'
export type { DecimalFormat } from './json-rows.ts'
