import { ConnectError, messageOf, type Logger, type TaskRetry } from '../../../api/index.ts'
import { LineLimit } from '../../telemetry/index.ts'
import type { TaskMetrics } from '../metrics.ts'
import { shortened } from './shortened.ts'

const MAX_REASON_CHARS = 500

/** What is being retried; each logs its own lines. */
interface Retried {
  readonly limit: LineLimit
  current: TaskRetry | null
}

/**
 * Keeps in the metrics of a task what it is retrying: calls of its methods that failed with a retriable error, and what
 * the task itself reports. Logs a WARN at the first failure, then at most one a minute, and an INFO at the end. When
 * both are being retried, the metrics show what has lasted longer.
 */
export class Retries {
  readonly #metrics: Pick<TaskMetrics, 'retrying'>
  readonly #log: Logger
  readonly #call = newRetried()
  readonly #task = newRetried()

  constructor(metrics: Pick<TaskMetrics, 'retrying'>, log: Logger) {
    this.#metrics = metrics
    this.#log = log
  }

  /** Called when a method of the task has failed with a retriable error. `message` says what happens next. */
  callFailed(message: string, error: unknown, nextAttemptAt: number): void {
    const { since = Date.now(), attempt = 0 } = this.#call.current ?? {}
    const reason = shortened(messageOf(error), MAX_REASON_CHARS)
    this.#failed(this.#call, message, { since, attempt: attempt + 1, reason, nextAttemptAt })
  }

  /** Called when a method has returned. `name` is its name. */
  callSucceeded(name: string): void {
    this.#ended(this.#call, `${name} succeeds again`)
  }

  /** Called when the retry is given up without another failure. */
  callCancelled(): void {
    this.#call.current = null
    this.#call.limit.reset()
    this.#show()
  }

  /** For {@link TaskContext.retrying}. Throws `HR_ILLEGAL_ARGUMENT` when the report is invalid. */
  report(given: TaskRetry | null): void {
    if (given === null) this.#ended(this.#task, 'the task has stopped retrying')
    else this.#failed(this.#task, 'the task is retrying', checked(given))
  }

  #failed(retried: Retried, message: string, retry: TaskRetry): void {
    retried.current = retry
    this.#show()
    if (retried.limit.due() === undefined) return
    const { since, attempt, reason } = retry
    this.#log.warn(message, { reason, attempt, since: new Date(since).toISOString() })
  }

  #ended(retried: Retried, message: string): void {
    if (retried.current === null) return
    const { since, attempt } = retried.current
    retried.current = null
    retried.limit.reset()
    this.#show()
    this.#log.info(message, { seconds: Math.round((Date.now() - since) / 1000), attempts: attempt })
  }

  #show(): void {
    const [oldest = null] = [this.#call.current, this.#task.current]
      .filter((one) => one !== null)
      .toSorted((one, other) => one.since - other.since)
    this.#metrics.retrying = oldest
  }
}

const newRetried = (): Retried => ({ limit: new LineLimit(), current: null })

function checked({ since, attempt, reason, nextAttemptAt }: TaskRetry): TaskRetry {
  const time = 'a time in milliseconds since the epoch'
  if (!isTime(since)) throw illegal('since', since, time)
  if (!(Number.isInteger(attempt) && attempt >= 1))
    throw illegal('attempt', attempt, 'an integer of at least 1')
  if (typeof reason !== 'string' || reason === '') throw illegal('reason', reason, 'a non-empty string')
  if (nextAttemptAt !== undefined && !isTime(nextAttemptAt))
    throw illegal('nextAttemptAt', nextAttemptAt, time)
  const retry = { since, attempt, reason: shortened(reason, MAX_REASON_CHARS) }
  return nextAttemptAt === undefined ? retry : { ...retry, nextAttemptAt }
}

/** Whether `new Date(value)` is valid. */
const isTime = (value: unknown): boolean =>
  typeof value === 'number' && !Number.isNaN(new Date(value).getTime())

const illegal = (key: string, found: unknown, expected: string): ConnectError =>
  new ConnectError('HR_ILLEGAL_ARGUMENT', `retrying: ${key} is ${String(found)}, expected ${expected}`)
