import { isRetriable, messageOf } from '../../api/index.ts'

/** Why and since when an error is retried. Times are milliseconds since the epoch. */
export interface Retrying {
  readonly since: number
  /** Number of the next attempt, from 1. */
  readonly attempt: number
  readonly reason: string
  readonly nextAttemptAt: number
}

export interface CaptureParts {
  /**
   * Runs one session: prepares, takes the snapshot if there is one to take, and streams. Resolves when there is nothing
   * more to do; rejects with the error that ended it. Calls `streaming` when the stream has started.
   */
  session(signal: AbortSignal, streaming: () => void): Promise<void>
  /** `errors.max.retries`; -1 for no limit. */
  readonly maxRetries: number
  /** `retriable.restart.connector.wait.ms`: the longest wait before an attempt. */
  readonly retryWaitMs: number
  /** Shows that an error is retried; null when an attempt has succeeded. */
  retrying(state: Retrying | null): void
  /** Fails the task, once the records before have been passed on. */
  failed(error: unknown): void
}

/** The wait before the first attempt. It doubles with each attempt, up to `retryWaitMs`. */
const FIRST_WAIT_MS = 500

/**
 * Runs one session after the other until the signal is aborted, there is nothing more to do, or an error cannot be
 * retried. Never rejects.
 *
 * Source: BaseSourceTask. Differs: a lost connection is restored in the task, which does not repeat records, and the first
 * attempts follow after shorter waits.
 */
export async function runCapture(parts: CaptureParts, signal: AbortSignal): Promise<void> {
  let attempt = 0
  let since = 0
  const streaming = () => {
    if (attempt > 0) parts.retrying(null)
    attempt = 0
  }
  while (!signal.aborted) {
    try {
      await parts.session(signal, streaming)
      return
    } catch (error) {
      if (signal.aborted) return
      if (!isRetriable(error) || attempt === parts.maxRetries) {
        parts.failed(error)
        return
      }
      if (attempt === 0) since = Date.now()
      attempt++
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), parts.retryWaitMs)
      const nextAttemptAt = Date.now() + waitMs
      parts.retrying({ since, attempt, reason: messageOf(error), nextAttemptAt })
      await waited(waitMs, signal)
    }
  }
}

/** Resolves after the wait, or when the signal is aborted. */
export function waited(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}
