/**
 * Records that are in objects which existed already, by directory: they are skipped when they are read again.
 *
 * As long as an unstored record may lie before the end of a mark, only the position at which the marks begin is safe: a
 * task that started in between would not find the objects again by their names, and write their records a second time.
 */
export class SkipMarks {
  readonly #ends = new Map<string, number>()
  #from = Infinity
  #last = -1

  /**
   * Adds marks of a rotation that started at the offset `from`: offsets of the last records, by directory. All records
   * before `from` are stored or skipped.
   */
  add(from: number, ends: ReadonlyMap<string, number>): void {
    this.safe(from)
    this.#from = Math.min(this.#from, from)
    for (const [place, end] of ends) {
      this.#ends.set(place, Math.max(end, this.#ends.get(place) ?? -1))
      this.#last = Math.max(this.#last, end)
    }
  }

  get any(): boolean {
    return this.#ends.size > 0
  }

  skips(place: string, offset: number): boolean {
    return offset <= (this.#ends.get(place) ?? -1)
  }

  /** Returns the position that is safe if all records before `unstored` are stored or skipped. Forgets marks it has passed. */
  safe(unstored: number): number {
    if (unstored <= this.#last) return Math.min(this.#from, unstored)
    this.#ends.clear()
    this.#from = Infinity
    this.#last = -1
    return unstored
  }
}
