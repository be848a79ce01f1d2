import { within } from '../../timing/index.ts'

/** Time for the current step of a herder to end before its connectors and tasks are stopped, in milliseconds. */
export const STEP_MS = 1000
/** Time that a stop takes beyond the graceful timeout of the tasks, at most. */
const REST_MS = 3000

/** Returns the time left until the deadline that all waits of a stop share, in milliseconds. */
export function stopDeadline(gracefulStopMs: number): () => number {
  const deadline = Date.now() + gracefulStopMs + REST_MS
  return () => Math.max(0, deadline - Date.now())
}

/** Resolves when the work is done, or after `ms`. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  await within(ms, work, () => {})
}
