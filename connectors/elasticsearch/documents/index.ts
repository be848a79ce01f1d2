export { operationBuilder } from './operation-builder.ts'
export type { OperationOptions } from './options.ts'
