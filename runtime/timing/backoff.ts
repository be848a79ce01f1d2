/** Growing waits between tries: each `factor` times the last, up to a limit, with some chance so that crowds part. */
export class Backoff {
  readonly #firstMs: number
  readonly #maxMs: number
  #tries = 0

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs
    this.#maxMs = maxMs
  }

  /** How long to wait now, in milliseconds. */
  next(): number {
    const ms = Math.min(this.#firstMs * 2 ** this.#tries, this.#maxMs)
    this.#tries++
    return ms * (0.8 + 0.4 * Math.random())
  }

  reset(): void {
    this.#tries = 0
  }
}
