/** Lets only so much work run at a time, by its number and by the bytes that it holds. */
export class Limiter {
  readonly #maxCount: number
  readonly #maxBytes: number
  readonly #waiting: { readonly bytes: number; readonly start: () => void }[] = []
  #count = 0
  #bytes = 0

  constructor(maxCount: number, maxBytes = Infinity) {
    this.#maxCount = maxCount
    this.#maxBytes = maxBytes
  }

  /**
   * Calls `work` once there is room, in order of the calls. Work with more bytes than the limit runs alone. Rejects if the
   * signal is aborted before.
   */
  async run<T>(bytes: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await this.#enter(bytes, signal)
    try {
      signal.throwIfAborted()
      return await work()
    } finally {
      this.#count--
      this.#bytes -= bytes
      this.#admit()
    }
  }

  #enter(bytes: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        const at = this.#waiting.indexOf(entry)
        if (at === -1) return
        this.#waiting.splice(at, 1)
        reject(signal.reason as Error)
        this.#admit()
      }
      const start = (): void => {
        signal.removeEventListener('abort', abort)
        resolve()
      }
      const entry = { bytes, start }
      signal.addEventListener('abort', abort, { once: true })
      this.#waiting.push(entry)
      this.#admit()
    })
  }

  #admit(): void {
    for (;;) {
      const next = this.#waiting[0]
      const full = this.#count >= this.#maxCount || this.#bytes + (next?.bytes ?? 0) > this.#maxBytes
      if (next === undefined || (full && this.#count > 0)) return
      this.#waiting.shift()
      this.#count++
      this.#bytes += next.bytes
      next.start()
    }
  }
}
