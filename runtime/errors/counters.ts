import type { FailureNote } from './failure-note.ts'

/** Counters of a task's failures. Source: ErrorHandlingMetrics. */
export interface ErrorCounters {
  /** Tries that failed. */
  totalRecordFailures: number
  /** Records that failed for good. */
  totalRecordErrors: number
  totalRecordsSkipped: number
  totalRetries: number
  totalErrorsLogged: number
  deadLetterQueueRequests: number
  deadLetterQueueFailures: number
  /** Milliseconds since the epoch; 0 before the first. */
  lastErrorAt: number
  /** The failure of that moment. */
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
