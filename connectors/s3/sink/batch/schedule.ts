/**
 * When the objects of a partition are closed by the time of day.
 *
 * Source: TopicPartitionWriter.setNextScheduledRotation, shouldApplyScheduledRotation.
 */
export class Schedule {
  readonly #next: ((now: number) => number) | null
  #at = Infinity

  constructor(next: ((now: number) => number) | null, now: number) {
    this.#next = next
    this.set(now)
  }

  /** The next time, in milliseconds since the epoch; infinite if there is none. */
  get at(): number {
    return this.#at
  }

  due(now: number): boolean {
    return now >= this.#at
  }

  /** Sets the next time after `now`. */
  set(now: number): void {
    if (this.#next !== null) this.#at = this.#next(now)
  }
}
