const MAX_BYTES = 2 * 1024 * 1024

/** Buffers of sent batches, for further batches. All producers of the process share it, so that idle ones hold none. */
export class BufferPool {
  readonly #buffers: Buffer[] = []
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes = MAX_BYTES) {
    this.#maxBytes = maxBytes
  }

  take(): Buffer | undefined {
    const buffer = this.#buffers.pop()
    this.#bytes -= buffer?.length ?? 0
    return buffer
  }

  /** Drops the buffer if the pool is full. */
  give(buffer: Buffer): void {
    if (this.#bytes + buffer.length > this.#maxBytes) return
    this.#buffers.push(buffer)
    this.#bytes += buffer.length
  }
}
