import type { Row } from '../../ports.ts'

/** Rows of a chunk, copied from the connection's buffer. */
export class ChunkRows {
  readonly #cells: number
  #bytes = Buffer.allocUnsafe(64 * 1024)
  #used = 0
  #bounds = new Int32Array(4096)
  #count = 0

  constructor(cells: number) {
    this.#cells = cells
  }

  get count(): number {
    return this.#count
  }

  append(row: Row): void {
    const width = this.#cells * 2
    let bound = this.#count * width
    if (bound + width > this.#bounds.length) this.#growBounds(bound + width)
    for (let cell = 0; cell < this.#cells; cell++) {
      const start = row.starts[cell] ?? -1
      if (start < 0) {
        this.#bounds[bound++] = start
        this.#bounds[bound++] = start
        continue
      }
      const end = row.ends[cell] ?? start
      this.#reserve(end - start)
      this.#bounds[bound++] = this.#used
      row.bytes.copy(this.#bytes, this.#used, start, end)
      this.#used += end - start
      this.#bounds[bound++] = this.#used
    }
    this.#count++
  }

  /** Calls `visit` with each row, in order. The row is the same object each time. */
  forEach(visit: (row: Row, index: number) => void): void {
    const cells = this.#cells
    const row: Row = {
      bytes: this.#bytes,
      starts: new Int32Array(cells),
      ends: new Int32Array(cells),
      count: cells,
    }
    let bound = 0
    for (let index = 0; index < this.#count; index++) {
      for (let cell = 0; cell < cells; cell++) {
        row.starts[cell] = this.#bounds[bound++] ?? -1
        row.ends[cell] = this.#bounds[bound++] ?? -1
      }
      visit(row, index)
    }
  }

  #reserve(length: number): void {
    if (this.#used + length <= this.#bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#used + length))
    this.#bytes.copy(larger, 0, 0, this.#used)
    this.#bytes = larger
  }

  #growBounds(needed: number): void {
    const larger = new Int32Array(Math.max(this.#bounds.length * 2, needed))
    larger.set(this.#bounds)
    this.#bounds = larger
  }
}

/** Returns the text of a cell; null if it is NULL. */
export function cellText(row: Row, cell: number): string | null {
  const start = row.starts[cell] ?? -1
  return start < 0 ? null : row.bytes.toString('utf8', start, row.ends[cell])
}
