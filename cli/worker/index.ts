export { readWorkerSettings } from './settings.ts'
export { startWorker } from './start.ts'
export type { RunningWorker } from './start.ts'
