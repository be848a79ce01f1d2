export { runTaskProcess } from './worker/host/main.ts'
