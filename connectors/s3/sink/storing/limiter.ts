/** Runs at most a number of operations at the same time, in the order of the calls. */
export class Limiter {
  readonly #limit: number
  readonly #waiting = new Set<() => void>()
  #running = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  /** Runs an operation when its turn has come. Rejects if the signal is aborted before. */
  async run<T>(signal: AbortSignal, operation: () => Promise<T>): Promise<T> {
    await this.#turn(signal)
    try {
      signal.throwIfAborted()
      return await operation()
    } finally {
      const [next] = this.#waiting
      if (next === undefined) this.#running--
      else next() // takes over the place
    }
  }

  #turn(signal: AbortSignal): Promise<void> | void {
    if (this.#running < this.#limit) {
      this.#running++
      return
    }
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => () => {
        this.#waiting.delete(start)
        signal.removeEventListener('abort', abort)
        end()
      }
      const start = settle(resolve)
      const abort = settle(() => reject(signal.reason as Error))
      this.#waiting.add(start)
      if (signal.aborted) abort()
      else signal.addEventListener('abort', abort)
    })
  }
}
