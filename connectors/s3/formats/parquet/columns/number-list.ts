type Numbers = Uint8Array | Uint32Array

interface NumberKind<T> {
  readonly empty: T
  readonly create: (length: number) => T
}

/** Levels: numbers below 256. */
export const levels: NumberKind<Uint8Array> = {
  empty: new Uint8Array(0),
  create: (length) => new Uint8Array(length),
}

/** Indexes and positions: numbers below 2^32. */
export const indexes: NumberKind<Uint32Array> = {
  empty: new Uint32Array(0),
  create: (length) => new Uint32Array(length),
}

/** The engine keeps arrays up to this size in its heap, where they cost a fraction of one outside. */
const FIRST_BYTES = 64

/** Whole numbers that grow. An empty list has no memory. */
export class NumberList<T extends Numbers> {
  readonly #kind: NumberKind<T>
  #values: T
  #length = 0

  constructor(kind: NumberKind<T>) {
    this.#kind = kind
    this.#values = kind.empty
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
      const first = FIRST_BYTES / this.#values.BYTES_PER_ELEMENT
      const grown = this.#kind.create(Math.max(this.#length * 2, first))
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
    this.#values = this.#kind.empty
  }
}
