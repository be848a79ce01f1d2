import { type SinkRecord } from '../../api/index.ts'
import { javaText } from '../../java/index.ts'

const FIRST_BYTES = 64 * 1024
const LF = 10
/** A UTF-16 code unit needs at most three bytes in UTF-8. */
const WORST_BYTES = 3

/** Serializes record values as lines into a buffer that is reused for every batch. */
export class LineBuffer {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES)

  /** Returns the values as newline-terminated lines. The result is valid until the next call. */
  fill(records: readonly SinkRecord[]): Buffer {
    let at = 0
    for (const { value, valueSchema } of records) {
      const text = typeof value === 'string' ? value : javaText(value, valueSchema)
      const needed = at + text.length * WORST_BYTES + 1
      if (needed > this.#bytes.length) this.#grow(needed, at)
      at += this.#bytes.write(text, at)
      this.#bytes[at++] = LF
    }
    return this.#bytes.subarray(0, at)
  }

  #grow(needed: number, used: number): void {
    const grown = Buffer.allocUnsafe(needed * 2)
    this.#bytes.copy(grown, 0, 0, used)
    this.#bytes = grown
  }
}
