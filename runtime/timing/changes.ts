import { abortReason } from './sleep.ts'

/** Something that others wait for: they check a condition, and look again after each change. Any number may wait. */
export class Changes {
  readonly #waiters = new Set<() => void>()

  notify(): void {
    const waiters = [...this.#waiters]
    this.#waiters.clear()
    for (const wake of waiters) wake()
  }

  /** Resolves once the condition holds; rejects with the reason of the signal. */
  async until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!condition()) {
      if (signal?.aborted === true) throw abortReason(signal)
      await this.#next(undefined, signal)
    }
  }

  /** Whether the condition holds, at the latest after `timeoutMs` or on abort. */
  async waitFor(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    for (let left = timeoutMs; !condition(); left = deadline - Date.now()) {
      if (left <= 0 || signal?.aborted === true) return false
      await this.#next(left, signal)
    }
    return true
  }

  #next(timeoutMs: number | undefined, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearTimeout(timer)
        this.#waiters.delete(wake)
        signal?.removeEventListener('abort', wake)
        resolve()
      }
      const timer = timeoutMs === undefined ? undefined : setTimeout(wake, Math.min(timeoutMs, MAX_TIMER_MS))
      this.#waiters.add(wake)
      signal?.addEventListener('abort', wake, { once: true })
    })
  }
}

/** The longest that a timer can be set for; what waits longer looks again then. */
const MAX_TIMER_MS = 2 ** 31 - 1
