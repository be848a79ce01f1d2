import { errorMetrics, newMetricValues, type MetricValues } from '../telemetry/index.ts'
import type { FailureNote } from './failure-note.ts'

/** Failure counters of a task. */
export interface ErrorCounters extends MetricValues<typeof errorMetrics> {
  /** The last failure. */
  lastError: FailureNote | null
}

export function newErrorCounters(): ErrorCounters {
  return { ...newMetricValues(errorMetrics), lastError: null }
}
