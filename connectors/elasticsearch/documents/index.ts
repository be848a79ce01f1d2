export { fieldText } from './field-path.ts'
export { operationBuilder } from './operation-builder.ts'
export type { OperationOptions } from './options.ts'
