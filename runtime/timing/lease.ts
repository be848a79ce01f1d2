import { Changes } from './changes.ts'
import { isPast, until, type Instant } from './instant.ts'
import { startTimer, type Timer } from './timer.ts'

/** An instant that has come. */
const PAST: Instant = { monotonicMs: -Infinity, wallMs: -Infinity }
/** An instant that never comes. */
const NEVER: Instant = { monotonicMs: Infinity, wallMs: Infinity }

/**
 * A right that lapses by itself unless it is renewed in time. Checking it takes two readings of a clock, so it is
 * checked per request or batch.
 *
 * Invariant 5: whoever cannot be told that it has lost its work does none after the end of the lease.
 */
export class Lease {
  readonly #changes = new Changes()
  #end: Instant
  #listener: (end: Instant) => void = () => {}
  readonly #endListeners = new Set<() => void>()
  /** Whether the listeners have not been told of the end yet. */
  #watched = false
  #timer: Timer | undefined

  constructor(end = PAST) {
    this.#end = end
  }

  get end(): Instant {
    return this.#end
  }

  get held(): boolean {
    return !isPast(this.#end)
  }

  renew(end: Instant): void {
    this.#end = end
    this.#listener(end)
    this.#changes.notify()
    this.#watch()
  }

  /** Ends it before its time. */
  revoke(): void {
    this.renew(PAST)
  }

  /** Calls the listener with each new end. */
  onChange(listener: (end: Instant) => void): void {
    this.#listener = listener
  }

  /**
   * Calls the listener each time that the lease ends, until the returned function is called. A process that is suspended
   * or blocked at that time calls it later.
   */
  onEnd(listener: () => void): () => void {
    this.#endListeners.add(listener)
    this.#watch()
    return () => {
      this.#endListeners.delete(listener)
      if (this.#endListeners.size === 0) this.#unwatch()
    }
  }

  /** Resolves once it is held. Rejects with the reason of the signal on abort. */
  async whenHeld(signal?: AbortSignal): Promise<void> {
    await this.#changes.until(() => this.held, signal)
  }

  #watch(): void {
    if (this.#endListeners.size === 0) return
    if (this.held) {
      this.#watched = true
      if (this.#timer !== undefined || this.#end === NEVER) return // a timer that fires too early starts another one
      this.#timer = startTimer(Math.ceil(until(this.#end)), () => {
        this.#timer = undefined
        this.#watch()
      })
      return
    }
    if (!this.#watched) return
    this.#unwatch()
    for (const listener of this.#endListeners) listener()
  }

  #unwatch(): void {
    this.#watched = false
    this.#timer?.cancel()
    this.#timer = undefined
  }
}

/** The lease of work that nobody else can get. */
export const unlimitedLease = (): Lease => new Lease(NEVER)
