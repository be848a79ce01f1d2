import { isAscii } from 'node:buffer'

const LF = 10
const CR = 13

/** Makes something of a line; `end` is the place behind it, in bytes from where the splitter began. */
export type MakeOfLine<T> = (text: string, end: number) => T

/**
 * Cuts bytes into lines. A line ends with `\n`, `\r` or `\r\n`; what is not ended yet waits for more bytes, and so
 * does a `\r` at the very end, which may be half of a `\r\n`.
 */
export class LineSplitter {
  /** Bytes from `#start` to `#end` are not handed out yet. */
  #bytes: Buffer = Buffer.allocUnsafe(0)
  #start = 0
  #end = 0
  /** Place of `#start` in the stream. */
  #position: number
  /** The waiting bytes as text, where they are all ASCII: then a place in the one is a place in the other. */
  #text: string | undefined
  #textAt = 0
  #nextCr = -1

  constructor(position: number) {
    this.#position = position
  }

  /** Place behind the last line handed out. */
  get position(): number {
    return this.#position
  }

  /** Bytes that wait for the end of their line. */
  get waiting(): number {
    return this.#end - this.#start
  }

  /** Room for `size` bytes more; {@link filled} is to say how many were put there. */
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
    const waiting = this.#bytes.subarray(this.#start, this.#end)
    this.#text = isAscii(waiting) ? waiting.toString('latin1') : undefined
    this.#textAt = 0
    this.#nextCr = this.#text?.indexOf('\r') ?? -1
    if (this.#text === undefined) this.#findCr(this.#start)
  }

  /** What `make` gives for up to `max` whole lines. */
  take<T>(max: number, make: MakeOfLine<T>): T[] {
    return this.#text === undefined ? this.#takeBytes(max, make) : this.#takeText(this.#text, max, make)
  }

  #takeText<T>(text: string, max: number, make: MakeOfLine<T>): T[] {
    const lines: T[] = []
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
    return lines
  }

  /** As {@link #takeText}, for text beyond ASCII: places are places in the bytes. */
  #takeBytes<T>(max: number, make: MakeOfLine<T>): T[] {
    const bytes = this.#bytes
    const lines: T[] = []
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
    return lines
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
