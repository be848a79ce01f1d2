import type { Logger } from '../../api/index.ts'
import { LineLimit } from '../telemetry/index.ts'
import type { CommitFailure } from './commit-attempt.ts'
import type { TaskMetrics } from './metrics.ts'

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
  readonly #limit = new LineLimit()
  /** Failures since the last successful commit. */
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
    this.#total++
    const failures = this.#limit.due(outage ? 'outage' : reason)
    if (failures === undefined) return
    const fields = failures > 1 ? { reason, failures } : { reason }
    if (outage) this.#log.warn(message, fields)
    else this.#log.error(message, fields)
  }

  /** Logs the failure of the last commit for a partition, which no other one follows. */
  failedLast(message: string, failure: CommitFailure): void {
    const fields = { reason: failure.reason }
    if (this.#isOutage(failure)) this.#log.warn(message, fields)
    else this.#log.error(message, fields)
  }

  succeeded(): void {
    this.#inOutage = false
    if (this.#total === 0) return
    this.#log.info('offset commits succeed again', { failures: this.#total })
    this.#limit.reset()
    this.#total = 0
  }

  /** An outage lasts until the next successful commit: Kafka may answer again, but first has to recover. */
  #isOutage({ late }: CommitFailure): boolean {
    this.#inOutage ||= late || this.#metrics.blocked !== null
    return this.#inOutage
  }
}
