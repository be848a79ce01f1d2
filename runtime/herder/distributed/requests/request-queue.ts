import type { ConnectError } from '../../../../api/index.ts'

export interface RequestOptions {
  /** Not before so many milliseconds have passed. */
  readonly delayMs?: number
  /** The only connector that it is about: it may be done at the same time as requests about others. */
  readonly connector?: string
}

interface QueuedRequest {
  readonly at: number
  readonly order: number
  readonly connector: string | undefined
  readonly run: () => Promise<void>
  readonly fail: (error: ConnectError) => void
}

/** More at a time would keep the herder from its other duties. */
const MAX_TOGETHER = 32

/**
 * What users and the worker itself ask for, done in the herder's turns when it is due, in order. Neighbours about
 * different connectors are done together, so that what they write goes out, and comes back, as one.
 *
 * Differs: Java does one at a time. Source: DistributedHerder.addRequest.
 */
export class RequestQueue {
  readonly #wake: () => void
  #queue: QueuedRequest[] = []
  #order = 0
  #closed: ConnectError | undefined

  constructor(wake: () => void) {
    this.#wake = wake
  }

  /** Resolves to what `step` does in its turn. */
  add<T>(step: () => T | Promise<T>, { delayMs = 0, connector }: RequestOptions = {}): Promise<T> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    return new Promise((resolve, reject) => {
      const run = async () => {
        try {
          resolve(await step())
        } catch (error) {
          reject(error)
        }
      }
      this.#queue.push({ at: Date.now() + delayMs, order: this.#order++, connector, run, fail: reject })
      this.#queue.sort((a, b) => a.at - b.at || a.order - b.order)
      this.#wake()
    })
  }

  /** Does the first request that is due, with those behind it that go along. True when there was one. */
  async runDue(): Promise<boolean> {
    const together = this.#queue.splice(0, this.#countDue(Date.now()))
    await Promise.all(together.map((request) => request.run()))
    return together.length > 0
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

  /** How many of the first requests are due and can be done together. */
  #countDue(now: number): number {
    const connectors = new Set<string>()
    for (const { at, connector } of this.#queue) {
      if (at > now) break
      if (connector === undefined) return Math.max(1, connectors.size)
      if (connectors.has(connector) || connectors.size === MAX_TOGETHER) break
      connectors.add(connector)
    }
    return connectors.size
  }
}
