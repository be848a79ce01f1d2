export { openSinkTask } from './task.ts'
