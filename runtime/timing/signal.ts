import { onAbort } from './sleep.ts'
import { startTimer } from './timer.ts'

/**
 * Wakes a loop that waits for work. `notify` may be called before, during, or between waits, and is never
 * lost.
 *
 * Supports one waiter at a time.
 */
export class Signal {
  #pending = false
  #wake: (() => void) | undefined

  notify(): void {
    this.#pending = true
    this.#wake?.()
  }

  /**
   * Resolves on the next notification, immediately if one came since the last wait, after `timeoutMs`, or on
   * abort.
   */
  async wait(timeoutMs?: number, abort?: AbortSignal): Promise<void> {
    if (!this.#pending && abort?.aborted !== true && (timeoutMs === undefined || timeoutMs > 0)) {
      await this.#sleep(timeoutMs, abort)
    }
    this.#pending = false
  }

  #sleep(timeoutMs: number | undefined, abort: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        timer?.cancel()
        forgetAbort()
        this.#wake = undefined
        resolve()
      }
      const timer = timeoutMs === undefined ? undefined : startTimer(timeoutMs, wake)
      const forgetAbort = onAbort(abort, wake)
      this.#wake = wake
    })
  }
}
