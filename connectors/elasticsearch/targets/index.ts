export { parseNameTemplate } from './name-template.ts'
export type { NameTemplate } from './name-template.ts'
export type { DataStreamOptions, ExternalResourceOptions, TargetOptions } from './options.ts'
export { targetOf } from './target-of.ts'
