import type { ConnectError } from '../../../../api/index.ts'

export interface RequestOptions {
  /** The only connector that it is about: it may be done at the same time as requests about others. */
  readonly connector?: string
}

interface QueuedRequest {
  readonly connector: string | undefined
  readonly run: () => Promise<void>
  readonly fail: (error: ConnectError) => void
}

/** More at a time would keep the herder from its other duties. */
const MAX_TOGETHER = 32

/**
 * Requests of users and of the worker itself, carried out in the herder's turns, in order. Neighbors about different
 * connectors are carried out together, so that their records are written and read back in one round trip.
 *
 * Differs: Java does one at a time. Source: DistributedHerder.addRequest.
 */
export class RequestQueue {
  readonly #wake: () => void
  #queue: QueuedRequest[] = []
  #closed: ConnectError | undefined

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Resolves to what `step` does in its turn. */
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

  /** Carries out the first request, with those behind it that can go along. Returns whether there was one. */
  async runNext(): Promise<boolean> {
    const together = this.#queue.splice(0, this.#countTogether())
    await Promise.all(together.map((request) => request.run()))
    return together.length > 0
  }

  /** Rejects the requests that wait, and all later ones. */
  close(error: ConnectError): void {
    this.#closed = error
    for (const { fail } of this.#queue) fail(error)
    this.#queue = []
  }

  /** How many of the first requests can be carried out together. */
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
