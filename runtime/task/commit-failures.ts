import type { Logger } from '../../api/index.ts'
import type { CommitFailure } from './commit-attempt.ts'
import type { TaskMetrics } from './metrics.ts'

const REMIND_MS = 60_000

/**
 * Logs the failed offset commits of a task: the first of a kind at once, then at most one line a minute, and an
 * INFO when a commit succeeds again. While Kafka does not respond, and from then until a commit succeeds, they are
 * logged at WARN, because the outage has its own lines; for any other reason at ERROR.
 *
 * Differs: Java logs an ERROR for each attempt.
 */
export class CommitFailures {
  readonly #log: Logger
  readonly #metrics: Pick<TaskMetrics, 'blocked'>
  /** The kind of failure in the last line; undefined while commits succeed. */
  #kind: string | undefined
  #loggedAt = 0
  /** Failures since the last line, and since the last successful commit. */
  #unlogged = 0
  #total = 0
  #inOutage = false

  constructor(log: Logger, metrics: Pick<TaskMetrics, 'blocked'>) {
    this.#log = log
    this.#metrics = metrics
  }

  /** `message` describes the consequence. */
  failed(message: string, failure: CommitFailure): void {
    const { reason } = failure
    const outage = this.#isOutage(failure)
    const kind = outage ? 'outage' : reason
    this.#total++
    this.#unlogged++
    if (kind === this.#kind && Date.now() - this.#loggedAt < REMIND_MS) return
    const fields = this.#unlogged > 1 ? { reason, failures: this.#unlogged } : { reason }
    if (outage) this.#log.warn(message, fields)
    else this.#log.error(message, fields)
    this.#kind = kind
    this.#loggedAt = Date.now()
    this.#unlogged = 0
  }

  /** Logs the failure of the last commit for a partition, which no other one follows. */
  failedLast(message: string, failure: CommitFailure): void {
    const fields = { reason: failure.reason }
    if (this.#isOutage(failure)) this.#log.warn(message, fields)
    else this.#log.error(message, fields)
  }

  succeeded(): void {
    this.#inOutage = false
    if (this.#kind === undefined) return
    this.#log.info('offset commits succeed again', { failures: this.#total })
    this.#kind = undefined
    this.#unlogged = 0
    this.#total = 0
  }

  /** An outage lasts until the next successful commit: Kafka may answer again, but first has to recover. */
  #isOutage({ late }: CommitFailure): boolean {
    this.#inOutage ||= late || this.#metrics.blocked !== null
    return this.#inOutage
  }
}
