import { Changes } from './changes.ts'
import { isPast, type Instant } from './instant.ts'

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
  }

  /** Ends it before its time. */
  revoke(): void {
    this.renew(PAST)
  }

  /** Calls the listener with each new end. */
  onChange(listener: (end: Instant) => void): void {
    this.#listener = listener
  }

  /** Resolves once it is held. Rejects with the reason of the signal on abort. */
  async whenHeld(signal?: AbortSignal): Promise<void> {
    await this.#changes.until(() => this.held, signal)
  }
}

/** The lease of work that nobody else can get. */
export const unlimitedLease = (): Lease => new Lease(NEVER)
