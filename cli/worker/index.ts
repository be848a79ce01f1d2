export { readWorkerSettings } from './settings.ts'
export { startWorker } from './start.ts'
export type { RunningWorker, StartOptions } from './start.ts'
