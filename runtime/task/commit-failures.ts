import type { Logger } from '../../api/index.ts'
import type { TaskMetrics } from './metrics.ts'

/** Why a commit failed. `late`: it took too long. */
export interface CommitFailure {
  readonly reason: string
  readonly late: boolean
}

const REMIND_MS = 60_000

/**
 * Logs the failed offset commits of a task: the first of a kind at once, then at most one line a minute, and an
 * INFO when a commit succeeds again. While Kafka does not respond, they are logged at WARN, because the outage
 * has its own lines; for any other reason at ERROR.
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

  constructor(log: Logger, metrics: Pick<TaskMetrics, 'blocked'>) {
    this.#log = log
    this.#metrics = metrics
  }

  /** `message` describes the consequence. */
  failed(message: string, { reason, late }: CommitFailure): void {
    const outage = late || this.#metrics.blocked !== null
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

  succeeded(): void {
    if (this.#kind === undefined) return
    this.#log.info('offset commits succeed again', { failures: this.#total })
    this.#kind = undefined
    this.#unlogged = 0
    this.#total = 0
  }
}
