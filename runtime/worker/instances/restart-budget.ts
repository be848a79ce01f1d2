const MAX_RESTARTS = 10
const FIRST_DELAY_MS = 1000
const MAX_DELAY_MS = 60_000
/** An instance that has kept its process for this long starts with a full budget. */
const CALM_MS = 600_000

/**
 * Restarts of one instance after something other than the worker ended its process: the first at once, the next after
 * growing delays, until none is left.
 */
export class RestartBudget {
  #used = 0
  #lastAt = 0

  /** Returns the delay before the next start in milliseconds, or undefined when the budget is used up. */
  take(now: number): number | undefined {
    if (now - this.#lastAt > CALM_MS) this.#used = 0
    this.#lastAt = now
    if (this.#used === MAX_RESTARTS) return undefined
    this.#used++
    return this.#used === 1 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (this.#used - 2), MAX_DELAY_MS)
  }

  get used(): number {
    return this.#used
  }
}
