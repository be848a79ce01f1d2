import type { Clock } from './clock.ts'

/** Successful requests in a row after which one more request may be in flight. */
const SUCCESSES_TO_GROW = 5

/** A request in flight. */
export interface Permit {
  /** Number of reductions before it started. */
  readonly reductions: number
}

/**
 * Limits the requests in flight: half as many after an overloaded server rejected one, one more after some successes.
 * Requests that were already in flight at the time of a reduction do not cause another one.
 *
 * Differs: Java always has `max.in.flight.requests` in flight.
 */
export class RequestLimiter {
  readonly #most: number
  readonly #clock: Clock
  #limit: number
  #inFlight = 0
  #successes = 0
  #reductions = 0
  /** When the pause ends, in milliseconds since the epoch; undefined if there is none. */
  #pausedUntil: number | undefined
  readonly #waiting = new Set<() => void>()

  constructor(most: number, clock: Clock) {
    this.#most = most
    this.#clock = clock
    this.#limit = most
  }

  get limit(): number {
    return this.#limit
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** Whether another request may start now. Those that wait come first. */
  get isFree(): boolean {
    return this.#hasRoom && this.#waiting.size === 0
  }

  get #hasRoom(): boolean {
    return this.#inFlight < this.#limit && this.#pausedUntil === undefined
  }

  /** Resolves when the request may start. Rejects with the reason of the signal when it is aborted. */
  async start(signal: AbortSignal): Promise<Permit> {
    signal.throwIfAborted()
    if (!this.isFree) await this.#turn(signal)
    else this.#inFlight++
    return { reductions: this.#reductions }
  }

  /** Called when the request has ended. */
  end(): void {
    this.#inFlight--
    this.#startWaiting()
  }

  succeeded(): void {
    if (this.#limit === this.#most) return
    this.#successes++
    if (this.#successes < SUCCESSES_TO_GROW) return
    this.#successes = 0
    this.#limit++
    this.#startWaiting()
  }

  /** Called when the server was too busy for the request. */
  overloaded({ reductions }: Permit): void {
    this.#successes = 0
    if (reductions !== this.#reductions || this.#limit === 1) return
    this.#reductions++
    this.#limit = Math.max(1, Math.floor(this.#limit / 2))
  }

  /** Starts no request for this time: the server has asked for it. Calls `ended` then. */
  pause(ms: number, ended: () => void): void {
    const until = this.#clock.now() + ms
    if (until <= (this.#pausedUntil ?? 0)) return
    this.#pausedUntil = until
    // The timer ends the pause, not the time: it may fire a moment before its time
    this.#clock.after(ms, () => {
      if (until !== this.#pausedUntil) return
      this.#pausedUntil = undefined
      this.#startWaiting()
      ended()
    })
  }

  #startWaiting(): void {
    for (const start of this.#waiting) {
      if (!this.#hasRoom) return
      this.#waiting.delete(start)
      this.#inFlight++
      start()
    }
  }

  #turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const aborted = () => {
        this.#waiting.delete(start)
        reject(signal.reason as Error)
      }
      const start = () => {
        signal.removeEventListener('abort', aborted)
        resolve()
      }
      this.#waiting.add(start)
      signal.addEventListener('abort', aborted, { once: true })
    })
  }
}
