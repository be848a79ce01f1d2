import { isRetriable, messageOf, type TaskRetry } from '../../../../api/index.ts'

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

export interface RetryParts {
  /** Runs until the signal is aborted, and calls `succeeded` whenever the storage has answered as expected. */
  session(signal: AbortSignal, succeeded: () => void): Promise<void>
  retrying(retry: TaskRetry | null): void
  failed(error: unknown): void
  wait(ms: number, signal: AbortSignal): Promise<void>
}

/** Runs a session again after each retriable error, until the signal is aborted. Never rejects. */
export async function runWithRetries(parts: RetryParts, signal: AbortSignal): Promise<void> {
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
      if (!isRetriable(error)) {
        parts.failed(error)
        return
      }
      if (attempt === 0) since = Date.now()
      attempt++
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS)
      parts.retrying({ since, attempt, reason: messageOf(error), nextAttemptAt: Date.now() + waitMs })
      await parts.wait(waitMs, signal)
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
