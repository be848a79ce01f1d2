import type { TaskProgress, TaskRetry } from '../../api/index.ts'
import { newErrorCounters, type ErrorCounters } from '../errors/index.ts'
import type { Blocked } from '../kafka/index.ts'
import { batchMetrics, newMetricValues, recordMetrics, type MetricValues } from '../telemetry/index.ts'

/** A metric defined by the code of a task, with its value; null when no value is set. */
export interface PluginMetric {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly unit: string
  readonly doc: string
  readonly value: number | null
}

/** Metrics of a task since its start. Plain data, so that snapshots can be sent between processes. */
export interface TaskMetrics extends MetricValues<typeof recordMetrics>, MetricValues<typeof batchMetrics> {
  /** Why the task is blocked; null if it is not. */
  blocked: Blocked | null
  /** What the task is retrying; null if nothing. Replaced as a whole. */
  retrying: TaskRetry | null
  readonly errors: ErrorCounters
  /** The latest progress report of the task's code on a long operation. Replaced as a whole. */
  progress: TaskProgress | null
  /** Replaced as a whole. */
  plugin: readonly PluginMetric[]
}

export function newTaskMetrics(): TaskMetrics {
  const now = Date.now()
  return {
    ...newMetricValues(recordMetrics),
    ...newMetricValues(batchMetrics),
    startedAt: now,
    lastProgressAt: now,
    blocked: null,
    retrying: null,
    errors: newErrorCounters(),
    progress: null,
    plugin: [],
  }
}

/** Updates the metrics after a batch that took `ms` to poll or put. */
export function noteBatch(metrics: TaskMetrics, records: number, ms: number): void {
  metrics.batches++
  metrics.totalBatchMs += ms
  if (ms > metrics.maxBatchMs) metrics.maxBatchMs = ms
  if (records > metrics.maxBatchRecords) metrics.maxBatchRecords = records
  metrics.lastProgressAt = Date.now()
}

export function noteCommit(metrics: TaskMetrics, succeeded: boolean, ms: number): void {
  if (succeeded) metrics.commitSuccesses++
  else metrics.commitFailures++
  metrics.totalCommitMs += ms
  if (ms > metrics.maxCommitMs) metrics.maxCommitMs = ms
}

/** Updates the metrics after a transaction was committed. Source: TransactionMetricsGroup. */
export function noteTransaction(metrics: TaskMetrics, records: number): void {
  const { meanTransactionRecords, minTransactionRecords, maxTransactionRecords } = metrics
  const mean = meanTransactionRecords ?? 0
  metrics.transactions++
  metrics.meanTransactionRecords = mean + (records - mean) / metrics.transactions
  metrics.minTransactionRecords = Math.min(minTransactionRecords ?? records, records)
  metrics.maxTransactionRecords = Math.max(maxTransactionRecords ?? records, records)
}
