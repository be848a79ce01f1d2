export type { DataStreamOptions, ExternalResourceOptions, TargetOptions } from './options.ts'
