import { isAscii } from 'node:buffer'

const LF = 10
const CR = 13

/**
 * Number of bytes that are decoded at once. V8 allocates each larger string separately from the system, which takes
 * longer than decoding it. A line keeps the string that it is a slice of in memory.
 */
const WINDOW_BYTES = 64 * 1024

/** Converts a line. `end` is the position after its terminator, in bytes from the start of the stream. */
export type LineMapper<T> = (text: string, end: number) => T

/**
 * Splits a byte stream into lines. A line ends with `\n`, `\r` or `\r\n`. An unfinished line is buffered until more
 * bytes arrive. So is a line that ends with `\r` at the end of the buffer, because a `\n` may follow.
 */
export class LineSplitter {
  /** The bytes from `#start` to `#end` are pending. */
  #bytes: Buffer = Buffer.allocUnsafe(0)
  #start = 0
  #end = 0
  /** Position of `#start` in the stream. */
  #position: number
  /** The first pending bytes as a string if they are all ASCII, so that both have the same indexes. */
  #text: string | undefined
  #textAt = 0
  #nextCr = -1

  constructor(position: number) {
    this.#position = position
  }

  /** Position after the last line returned. */
  get position(): number {
    return this.#position
  }

  /** Number of pending bytes. */
  get waiting(): number {
    return this.#end - this.#start
  }

  /** Returns a buffer for `size` more bytes. Call {@link filled} with the number of bytes written to it. */
  room(size: number): Buffer {
    if (this.#bytes.length - this.#end < size) {
      const needed = this.waiting + size
      const target = this.#bytes.length >= needed ? this.#bytes : Buffer.allocUnsafe(needed * 2)
      this.#bytes.copy(target, 0, this.#start, this.#end)
      if (this.#text === undefined && this.#nextCr >= 0) this.#nextCr -= this.#start
      this.#end -= this.#start
      this.#start = 0
      this.#bytes = target
    }
    return this.#bytes.subarray(this.#end, this.#end + size)
  }

  filled(size: number): void {
    this.#end += size
    this.#decode(WINDOW_BYTES)
  }

  /** Removes up to `max` complete lines and returns the results of `make`. */
  take<T>(max: number, make: LineMapper<T>): T[] {
    const lines: T[] = []
    while (this.#text !== undefined) {
      this.#takeText(this.#text, lines, max, make)
      if (lines.length === max || this.#text.length - this.#textAt === this.waiting) return lines
      // The rest of the text is an incomplete line, which may be longer than a window
      this.#decode(this.#textAt > 0 ? WINDOW_BYTES : this.waiting)
    }
    this.#takeBytes(lines, max, make)
    return lines
  }

  #decode(most: number): void {
    const bytes = this.#bytes.subarray(this.#start, Math.min(this.#end, this.#start + most))
    this.#text = isAscii(bytes) ? bytes.toString('latin1') : undefined
    this.#textAt = 0
    this.#nextCr = this.#text?.indexOf('\r') ?? -1
    if (this.#text === undefined) this.#findCr(this.#start)
  }

  #takeText<T>(text: string, lines: T[], max: number, make: LineMapper<T>): void {
    const base = this.#position - this.#textAt
    let at = this.#textAt
    while (lines.length < max) {
      const lf = text.indexOf('\n', at)
      const cr = this.#nextCr
      let end = lf
      let next = lf + 1
      if (cr >= 0 && (lf < 0 || cr < lf)) {
        if (cr + 1 === text.length) break
        end = cr
        next = lf === cr + 1 ? cr + 2 : cr + 1
        this.#nextCr = text.indexOf('\r', next)
      } else if (lf < 0) break
      lines.push(make(text.slice(at, end), base + next))
      at = next
    }
    this.#advance(at - this.#textAt)
    this.#textAt = at
  }

  /** Like {@link #takeText}, for non-ASCII text. Indexes refer to the bytes. */
  #takeBytes<T>(lines: T[], max: number, make: LineMapper<T>): void {
    const bytes = this.#bytes
    while (lines.length < max) {
      const at = bytes.indexOf(LF, this.#start)
      const lf = at < 0 || at >= this.#end ? -1 : at
      const cr = this.#nextCr
      let end = lf
      let next = lf + 1
      if (cr >= 0 && (lf < 0 || cr < lf)) {
        if (cr + 1 === this.#end) break
        end = cr
        next = lf === cr + 1 ? cr + 2 : cr + 1
        this.#findCr(next)
      } else if (lf < 0) break
      const text = bytes.toString('utf8', this.#start, end)
      this.#advance(next - this.#start)
      lines.push(make(text, this.#position))
    }
  }

  #findCr(from: number): void {
    const at = this.#bytes.indexOf(CR, from)
    this.#nextCr = at < this.#end ? at : -1
  }

  #advance(bytes: number): void {
    this.#start += bytes
    this.#position += bytes
  }
}
