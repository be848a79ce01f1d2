import type { Gauge, MetricUnit, PluginMetrics } from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'
import type { SnapshotProgress } from '../snapshot/progress.ts'
import { noCounts, type StreamCounts } from '../streaming/ports.ts'

/** What the server says about the slot. Null where it does not say. */
export interface SlotFacts {
  /** WAL that is not confirmed yet; bytes. */
  readonly lagBytes: number | null
  /** WAL that the server keeps for the slot; bytes. */
  readonly keptBytes: number | null
  /** Bytes that can be written before the slot may be lost. */
  readonly safeBytes: number | null
}

/** How full the queue between the database and Kafka is. */
export interface QueueFacts {
  readonly records: number
  readonly bytes: number
  readonly maxRecords: number
  readonly maxBytes: number
}

/** The metrics of a task. The names are those of Debezium's JMX beans, in lower case. */
export interface TaskMetrics {
  readonly counts: StreamCounts
  connected(connected: boolean): void
  capturedTables(count: number): void
  snapshotStarted(): void
  snapshotProgress(progress: SnapshotProgress): void
  snapshotEnded(completed: boolean): void
  slot(facts: SlotFacts): void
  /** Publishes the counts. `lsn` is the position of the last event. */
  publish(queue: QueueFacts, lsn: Lsn | null): void
}

/**
 * Registers the metrics. Source: StreamingChangeEventSourceMetricsMXBean, SnapshotChangeEventSourceMetricsMXBean.
 */
export function taskMetrics(metrics: PluginMetrics): TaskMetrics {
  const gauge = (name: string, unit: MetricUnit, doc: string): Gauge => metrics.gauge(name, { unit, doc })
  const counts = noCounts()
  const stream = streamGauges(gauge, counts)
  const snapshot = snapshotGauges(gauge)
  const lag = gauge('slot_lag_bytes', 'bytes', 'WAL written after the position that the slot has confirmed.')
  const kept = gauge('slot_kept_wal_bytes', 'bytes', 'WAL that the server keeps for the slot.')
  const safe = gauge('slot_safe_wal_bytes', 'bytes', 'WAL that can be written before the slot may be lost.')
  return {
    counts,
    ...stream,
    ...snapshot,
    slot(facts) {
      lag.set(facts.lagBytes ?? NaN)
      kept.set(facts.keptBytes ?? NaN)
      safe.set(facts.safeBytes ?? NaN)
    },
  }
}

type MakeGauge = (name: string, unit: MetricUnit, doc: string) => Gauge

function streamGauges(
  gauge: MakeGauge,
  counts: StreamCounts,
): Pick<TaskMetrics, 'connected' | 'capturedTables' | 'publish'> {
  const connected = gauge('connected', 'count', '1 while changes are streamed, else 0.')
  const tables = gauge('captured_tables', 'count', 'Captured tables when the task connected.')
  const behind = gauge('milliseconds_behind_source', 'ms', 'Age of the last change when it was read.')
  const since = gauge('milliseconds_since_last_event', 'ms', 'Time since the last change was read.')
  const seen = gauge('total_number_of_events_seen', 'records', 'Changes read from the stream.')
  const creates = gauge('total_number_of_create_events_seen', 'records', 'Inserts read from the stream.')
  const updates = gauge('total_number_of_update_events_seen', 'records', 'Updates read from the stream.')
  const deletes = gauge('total_number_of_delete_events_seen', 'records', 'Deletes read from the stream.')
  const filtered = gauge('number_of_events_filtered', 'records', 'Changes of tables that are not captured.')
  const erroneous = gauge('number_of_erroneous_events', 'records', 'Changes skipped because of an error.')
  const transactions = gauge(
    'number_of_committed_transactions',
    'count',
    'Transactions read from the stream.',
  )
  const lastTxId = gauge('last_transaction_id', 'count', 'Id of the last transaction.')
  const position = gauge('source_event_position_lsn', 'bytes', 'LSN of the last event.')
  const queued = gauge('queue_remaining_capacity', 'records', 'Free places in the queue of max.queue.size.')
  const capacity = gauge('queue_total_capacity', 'records', 'Value of max.queue.size.')
  const bytes = gauge('current_queue_size_in_bytes', 'bytes', 'Estimated size of the queue.')
  const maxBytes = gauge('max_queue_size_in_bytes', 'bytes', 'Limit of the size of the queue.')
  return {
    connected: (is) => connected.set(is ? 1 : 0),
    capturedTables: (count) => tables.set(count),
    publish(queue, lsn) {
      seen.set(counts.creates + counts.updates + counts.deletes + counts.truncates + counts.messages)
      creates.set(counts.creates)
      updates.set(counts.updates)
      deletes.set(counts.deletes)
      filtered.set(counts.filtered)
      erroneous.set(counts.erroneous)
      transactions.set(counts.transactions)
      lastTxId.set(counts.lastTxId ?? NaN)
      position.set(lsn ?? NaN)
      behind.set(counts.behindMs ?? NaN)
      since.set(counts.lastEventAt === null ? NaN : Date.now() - counts.lastEventAt)
      queued.set(Math.max(0, queue.maxRecords - queue.records))
      capacity.set(queue.maxRecords)
      bytes.set(queue.bytes)
      maxBytes.set(queue.maxBytes)
    },
  }
}

function snapshotGauges(
  gauge: MakeGauge,
): Pick<TaskMetrics, 'snapshotStarted' | 'snapshotProgress' | 'snapshotEnded'> {
  const running = gauge('snapshot_running', 'count', '1 while a snapshot runs, else 0.')
  const completed = gauge('snapshot_completed', 'count', '1 after a snapshot of this start has completed.')
  const aborted = gauge('snapshot_aborted', 'count', '1 if the last snapshot of this start was interrupted.')
  const total = gauge('total_table_count', 'count', 'Tables of the snapshot.')
  const remaining = gauge('remaining_table_count', 'count', 'Tables that the snapshot has not read yet.')
  const rows = gauge('rows_scanned', 'records', 'Rows read by the snapshot.')
  const fraction = gauge('snapshot_fraction', 'ratio', 'Part of the snapshot that is done, from 0 to 1.')
  const duration = gauge('snapshot_duration_in_seconds', 'seconds', 'Duration of the snapshot so far.')
  const left = gauge('snapshot_remaining_seconds', 'seconds', 'Estimated time until the end of the snapshot.')
  return {
    snapshotStarted() {
      running.set(1)
      completed.set(0)
      aborted.set(0)
    },
    snapshotProgress(progress) {
      total.set(progress.tables.length)
      remaining.set(progress.tables.length - progress.tablesDone)
      rows.set(progress.rows)
      fraction.set(progress.fraction)
      duration.set(progress.elapsedMs / 1000)
      left.set(progress.remainingMs === null ? NaN : progress.remainingMs / 1000)
    },
    snapshotEnded(done) {
      running.set(0)
      completed.set(done ? 1 : 0)
      aborted.set(done ? 0 : 1)
    },
  }
}
