export type { BulkSettings } from './settings.ts'
export { openBulkWriter } from './writer.ts'
export type { BulkWriterParts } from './writer.ts'
