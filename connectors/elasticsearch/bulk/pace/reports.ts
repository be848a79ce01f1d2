import type { Logger, TaskContext } from '../../../../api/index.ts'
import type { RetryCause } from '../answers/causes.ts'
import type { Clock } from './clock.ts'

/** After this time without a rejection, an overload counts as over. */
const QUIET_MS = 10_000
/** A shorter overload, including the wait for the next attempt, is only logged at its end: it is how a server limits its clients. */
const SHOWN_AFTER_MS = 5000

/** A failed attempt. */
export interface FailedAttempt {
  readonly cause: RetryCause
  readonly reason: string
  readonly waitMs: number
  /** Number of operations that are sent again. */
  readonly operations: number
}

interface Failing {
  readonly since: number
  attempt: number
}

interface Overload {
  readonly since: number
  last: number
  requests: number
  operations: number
  reason: string
  cancel: () => void
}

/**
 * Shows what is being retried: as one report for all requests, that of the longest. Logs one WARN for each time of overload,
 * at its end, however many requests were rejected.
 */
export class RetryReports {
  readonly #context: Pick<TaskContext, 'retrying'> & { readonly log: Logger }
  readonly #clock: Clock
  readonly #failing = new Map<object, Failing>()
  #overload: Overload | undefined
  #shown = false
  #closed = false

  constructor(context: Pick<TaskContext, 'retrying'> & { readonly log: Logger }, clock: Clock) {
    this.#context = context
    this.#clock = clock
  }

  /** Reports an attempt that has failed. `of` identifies what is being retried. */
  failed(of: object, attempt: FailedAttempt): void {
    if (this.#closed) return
    const now = this.#clock.now()
    const failing = this.#failing.get(of) ?? { since: now, attempt: 0 }
    failing.attempt++
    this.#failing.set(of, failing)
    if (attempt.cause === 'overload') this.#rejected(attempt, now)
    const longest = this.#longest(failing)
    const nextAttemptAt = now + attempt.waitMs
    const isShort = nextAttemptAt - longest.since < SHOWN_AFTER_MS
    if (attempt.cause === 'overload' && !this.#shown && isShort) return
    this.#shown = true
    const reason = `cannot write to the server: ${attempt.reason}`
    this.#context.retrying({ ...longest, reason, nextAttemptAt })
  }

  /** Called when something is no longer being retried, whether or not it was. */
  ended(of: object): void {
    if (this.#failing.delete(of) && this.#failing.size === 0) this.#hide()
  }

  /** Ends the reports, and all later ones. */
  close(): void {
    if (this.#closed) return
    this.#hide()
    this.#endOverload()
    this.#closed = true
  }

  #hide(): void {
    if (this.#shown) this.#context.retrying(null)
    this.#shown = false
  }

  #rejected({ operations, reason, waitMs }: FailedAttempt, now: number): void {
    const overload = this.#overload ?? {
      since: now,
      last: now,
      requests: 0,
      operations: 0,
      reason,
      cancel: none,
    }
    overload.cancel()
    overload.last = now
    overload.requests++
    overload.operations += operations
    overload.cancel = this.#clock.after(waitMs + QUIET_MS, () => this.#endOverload())
    this.#overload = overload
  }

  #endOverload(): void {
    const overload = this.#overload
    if (overload === undefined) return
    overload.cancel()
    this.#overload = undefined
    const { since, last, requests, operations, reason } = overload
    const seconds = (last - since) / 1000
    this.#context.log.warn('the server was overloaded; rejected operations were sent again', {
      seconds,
      requests,
      operations,
      reason,
    })
  }

  #longest(failing: Failing): Failing {
    let longest = failing
    for (const other of this.#failing.values()) if (other.since < longest.since) longest = other
    return longest
  }
}

const none = (): void => {}
