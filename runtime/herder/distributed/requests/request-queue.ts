import type { ConnectError } from '../../../../api/index.ts'

export interface RequestOptions {
  /**
   * The only connector that the request concerns: it may run concurrently with requests for other connectors.
   */
  readonly connector?: string
}

interface QueuedRequest {
  readonly connector: string | undefined
  readonly run: () => Promise<void>
  readonly fail: (error: ConnectError) => void
}

/** A larger batch would delay the other steps of the tick. */
const MAX_TOGETHER = 32

/**
 * Requests of users and of the worker itself, executed in order in the herder's ticks. Adjacent requests for
 * different connectors run concurrently, so that their records are written and read back in one round trip.
 *
 * Differs: Java executes one at a time. Source: DistributedHerder.addRequest.
 */
export class RequestQueue {
  readonly #wake: () => void
  #queue: QueuedRequest[] = []
  #closed: ConnectError | undefined

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Resolves to the result of `step`. */
  add<T>(step: () => T | Promise<T>, { connector }: RequestOptions = {}): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    return new Promise((resolve, reject) => {
      const run = async () => {
        try {
          resolve(await step())
        } catch (error) {
          reject(error)
        }
      }
      this.#queue.push({ connector, run, fail: reject })
      this.#wake()
    })
  }

  /**
   * Executes the first request together with those that can run concurrently. Resolves to whether there was
   * one.
   */
  async runNext(): Promise<boolean> {
    const together = this.#queue.splice(0, this.#countTogether())
    await Promise.all(together.map((request) => request.run()))
    return together.length > 0
  }

  /** Rejects all pending and future requests. */
  close(error: ConnectError): void {
    this.#closed = error
    for (const { fail } of this.#queue) fail(error)
    this.#queue = []
  }

  /** How many requests at the head of the queue can run concurrently. */
  #countTogether(): number {
    const connectors = new Set<string>()
    for (const { connector } of this.#queue) {
      if (connector === undefined) return Math.max(1, connectors.size)
      if (connectors.has(connector) || connectors.size === MAX_TOGETHER) break
      connectors.add(connector)
    }
    return connectors.size
  }
}
