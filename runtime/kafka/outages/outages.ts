import type { Logger } from '../../../api/index.ts'
import { Changes } from '../../timing/index.ts'

/** The reason why a worker or task is blocked. Plain data that can be sent between processes. */
export interface Blocked {
  /** Start time, in milliseconds since the epoch. */
  readonly since: number
  /** A sentence without a period that says what is unavailable, where, and why. */
  readonly reason: string
}

/** The reason of a failed attempt that will be retried. */
export interface FailedAttempt {
  readonly reason: string
  /** Whether the connection failed. This usually explains other failures at the same time. */
  readonly unreachable: boolean
  /** Start time, in milliseconds since the epoch; by default the time of the report. */
  readonly since?: number
  /** What has happened when it is over, for the log. Set by something that waits instead of retrying. */
  readonly over?: string
}

/**
 * A broker restart, a leader change or a rebalance usually takes less time and is not logged. It also limits log lines
 * for unstable brokers: an outage ends only after everything has worked for this time.
 */
const GRACE_MS = 3000
const REMIND_MS = 60_000

/** `brewing`: too short to report. `over`: everything works again, but not for long enough to log it. */
type State = 'none' | 'brewing' | 'reported' | 'over'

/**
 * Reports what the Kafka clients of one owner (the worker, a task) cannot reach, and what its converters wait for: one
 * WARN when an outage begins, one per minute while it lasts, and one INFO when it is over, regardless of the number of
 * affected clients and requests.
 *
 * Its timers do not keep the process alive, and none is active without an outage.
 *
 * Differs: Java logs a WARN for each failed connection and for each metadata response with an error.
 */
export class Outages {
  readonly #log: Logger
  readonly #changed: (blocked: Blocked | null) => void
  readonly #failing = new Map<object, FailedAttempt>()
  readonly #changes = new Changes()
  #state: State = 'none'
  #since = 0
  #overAt = 0
  #timer: NodeJS.Timeout | undefined
  #blocked: Blocked | null = null
  /** The failure in the last log line. */
  #logged: FailedAttempt | undefined

  /** `changed` is called when {@link blocked} changes. */
  constructor(log: Logger, changed: (blocked: Blocked | null) => void = () => {}) {
    this.#log = log
    this.#changed = changed
  }

  /** The current outage, if it was reported; otherwise null. */
  get blocked(): Blocked | null {
    return this.#blocked
  }

  /** Resolves to true once {@link blocked} is null, to false after `timeoutMs`. */
  ended(timeoutMs: number): Promise<boolean> {
    return this.#changes.waitFor(() => this.#blocked === null, timeoutMs)
  }

  /**
   * Called when `need` is unavailable and will be retried. `atOnce`: whether to report it immediately, like a failure that
   * has already lasted for a while.
   */
  failing(need: object, attempt: FailedAttempt, atOnce: boolean): void {
    this.#failing.set(need, attempt)
    const { since = Date.now() } = attempt
    if (this.#state === 'none') {
      this.#state = 'brewing'
      this.#since = since
      this.#setTimer(GRACE_MS)
    }
    if (this.#state === 'over') {
      this.#state = 'reported'
      this.#setTimer(REMIND_MS)
    }
    if (this.#state === 'brewing') {
      this.#since = Math.min(this.#since, since)
      if (atOnce || Date.now() - since >= GRACE_MS) this.#report()
    }
    if (this.#state === 'reported') this.#block()
  }

  /** Called when `need` is available again or no longer needed. */
  recovered(need: object): void {
    if (!this.#failing.delete(need)) return
    if (this.#failing.size > 0) {
      if (this.#state === 'reported') this.#block()
      return
    }
    if (this.#state === 'brewing') this.#reset()
    if (this.#state !== 'reported') return
    this.#state = 'over'
    this.#overAt = Date.now()
    this.#setTimer(GRACE_MS)
    this.#setBlocked(null)
  }

  #due(): void {
    if (this.#state === 'brewing') this.#report()
    else if (this.#state === 'reported') this.#remind()
    else if (this.#state === 'over') this.#reportEnd()
  }

  #report(): void {
    this.#state = 'reported'
    this.#block()
    this.#log.warn(this.#line())
    this.#setTimer(REMIND_MS)
  }

  #remind(): void {
    this.#log.warn(`${this.#line()} since ${new Date(this.#since).toISOString()}`)
    this.#setTimer(REMIND_MS)
  }

  #reportEnd(): void {
    const seconds = Math.round((this.#overAt - this.#since) / 1000)
    this.#log.info(`${this.#logged?.over ?? 'Kafka is available again'} after ${seconds} s`)
    this.#reset()
  }

  #line(): string {
    const { reason, over } = (this.#logged = this.#worst())
    return over === undefined ? `${reason}; retrying` : reason
  }

  #reset(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#state = 'none'
  }

  #setTimer(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#due(), ms)
    this.#timer.unref()
  }

  /** The failure that explains the others: a lost connection if there is one, otherwise the first. */
  #worst(): FailedAttempt {
    const all = [...this.#failing.values()]
    return all.find(({ unreachable }) => unreachable) ?? all[0] ?? { reason: '', unreachable: false }
  }

  #block(): void {
    const { reason } = this.#worst()
    if (this.#blocked?.reason !== reason) this.#setBlocked({ since: this.#since, reason })
  }

  #setBlocked(blocked: Blocked | null): void {
    this.#blocked = blocked
    this.#changed(blocked)
    this.#changes.notify()
  }
}
