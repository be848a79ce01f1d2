export type { OperationOptions } from './options.ts'
