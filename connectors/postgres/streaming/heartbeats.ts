/** Decides when a heartbeat is due. Source: HeartbeatImpl. */
export class Heartbeats {
  readonly #intervalMs: number
  #lastAt = Date.now()

  /** 0 turns heartbeats off. */
  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  due(): boolean {
    return this.#intervalMs > 0 && Date.now() - this.#lastAt >= this.#intervalMs
  }

  sent(): void {
    this.#lastAt = Date.now()
  }
}
