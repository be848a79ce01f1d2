import { abortReason, onAbort } from './sleep.ts'
import { startTimer } from './timer.ts'

interface Waiter {
  readonly condition: () => boolean
  readonly wake: () => void
}

/** Wakes callers that wait for a condition. Each {@link notify} checks the conditions of all waiters. */
export class Changes {
  readonly #waiters = new Set<Waiter>()

  notify(): void {
    for (const { condition, wake } of this.#waiters) if (condition()) wake()
  }

  /** Resolves when the condition holds. Rejects with the reason of the signal on abort. */
  async until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!condition()) {
      if (signal?.aborted === true) throw abortReason(signal)
      await this.#once(condition, undefined, signal)
    }
  }

  /** Resolves to true when the condition holds, or to false after `timeoutMs` or on abort. */
  async waitFor(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    for (let left = timeoutMs; !condition(); left = deadline - Date.now()) {
      if (left <= 0 || signal?.aborted === true) return false
      await this.#once(condition, left, signal)
    }
    return true
  }

  /** Resolves when the condition holds after a change, after the timeout, or on abort. */
  #once(
    condition: () => boolean,
    timeoutMs: number | undefined,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        timer?.cancel()
        this.#waiters.delete(waiter)
        forgetAbort()
        resolve()
      }
      const waiter = { condition, wake }
      const timer = timeoutMs === undefined ? undefined : startTimer(timeoutMs, wake)
      const forgetAbort = onAbort(signal, wake)
      this.#waiters.add(waiter)
    })
  }
}
