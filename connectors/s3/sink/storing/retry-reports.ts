import { reasonOf, type TaskContext } from '../../../../api/index.ts'

interface Failing {
  readonly since: number
  attempt: number
}

/** Reports failed attempts to store objects as one: the longest of those that are being retried. */
export class RetryReports {
  readonly #context: Pick<TaskContext, 'retrying'>
  readonly #failing = new Map<object, Failing>()
  #closed = false

  constructor(context: Pick<TaskContext, 'retrying'>) {
    this.#context = context
  }

  /** Reports an attempt that has failed. `of` identifies what is being retried. */
  failed(of: object, error: unknown, backoffMs: number): void {
    if (this.#closed) return
    const now = Date.now()
    const failing = this.#failing.get(of) ?? { since: now, attempt: 0 }
    failing.attempt++
    this.#failing.set(of, failing)
    const { since, attempt } = this.#longest(failing)
    const reason = reasonOf(error)
    this.#context.retrying({ since, attempt, reason, nextAttemptAt: now + backoffMs })
  }

  /** Ends the report, and all later ones. */
  close(): void {
    if (this.#failing.size > 0) this.#context.retrying(null)
    this.#failing.clear()
    this.#closed = true
  }

  /** Called when something is no longer being retried, whether or not it was. */
  ended(of: object): void {
    if (this.#failing.delete(of) && this.#failing.size === 0) this.#context.retrying(null)
  }

  #longest(failing: Failing): Failing {
    let longest = failing
    for (const other of this.#failing.values()) if (other.since < longest.since) longest = other
    return longest
  }
}
