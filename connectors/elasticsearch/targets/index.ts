export { parseNameTemplate } from './name-template.ts'
export type { ExternalResourceOptions, TargetOptions } from './options.ts'
export { targetOf } from './target-of.ts'
export { openTargets } from './target-registry.ts'
