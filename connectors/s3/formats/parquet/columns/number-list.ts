type Numbers = Uint8Array | Uint32Array

/** Small whole numbers that grow: levels, or indexes into a dictionary. */
export class NumberList<T extends Numbers> {
  readonly #create: (length: number) => T
  #values: T
  #length = 0

  constructor(create: (length: number) => T) {
    this.#create = create
    this.#values = create(32)
  }

  get length(): number {
    return this.#length
  }

  /** Memory in bytes. */
  get capacity(): number {
    return this.#values.byteLength
  }

  /** The values, followed by room for more. */
  get values(): T {
    return this.#values
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const grown = this.#create(Math.max(this.#length * 2, 32))
      grown.set(this.#values)
      this.#values = grown
    }
    this.#values[this.#length++] = value
  }

  clear(): void {
    this.#length = 0
  }

  /** Gives the memory back. */
  free(): void {
    this.#length = 0
    this.#values = this.#create(0)
  }
}
