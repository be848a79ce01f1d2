import { abortReason, onAbort } from './sleep.ts'
import { startTimer } from './timer.ts'

interface Waiter {
  readonly condition: () => boolean
  readonly wake: () => void
}

/** Something that others wait for: after each change it is seen whose condition holds. Any number may wait. */
export class Changes {
  readonly #waiters = new Set<Waiter>()

  notify(): void {
    for (const { condition, wake } of this.#waiters) if (condition()) wake()
  }

  /** Resolves once the condition holds; rejects with the reason of the signal. */
  async until(condition: () => boolean, signal?: AbortSignal): Promise<void> {
    while (!condition()) {
      if (signal?.aborted === true) throw abortReason(signal)
      await this.#once(condition, undefined, signal)
    }
  }

  /** Whether the condition holds, at the latest after `timeoutMs` or on abort. */
  async waitFor(condition: () => boolean, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    for (let left = timeoutMs; !condition(); left = deadline - Date.now()) {
      if (left <= 0 || signal?.aborted === true) return false
      await this.#once(condition, left, signal)
    }
    return true
  }

  /** Resolves when the condition held after a change, the time is over, or the signal was aborted. */
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
