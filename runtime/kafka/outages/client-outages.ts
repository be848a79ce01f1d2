import type { Outages } from './outages.ts'
import { troubleOf } from './trouble.ts'

/**
 * One client's part in the outages of its owner. Needs are named by anything that is the same at each try: a text, or
 * an object such as a partition's queue.
 */
export class ClientOutages {
  readonly #outages: Outages
  readonly #failing = new Map<unknown, object>()
  #reached = false
  #closed = false

  constructor(outages: Outages) {
    this.#outages = outages
  }

  /**
   * A try failed, and another will follow. `atOnce`: the cause cannot be a short one. A client that has never reached a
   * broker reports a failed connection at once, too: probably its settings are wrong.
   */
  failing(need: unknown, error: unknown, atOnce = false): void {
    if (this.#closed) return
    const trouble = troubleOf(error)
    const token = this.#failing.get(need) ?? {}
    this.#failing.set(need, token)
    this.#outages.failing(token, trouble, atOnce || (trouble.unreachable && !this.#reached))
  }

  /** It worked, was given up, or is not needed any more. Costs next to nothing while all is well. */
  recovered(need: unknown): void {
    if (this.#failing.size === 0) return
    const token = this.#failing.get(need)
    if (token === undefined) return
    this.#failing.delete(need)
    this.#outages.recovered(token)
  }

  /** A broker has answered. */
  reached(): void {
    this.#reached = true
  }

  /** The client tries nothing any more. */
  close(): void {
    this.#closed = true
    for (const need of this.#failing.keys()) this.recovered(need)
  }
}
