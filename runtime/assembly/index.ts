export { createDistributedHerder } from './distributed.ts'
export type { WorkerOptions } from './ports.ts'
export { createStandaloneHerder } from './standalone.ts'
