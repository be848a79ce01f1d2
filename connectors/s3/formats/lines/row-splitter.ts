/** Rows of an object, in one buffer. */
export interface Rows {
  readonly bytes: Buffer
  /** Start and end of each row, without its separator. */
  readonly bounds: readonly number[]
}

/** Splits a stream into rows. */
export interface RowSplitter {
  /** Returns the rows that are complete with the next chunk. Throws {@link RowTooLong}. */
  add(chunk: Buffer): Rows
  /** Returns the rest, at the end of the stream. */
  end(): Rows
}

/** A row is longer than allowed. */
export class RowTooLong extends Error {
  constructor(most: number) {
    super(`it is longer than ${most} bytes`)
  }
}

/** Collects the chunks of a row that is not complete. */
class Rest {
  readonly #most: number
  #chunks: Buffer[] = []
  length = 0

  constructor(most: number) {
    this.#most = most
  }

  add(chunk: Buffer): void {
    if (chunk.length === 0) return
    this.length += chunk.length
    this.#chunks.push(chunk)
  }

  check(): void {
    if (this.length > this.#most) throw new RowTooLong(this.#most)
  }

  /** Returns the last bytes, at most `size`. */
  last(size: number): Buffer {
    while (this.#chunks.length > 1 && this.#chunks.at(-1)!.length < size) {
      this.#chunks.splice(-2, 2, Buffer.concat(this.#chunks.slice(-2)))
    }
    const last = this.#chunks.at(-1) ?? Buffer.alloc(0)
    return size === 0 ? Buffer.alloc(0) : last.subarray(-size)
  }

  take(chunk?: Buffer): Buffer {
    const chunks = chunk === undefined ? this.#chunks : [...this.#chunks, chunk]
    this.#chunks = []
    this.length = 0
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)
  }
}

/** Rows that end with a separator. The last one need not. */
export function separatedRows(separator: Buffer, most: number): RowSplitter {
  const rest = new Rest(most)
  return {
    add(chunk) {
      rest.check() // not earlier, so that the rows before are returned
      const seam = rest.last(separator.length - 1)
      const complete = Buffer.concat([seam, chunk.subarray(0, separator.length - 1)]).includes(separator)
      if (!complete && !chunk.includes(separator)) {
        rest.add(chunk)
        rest.check()
        return none
      }
      const bytes = rest.length === 0 ? chunk : rest.take(chunk)
      const bounds: number[] = []
      let start = 0
      for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, start)) {
        bounds.push(start, at)
        start = at + separator.length
      }
      rest.add(bytes.subarray(start))
      return { bytes, bounds }
    },
    end: () => remainder(rest),
  }
}

/** Rows of one size. The last one may be shorter. */
export function fixedRows(size: number): RowSplitter {
  const rest = new Rest(size)
  return {
    add(chunk) {
      if (rest.length + chunk.length < size) {
        rest.add(chunk)
        return none
      }
      const bytes = rest.take(chunk)
      const bounds: number[] = []
      let start = 0
      for (; start + size <= bytes.length; start += size) bounds.push(start, start + size)
      rest.add(bytes.subarray(start))
      return { bytes, bounds }
    },
    end: () => remainder(rest),
  }
}

/** The whole object is one row, unless it is empty. */
export function wholeRow(most: number): RowSplitter {
  const rest = new Rest(most)
  return {
    add(chunk) {
      rest.add(chunk)
      rest.check()
      return none
    },
    end: () => remainder(rest),
  }
}

const none: Rows = { bytes: Buffer.alloc(0), bounds: [] }

function remainder(rest: Rest): Rows {
  rest.check()
  if (rest.length === 0) return none
  const bytes = rest.take()
  return { bytes, bounds: [0, bytes.length] }
}
