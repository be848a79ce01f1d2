/**
 * Counts what is not settled by generation. A flush ends a generation, and waits until it and all earlier ones are settled.
 */
export class Generations {
  /** Number of the oldest generation that is kept. */
  #first = 0
  #counts = [0]

  /** Number of the generation that additions belong to. */
  get current(): number {
    return this.#first + this.#counts.length - 1
  }

  add(): void {
    const last = this.#counts.length - 1
    this.#counts[last] = (this.#counts[last] ?? 0) + 1
  }

  settle(generation: number): void {
    const index = generation - this.#first
    this.#counts[index] = (this.#counts[index] ?? 0) - 1
    while (this.#counts.length > 1 && this.#counts[0] === 0) {
      this.#counts.shift()
      this.#first++
    }
  }

  /** Returns the last generation with additions, which ends. One without any goes on. */
  end(): number {
    if (this.#counts.at(-1) !== 0) this.#counts.push(0)
    return this.current - 1
  }

  /** Whether everything up to the generation is settled. */
  isSettled(generation: number): boolean {
    return generation < this.#first
  }
}
