export { converterAcceptance } from './converter.ts'
export type { ConverterDriver } from './converter.ts'
export { transformAcceptance } from './transform.ts'
export type { TransformDriver } from './transform.ts'
