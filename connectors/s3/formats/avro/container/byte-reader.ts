/** Reads a stream of chunks piece by piece. Keeps only the bytes that have not been taken. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Buffer>
  #bytes: Buffer = Buffer.alloc(0)
  #ended = false
  #position = 0

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  /** Position in the stream of the next byte. */
  get position(): number {
    return this.#position
  }

  /** The next bytes, as far as they have arrived. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** Waits for more than `count` bytes. Resolves to whether there are. */
  async hasMoreThan(count: number): Promise<boolean> {
    const chunks = [this.#bytes]
    let length = this.#bytes.length
    while (length <= count && !this.#ended) {
      const { value, done } = await this.#chunks.next()
      if (done === true) {
        this.#ended = true
      } else {
        chunks.push(value)
        length += value.length
      }
    }
    if (chunks.length > 1) this.#bytes = Buffer.concat(chunks)
    return length > count
  }

  /** Waits for the next bytes, and takes them. Resolves to undefined if the stream ends before. */
  async take(count: number): Promise<Buffer | undefined> {
    if (count > 0 && !(await this.hasMoreThan(count - 1))) return undefined
    const taken = this.#bytes.subarray(0, count)
    this.drop(count)
    return taken
  }

  /** Takes bytes that have arrived. */
  drop(count: number): void {
    this.#bytes = this.#bytes.subarray(count)
    this.#position += count
  }

  /** Takes bytes without keeping them. Resolves to whether there were so many. */
  async skip(count: number): Promise<boolean> {
    let rest = count
    while (rest > this.#bytes.length) {
      rest -= this.#bytes.length
      this.drop(this.#bytes.length)
      if (!(await this.hasMoreThan(0))) return false
    }
    this.drop(rest)
    return true
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    await this.#chunks.return?.()
  }
}
