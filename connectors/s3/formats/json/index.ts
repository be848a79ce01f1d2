export { jsonFormat } from './format.ts'
export { jsonReader } from './reader.ts'
