/**
 * Wakes a loop that waits for work: `notify` may come before, during or between waits, and is never lost.
 *
 * One waiter at a time.
 */
export class Signal {
  #pending = false
  #wake: (() => void) | undefined

  notify(): void {
    this.#pending = true
    this.#wake?.()
  }

  /** Resolves at the next notification, at once if one has come since the last wait; or after `timeoutMs`; or on abort. */
  async wait(timeoutMs?: number, abort?: AbortSignal): Promise<void> {
    if (!this.#pending && abort?.aborted !== true && (timeoutMs === undefined || timeoutMs > 0)) {
      await this.#sleep(timeoutMs, abort)
    }
    this.#pending = false
  }

  #sleep(timeoutMs: number | undefined, abort: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const timer = timeoutMs === undefined ? undefined : setTimeout(() => this.#wake?.(), timeoutMs)
      const wake = () => {
        clearTimeout(timer)
        abort?.removeEventListener('abort', wake)
        this.#wake = undefined
        resolve()
      }
      this.#wake = wake
      abort?.addEventListener('abort', wake, { once: true })
    })
  }
}
