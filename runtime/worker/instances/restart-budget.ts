const MAX_RESTARTS = 10
const FIRST_DELAY_MS = 1000
const MAX_DELAY_MS = 60_000
/** An instance that has run this long in one process has a full budget again. */
const RESET_AFTER_MS = 600_000

/**
 * Limits the restarts of one instance after something other than the worker ended its process: the first
 * restart is immediate, the next ones follow after growing delays, until none is left.
 */
export class RestartBudget {
  #used = 0
  #lastAt = 0

  /** Returns the delay before the next start in milliseconds, or undefined when the budget is exhausted. */
  take(now: number): number | undefined {
    if (now - this.#lastAt > RESET_AFTER_MS) this.#used = 0
    this.#lastAt = now
    if (this.#used === MAX_RESTARTS) return undefined
    this.#used++
    return this.#used === 1 ? 0 : Math.min(FIRST_DELAY_MS * 2 ** (this.#used - 2), MAX_DELAY_MS)
  }

  get used(): number {
    return this.#used
  }
}
