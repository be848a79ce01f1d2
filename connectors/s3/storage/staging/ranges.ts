/** A part of the temporary file. */
export interface Range {
  readonly start: number
  readonly length: number
}

/** Free ranges that are shorter stay unused until they have grown: reading many of them would be slow. */
export const MIN_FRAGMENT = 64 * 1024

/** Assigns ranges of a file, those that have become free first, so that the file grows only by what is needed at a time. */
export class RangeAllocator {
  /** Sorted by position; no two of them touch, and none touches the end. */
  #free: Range[] = []
  #end = 0
  #used = 0

  /** Position after the last range in use. */
  get end(): number {
    return this.#end
  }

  /** Number of bytes in use. */
  get used(): number {
    return this.#used
  }

  /** Returns ranges with this many bytes in total, in ascending order. */
  allocate(length: number): Range[] {
    const taken: Range[] = []
    const kept: Range[] = []
    let missing = length
    for (const range of this.#free) {
      if (missing === 0 || range.length < Math.min(MIN_FRAGMENT, missing)) {
        kept.push(range)
        continue
      }
      const taking = Math.min(range.length, missing)
      taken.push({ start: range.start, length: taking })
      missing -= taking
      if (taking < range.length) {
        kept.push({ start: range.start + taking, length: range.length - taking })
      }
    }
    this.#free = kept
    if (missing > 0) {
      taken.push({ start: this.#end, length: missing })
      this.#end += missing
    }
    this.#used += length
    return taken
  }

  /** Makes a range available again. It must be in use. */
  free({ start, length }: Range): void {
    this.#used -= length
    let low = 0
    for (let high = this.#free.length; low < high;) {
      const middle = (low + high) >>> 1
      if ((this.#free[middle]?.start ?? 0) < start) low = middle + 1
      else high = middle
    }
    const before = this.#free[low - 1]
    const after = this.#free[low]
    const joinsBefore = before !== undefined && before.start + before.length === start
    const joinsAfter = after !== undefined && start + length === after.start
    const merged = {
      start: joinsBefore ? before.start : start,
      length: length + (joinsBefore ? before.length : 0) + (joinsAfter ? after.length : 0),
    }
    const at = joinsBefore ? low - 1 : low
    const replaced = (joinsBefore ? 1 : 0) + (joinsAfter ? 1 : 0)
    if (merged.start + merged.length === this.#end) {
      this.#end = merged.start
      this.#free.splice(at, replaced)
    } else {
      this.#free.splice(at, replaced, merged)
    }
  }
}
