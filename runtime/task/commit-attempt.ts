import { messageOf } from '../../api/index.ts'
import { within } from '../timing/index.ts'
import { noteCommit, type TaskMetrics } from './metrics.ts'

/** Why a commit failed. `late`: it took too long. */
export interface CommitFailure {
  readonly reason: string
  readonly late: boolean
}

const LATE = Symbol('late')

/**
 * Waits for a commit of offsets for at most `flushTimeoutMs`, or until the signal is aborted, and counts it. Resolves to
 * the reason of a failure, otherwise to undefined. Never throws.
 */
export async function attemptCommit(
  commit: () => Promise<void>,
  flushTimeoutMs: number,
  metrics: TaskMetrics,
  signal?: AbortSignal,
): Promise<CommitFailure | undefined> {
  const startedAt = Date.now()
  const failure = await failureOf(commit, flushTimeoutMs, signal)
  noteCommit(metrics, failure === undefined, Date.now() - startedAt)
  return failure
}

async function failureOf(
  commit: () => Promise<void>,
  flushTimeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<CommitFailure | undefined> {
  try {
    if ((await within(flushTimeoutMs, commit(), () => LATE, signal)) !== LATE) return undefined
    return { reason: `it took longer than ${flushTimeoutMs} ms (offset.flush.timeout.ms)`, late: true }
  } catch (error) {
    return { reason: messageOf(error), late: false }
  }
}
