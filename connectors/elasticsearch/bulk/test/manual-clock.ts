import { setImmediate as turn } from 'node:timers/promises'
import type { Clock } from '../pace/clock.ts'

interface Timer {
  readonly at: number
  readonly run: () => void
}

/** A clock whose time passes only when a test says so. */
export class ManualClock implements Clock {
  #now = 1_000_000
  readonly #timers = new Set<Timer>()

  now(): number {
    return this.#now
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.#now + ms, run }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  /** Number of calls that are due later. */
  get timers(): number {
    return this.#timers.size
  }

  /** Lets the time pass, and what happens then. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms
    await turn()
    for (let next = this.#next(until); next !== undefined; next = this.#next(until)) {
      this.#run(next)
      await turn()
    }
    this.#now = until
  }

  /** Lets the time pass until the next call that is due. */
  async advanceToNext(): Promise<void> {
    await turn()
    const next = this.#next(Infinity)
    if (next !== undefined) this.#run(next)
    await turn()
  }

  #run(timer: Timer): void {
    this.#now = Math.max(this.#now, timer.at)
    this.#timers.delete(timer)
    timer.run()
  }

  #next(until: number): Timer | undefined {
    let next: Timer | undefined
    for (const timer of this.#timers) {
      if (timer.at <= until && (next === undefined || timer.at < next.at)) next = timer
    }
    return next
  }
}
