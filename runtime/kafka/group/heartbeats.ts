/** Repeats a call. The interval starts when the previous call has ended. */
export class Heartbeats {
  readonly #intervalMs: number
  readonly #beat: () => Promise<void>
  #timer: NodeJS.Timeout | undefined

  /** `beat` must not reject. */
  constructor(intervalMs: number, beat: () => Promise<void>) {
    this.#intervalMs = intervalMs
    this.#beat = beat
  }

  start(): void {
    this.stop()
    this.#timer = setTimeout(() => void this.#run(), this.#intervalMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #run(): Promise<void> {
    await this.#beat()
    if (this.#timer !== undefined) this.start()
  }
}
