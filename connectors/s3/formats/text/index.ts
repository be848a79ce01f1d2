export { textFormat } from './format.ts'
export { textReader } from './reader.ts'
