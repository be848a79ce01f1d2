const GROWTH = 1.25

/**
 * Limits the size of requests in bytes: half of what the server did not take; larger again with each request that it takes,
 * but never as large as one that was too large.
 */
export class RequestSize {
  #ceiling: number
  #bytes: number

  constructor(bytes: number) {
    this.#ceiling = bytes
    this.#bytes = bytes
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Called when the server does not accept requests of this size. */
  tooLarge(bytes: number): void {
    this.#ceiling = Math.max(1, Math.min(this.#ceiling, Math.floor(bytes / 2)))
    this.#bytes = Math.min(this.#bytes, this.#ceiling)
  }

  /** Called when the server cannot process a request of this size at present. */
  tooMuch(bytes: number): void {
    this.#bytes = Math.max(1, Math.min(this.#bytes, Math.floor(bytes / 2)))
  }

  /** Called when the server has accepted a request of this size. */
  accepted(bytes: number): void {
    if (this.#bytes === this.#ceiling || bytes * 2 < this.#bytes) return
    this.#bytes = Math.min(this.#ceiling, Math.ceil(this.#bytes * GROWTH))
  }
}
