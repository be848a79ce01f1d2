export { textFormat } from './format.ts'
