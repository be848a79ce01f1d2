const FIRST_CAPACITY = 64

/**
 * The records of one partition that are not settled, and settled ones behind them, as a ring: 9 bytes for each record.
 */
export class PartitionOffsets {
  #offsets = new Float64Array(FIRST_CAPACITY)
  #settled = new Uint8Array(FIRST_CAPACITY)
  #first = 0
  #length = 0
  #last = -1

  /** Number of records from the first one that is not settled. */
  get length(): number {
    return this.#length
  }

  /** Offset of the record added last; -1 if there is none. */
  get last(): number {
    return this.#last
  }

  /** Offset of the first record that is not settled; undefined if all are. */
  get firstPending(): number | undefined {
    return this.#length === 0 ? undefined : this.#offsets[this.#first]
  }

  /** Adds a record. Its offset may be lower than that of the last one only if all records are settled. */
  add(offset: number): void {
    if (this.#length === this.#offsets.length) this.#grow()
    const slot = this.#slot(this.#length)
    this.#offsets[slot] = offset
    this.#settled[slot] = 0
    this.#length++
    this.#last = offset
  }

  /** Marks a record as settled. Ignores an offset that is not pending. Returns by how much {@link length} has decreased. */
  settle(offset: number): number {
    const index = this.#indexOf(offset)
    if (index < 0) return 0
    this.#settled[this.#slot(index)] = 1
    let released = 0
    while (this.#length > 0 && this.#settled[this.#first] === 1) {
      this.#first = this.#slot(1)
      this.#length--
      released++
    }
    return released
  }

  #slot(index: number): number {
    return (this.#first + index) & (this.#offsets.length - 1)
  }

  #at(index: number): number {
    return this.#offsets[this.#slot(index)] ?? -1
  }

  /** Offsets mostly follow each other without gaps, so the first guess is usually right. */
  #indexOf(offset: number): number {
    if (this.#length === 0) return -1
    const guess = offset - this.#at(0)
    if (guess < 0) return -1
    if (guess < this.#length && this.#at(guess) === offset) return guess
    let low = 0
    let high = this.#length - 1
    while (low <= high) {
      const middle = (low + high) >>> 1
      const found = this.#at(middle)
      if (found === offset) return middle
      if (found < offset) low = middle + 1
      else high = middle - 1
    }
    return -1
  }

  #grow(): void {
    const offsets = new Float64Array(this.#offsets.length * 2)
    const settled = new Uint8Array(offsets.length)
    for (let index = 0; index < this.#length; index++) {
      offsets[index] = this.#at(index)
      settled[index] = this.#settled[this.#slot(index)] ?? 0
    }
    this.#offsets = offsets
    this.#settled = settled
    this.#first = 0
  }
}
