/** Minimum time between two lines of a kind, in milliseconds. */
const INTERVAL_MS = 60_000

/** Limits the log lines about what may repeat often: the first of a kind at once, then at most one a minute. */
export class LineLimit {
  #kind: string | undefined
  #loggedAt = 0
  /** Occurrences since the last line. */
  #unlogged = 0

  /** Counts an occurrence. Returns the number since the last line if another line is due, otherwise undefined. */
  due(kind = ''): number | undefined {
    this.#unlogged++
    const now = Date.now()
    if (kind === this.#kind && now - this.#loggedAt < INTERVAL_MS) return undefined
    const count = this.#unlogged
    this.#kind = kind
    this.#loggedAt = now
    this.#unlogged = 0
    return count
  }

  /** The next occurrence counts as the first one. */
  reset(): void {
    this.#kind = undefined
    this.#unlogged = 0
  }
}
