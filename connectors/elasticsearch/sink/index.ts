export type { SinkTaskSettings } from './settings.ts'
export { openSinkTask } from './task.ts'
