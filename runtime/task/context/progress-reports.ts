import { ConnectError, type Logger, type TaskProgress } from '../../../api/index.ts'
import type { TaskMetrics } from '../metrics.ts'
import { shortened } from './shortened.ts'

const MAX_PHASE_CHARS = 100
const MAX_DETAIL_CHARS = 500
/** Minimum time between two log lines of one phase. */
const LOG_INTERVAL_MS = 30_000

/** Keeps the latest progress report of a task in its metrics, and logs new phases. */
export class ProgressReports {
  readonly #metrics: TaskMetrics
  readonly #log: Logger
  #loggedAt = 0

  constructor(metrics: TaskMetrics, log: Logger) {
    this.#metrics = metrics
    this.#log = log
  }

  /** Throws `HR_ILLEGAL_ARGUMENT` when the report is invalid. */
  report(given: TaskProgress | null): void {
    const before = this.#metrics.progress
    const progress = given === null ? null : checked(given)
    this.#metrics.progress = progress
    if (progress === null) return
    const now = Date.now()
    if (progress.phase === before?.phase && now < this.#loggedAt + LOG_INTERVAL_MS) return
    this.#loggedAt = now
    this.#log.info('the task reports progress', { ...progress })
  }
}

function checked({ phase, done, total, detail }: TaskProgress): TaskProgress {
  if (typeof phase !== 'string' || phase === '') throw illegal('phase', phase, 'a non-empty string')
  if (!isCount(done)) throw illegal('done', done, 'a number of at least 0')
  if (total !== null && !isCount(total)) throw illegal('total', total, 'a number of at least 0, or null')
  if (detail !== undefined && typeof detail !== 'string') throw illegal('detail', detail, 'a string')
  const counts = { phase: shortened(phase, MAX_PHASE_CHARS), done, total }
  return detail === undefined ? counts : { ...counts, detail: shortened(detail, MAX_DETAIL_CHARS) }
}

const isCount = (value: unknown): boolean => Number.isFinite(value) && Number(value) >= 0

const illegal = (key: string, found: unknown, expected: string): ConnectError =>
  new ConnectError('HR_ILLEGAL_ARGUMENT', `progress: ${key} is ${String(found)}, expected ${expected}`)
