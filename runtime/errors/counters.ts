import type { FailureNote } from './failure-note.ts'

/** Failure counters of a task. Source: ErrorHandlingMetrics. */
export interface ErrorCounters {
  /** Failed attempts. */
  totalRecordFailures: number
  /** Records that failed after all retries. */
  totalRecordErrors: number
  totalRecordsSkipped: number
  totalRetries: number
  totalErrorsLogged: number
  deadLetterQueueRequests: number
  deadLetterQueueFailures: number
  /** Time of the last failure; milliseconds since the epoch, 0 before the first. */
  lastErrorAt: number
  /** The last failure. */
  lastError: FailureNote | null
}

export function newErrorCounters(): ErrorCounters {
  return {
    totalRecordFailures: 0,
    totalRecordErrors: 0,
    totalRecordsSkipped: 0,
    totalRetries: 0,
    totalErrorsLogged: 0,
    deadLetterQueueRequests: 0,
    deadLetterQueueFailures: 0,
    lastErrorAt: 0,
    lastError: null,
  }
}
