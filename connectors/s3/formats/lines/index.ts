export { BlockWriter } from './block-writer.ts'
export { RowEncoder } from './row-encoder.ts'
export type { WriteRow } from './row-encoder.ts'
