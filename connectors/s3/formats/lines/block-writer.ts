import type { Output } from '../../ports.ts'

/** The first block of an object is small, because many objects are. Each next one is twice as large. */
const FIRST_BLOCK_BYTES = 16 * 1024
const LARGEST_BLOCK_BYTES = 128 * 1024

/**
 * Text is encoded when this number of characters has been collected. Encoding takes a fixed time per call, while
 * concatenated strings take several times their length in memory until they are encoded.
 */
const COLLECTED_CHARACTERS = 8 * 1024

/** Memory per collected character, including the parts that a string was concatenated from; measured with JSON. */
const BYTES_PER_CHARACTER = 6

/** The most bytes of a character in UTF-8. */
const MOST_BYTES_PER_CHARACTER = 3

/** Collects text and bytes in blocks, and passes the blocks to the output. Text is encoded as UTF-8. */
export class BlockWriter {
  readonly #output: Output
  #text = ''
  #block: Buffer | undefined
  #at = 0
  #nextSize = FIRST_BLOCK_BYTES

  constructor(output: Output) {
    this.#output = output
  }

  /** Memory in bytes, estimated. */
  get heldBytes(): number {
    return this.#text.length * BYTES_PER_CHARACTER + (this.#block?.length ?? 0)
  }

  addText(text: string): void {
    this.#text += text
    if (this.#text.length >= COLLECTED_CHARACTERS) this.#encode()
  }

  /** Adds a copy of the bytes. */
  addBytes(bytes: Uint8Array): void {
    if (this.#text !== '') this.#encode()
    if (bytes.length > LARGEST_BLOCK_BYTES) {
      this.#emit()
      this.#output(Buffer.from(bytes))
      return
    }
    const block = this.#blockFor(bytes.length)
    block.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** Passes everything to the output. The next block is a small one again, because this is done when memory is short. */
  flush(): void {
    if (this.#text !== '') this.#encode()
    this.#emit()
    this.#nextSize = FIRST_BLOCK_BYTES
  }

  #encode(): void {
    const text = this.#text
    this.#text = ''
    const most = text.length * MOST_BYTES_PER_CHARACTER
    if (most > LARGEST_BLOCK_BYTES) {
      this.#emit()
      this.#output(Buffer.from(text))
      return
    }
    const block = this.#blockFor(most)
    this.#at += block.write(text, this.#at)
  }

  #blockFor(bytes: number): Buffer {
    if (this.#block !== undefined && this.#block.length - this.#at >= bytes) return this.#block
    this.#emit()
    this.#block = Buffer.allocUnsafeSlow(Math.max(this.#nextSize, bytes))
    this.#nextSize = Math.min(this.#nextSize * 2, LARGEST_BLOCK_BYTES)
    return this.#block
  }

  /** A block that is mostly empty is copied, because the output may keep it for long. */
  #emit(): void {
    const block = this.#block
    if (block === undefined) return
    const bytes = block.subarray(0, this.#at)
    this.#block = undefined
    this.#at = 0
    this.#output(bytes.length * 2 < block.length ? Buffer.from(bytes) : bytes)
  }
}
