import type { Clock } from '../pace/clock.ts'

interface Wait {
  readonly isOver: () => boolean
  readonly end: (over: boolean) => void
  readonly fail: (error: unknown) => void
}

/** Waits for conditions that can become true when {@link check} is called. */
export class Waits {
  readonly #clock: Clock
  readonly #waits = new Set<Wait>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /**
   * Resolves to true when the condition is true, and to false after `ms` milliseconds. Rejects with the reason of the signal
   * when it is aborted.
   */
  until(isOver: () => boolean, ms: number, signal: AbortSignal): Promise<boolean> {
    if (isOver()) return Promise.resolve(true)
    return new Promise((resolve, reject) => {
      const aborted = () => wait.fail(signal.reason)
      const forget = () => {
        this.#waits.delete(wait)
        cancel()
        signal.removeEventListener('abort', aborted)
      }
      const wait: Wait = {
        isOver,
        end: (over) => {
          forget()
          resolve(over)
        },
        fail: (error) => {
          forget()
          reject(error)
        },
      }
      const cancel = ms === Infinity ? () => {} : this.#clock.after(ms, () => wait.end(false))
      if (signal.aborted) return aborted()
      this.#waits.add(wait)
      signal.addEventListener('abort', aborted, { once: true })
    })
  }

  /** Ends the waits whose condition is true. */
  check(): void {
    for (const wait of this.#waits) if (wait.isOver()) wait.end(true)
  }

  /** Rejects all waits. */
  fail(error: unknown): void {
    for (const wait of this.#waits) wait.fail(error)
  }
}
