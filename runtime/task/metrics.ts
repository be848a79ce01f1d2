import type { TaskProgress } from '../../api/index.ts'
import { newErrorCounters, type ErrorCounters } from '../errors/index.ts'
import type { Blocked } from '../kafka/index.ts'

/** A metric defined by the code of a task, with its value; null when no value is set. */
export interface PluginMetric {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly unit: string
  readonly doc: string
  readonly value: number | null
}

/** Counters of a task since its start. Plain data, so that snapshots can be sent between processes. */
export interface TaskMetrics {
  readonly startedAt: number
  /** Records polled from the source, or read from Kafka. */
  recordsIn: number
  /** Records written to Kafka, or put into the sink. */
  recordsOut: number
  /** Records dropped by transforms, or skipped after an error. */
  recordsDropped: number
  bytesIn: number
  bytesOut: number
  batches: number
  maxBatchRecords: number
  maxBatchMs: number
  totalBatchMs: number
  commitSuccesses: number
  commitFailures: number
  maxCommitMs: number
  totalCommitMs: number
  /** Records not yet read, over all partitions; sinks only. */
  lag: number | null
  /** Time of the last successful poll, put or commit; milliseconds since the epoch. */
  lastProgressAt: number
  /** What blocks the task; null when nothing does. */
  blocked: Blocked | null
  readonly errors: ErrorCounters
  /** The latest progress report of the task's code on a long operation. Replaced as a whole. */
  progress: TaskProgress | null
  /** Replaced as a whole. */
  plugin: readonly PluginMetric[]
}

export function newTaskMetrics(): TaskMetrics {
  const now = Date.now()
  return {
    startedAt: now,
    recordsIn: 0,
    recordsOut: 0,
    recordsDropped: 0,
    bytesIn: 0,
    bytesOut: 0,
    batches: 0,
    maxBatchRecords: 0,
    maxBatchMs: 0,
    totalBatchMs: 0,
    commitSuccesses: 0,
    commitFailures: 0,
    maxCommitMs: 0,
    totalCommitMs: 0,
    lag: null,
    lastProgressAt: now,
    blocked: null,
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
