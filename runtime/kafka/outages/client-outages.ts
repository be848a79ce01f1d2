import type { Outages } from './outages.ts'
import { failedAttempt } from './failed-attempt.ts'

/**
 * The outages of one client, reported to its owner. A need is identified by any value that is the same for each attempt:
 * a string, or an object such as the queue of a partition.
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
   * Called when an attempt has failed and will be retried. `atOnce`: whether to report it immediately, because the
   * cause is probably permanent. A client that has never reached a broker also reports a failed connection immediately,
   * because its settings are probably wrong.
   */
  failing(need: unknown, error: unknown, atOnce = false): void {
    if (this.#closed) return
    const attempt = failedAttempt(error)
    const token = this.#failing.get(need) ?? {}
    this.#failing.set(need, token)
    this.#outages.failing(token, attempt, atOnce || (attempt.unreachable && !this.#reached))
  }

  /** Called when a need has succeeded, was given up, or no longer exists. Cheap when there are no failures. */
  recovered(need: unknown): void {
    if (this.#failing.size === 0) return
    const token = this.#failing.get(need)
    if (token === undefined) return
    this.#failing.delete(need)
    this.#outages.recovered(token)
  }

  /** Called when a broker has responded. */
  reached(): void {
    this.#reached = true
  }

  /** Ends all outages of the client, which makes no more attempts. */
  close(): void {
    this.#closed = true
    for (const need of this.#failing.keys()) this.recovered(need)
  }
}
