/** Collects the chunks of a stream, and returns parts of other sizes. */
export class ByteQueue {
  #chunks: Buffer[] = []
  #length = 0

  get length(): number {
    return this.#length
  }

  add(chunk: Buffer): void {
    if (chunk.length > 0) this.#chunks.push(chunk)
    this.#length += chunk.length
  }

  /** Returns the next bytes, which must be there, and keeps them. */
  peek(size: number): Buffer {
    return this.#joined(size).subarray(0, size)
  }

  /** Removes the next bytes, which must be there. */
  take(size: number): Buffer {
    if (size === 0) return Buffer.alloc(0)
    const first = this.#joined(size)
    if (first.length === size) this.#chunks.shift()
    else this.#chunks[0] = first.subarray(size)
    this.#length -= size
    return first.subarray(0, size)
  }

  /** Returns the first chunk after joining it with the next ones until it has this size. */
  #joined(size: number): Buffer {
    let count = 0
    let bytes = 0
    while (bytes < size) bytes += this.#chunks[count++]!.length
    if (count > 1) this.#chunks.splice(0, count, Buffer.concat(this.#chunks.slice(0, count)))
    return this.#chunks[0]!
  }
}
