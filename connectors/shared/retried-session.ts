import { isRetriable, messageOf, type TaskRetry } from '../../api/index.ts'
import { waited } from './waited.ts'

/** What {@link runRetriedSession} runs, and whom it tells. */
export interface RetriedSession {
  /**
   * Runs until there is nothing more to do, or the signal is aborted; rejects with the error that ended it. Calls
   * `succeeded` whenever the other system does what it should, which ends a series of attempts.
   */
  session(signal: AbortSignal, succeeded: () => void): Promise<void>
  /** How many attempts follow each other without success; -1 for no limit. */
  readonly maxRetries: number
  /** The longest wait before an attempt, in milliseconds. */
  readonly maxWaitMs: number
  /** Shows that an error is retried; null when an attempt has succeeded. */
  retrying(state: TaskRetry | null): void
  /** Fails the task, once the records before have been passed on. */
  failed(error: unknown): void
}

/** The wait before the first attempt. It doubles with each attempt, up to `maxWaitMs`. */
const FIRST_WAIT_MS = 500

/**
 * Runs one session after the other until the signal is aborted, there is nothing more to do, or an error cannot be
 * retried. Never rejects.
 *
 * Source: BaseSourceTask of Debezium. Differs: a lost connection is restored in the task, which does not repeat records,
 * and the first attempts follow after shorter waits.
 */
export async function runRetriedSession(parts: RetriedSession, signal: AbortSignal): Promise<void> {
  let attempt = 0
  let since = 0
  const succeeded = () => {
    if (attempt > 0) parts.retrying(null)
    attempt = 0
  }
  while (!signal.aborted) {
    try {
      await parts.session(signal, succeeded)
      return
    } catch (error) {
      if (signal.aborted) return
      if (!isRetriable(error) || attempt === parts.maxRetries) {
        parts.failed(error)
        return
      }
      if (attempt === 0) since = Date.now()
      attempt++
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), parts.maxWaitMs)
      const nextAttemptAt = Date.now() + waitMs
      parts.retrying({ since, attempt, reason: messageOf(error), nextAttemptAt })
      await waited(waitMs, signal)
    }
  }
}
