export { Backoff } from './backoff.ts'
export { Changes } from './changes.ts'
export { abortReason, sleep, within } from './sleep.ts'
export { Signal } from './signal.ts'
