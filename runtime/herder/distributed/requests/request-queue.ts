import type { ConnectError } from '../../../../api/index.ts'

interface QueuedRequest {
  readonly at: number
  readonly order: number
  readonly run: () => Promise<void>
  readonly fail: (error: ConnectError) => void
}

/** What users and the worker itself ask for, done in the herder's turns, one after the other, when it is due. */
export class RequestQueue {
  readonly #wake: () => void
  #queue: QueuedRequest[] = []
  #order = 0
  #closed: ConnectError | undefined

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Resolves to what `step` does in its turn; not before `delayMs`. */
  add<T>(step: () => T | Promise<T>, delayMs = 0): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    return new Promise((resolve, reject) => {
      const run = async () => {
        try {
          resolve(await step())
        } catch (error) {
          reject(error)
        }
      }
      this.#queue.push({ at: Date.now() + delayMs, order: this.#order++, run, fail: reject })
      this.#queue.sort((a, b) => a.at - b.at || a.order - b.order)
      this.#wake()
    })
  }

  /** Does the first request that is due. True when there was one. */
  async runNext(): Promise<boolean> {
    const next = this.#queue[0]
    if (next === undefined || next.at > Date.now()) return false
    this.#queue.shift()
    await next.run()
    return true
  }

  /** When the next one is due, in milliseconds since the epoch. */
  get nextAt(): number | undefined {
    return this.#queue[0]?.at
  }

  /** Fails what waits, and what is still to come. */
  close(error: ConnectError): void {
    this.#closed = error
    for (const { fail } of this.#queue) fail(error)
    this.#queue = []
  }
}
