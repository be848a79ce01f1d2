/** Exponential backoff: each delay is twice the previous one, up to a maximum, with a jitter of 20 %. */
export class Backoff {
  readonly #firstMs: number
  readonly #maxMs: number
  #tries = 0

  constructor(firstMs: number, maxMs: number) {
    this.#firstMs = firstMs
    this.#maxMs = maxMs
  }

  /** Returns the next delay, in milliseconds. */
  next(): number {
    const ms = Math.min(this.#firstMs * 2 ** this.#tries, this.#maxMs)
    this.#tries++
    return ms * (0.8 + 0.4 * Math.random())
  }

  reset(): void {
    this.#tries = 0
  }
}
