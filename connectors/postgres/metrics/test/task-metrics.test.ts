import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PluginMetrics } from '../../../../api/index.ts'
import type { SnapshotProgress } from '../../snapshot/progress.ts'
import { taskMetrics } from '../task-metrics.ts'

function recorded() {
  const values = new Map<string, number>()
  const gauge = (name: string) => ({ set: (value: number) => void values.set(name, value) })
  return { values, metrics: taskMetrics({ gauge, counter: gauge } as unknown as PluginMetrics) }
}

const queue = { records: 3, bytes: 900, maxRecords: 10, maxBytes: 1000 }

test('the counts of the stream are published with the names of Debezium', () => {
  const { values, metrics } = recorded()
  Object.assign(metrics.counts, {
    creates: 3,
    updates: 2,
    deletes: 1,
    messages: 1,
    transactions: 4,
    behindMs: 12,
  })
  metrics.publish(queue, 77)
  assert.equal(values.get('total_number_of_events_seen'), 7)
  assert.equal(values.get('total_number_of_create_events_seen'), 3)
  assert.equal(values.get('number_of_committed_transactions'), 4)
  assert.equal(values.get('milliseconds_behind_source'), 12)
  assert.equal(values.get('source_event_position_lsn'), 77)
  assert.equal(values.get('queue_remaining_capacity'), 7)
})

test('what is not known yet is no number', () => {
  const { values, metrics } = recorded()
  metrics.publish(queue, null)
  for (const name of ['source_event_position_lsn', 'milliseconds_behind_source', 'last_transaction_id']) {
    assert.ok(Number.isNaN(values.get(name)), name)
  }
  metrics.slot({ lagBytes: 5, keptBytes: 6, safeBytes: null })
  assert.deepEqual([values.get('slot_lag_bytes'), values.get('slot_kept_wal_bytes')], [5, 6])
  assert.ok(Number.isNaN(values.get('slot_safe_wal_bytes')))
})

test('a snapshot is running, then completed or aborted, with its progress', () => {
  const { values, metrics } = recorded()
  const state = () => ['running', 'completed', 'aborted'].map((name) => values.get(`snapshot_${name}`))
  metrics.snapshotStarted()
  assert.deepEqual(state(), [1, 0, 0])
  const progress = {
    tables: [1, 2, 3],
    tablesDone: 1,
    rows: 50,
    fraction: 0.4,
    elapsedMs: 2000,
    remainingMs: 3000,
  }
  metrics.snapshotProgress(progress as unknown as SnapshotProgress)
  assert.deepEqual(
    ['total_table_count', 'remaining_table_count', 'rows_scanned', 'snapshot_remaining_seconds'].map((name) =>
      values.get(name),
    ),
    [3, 2, 50, 3],
  )
  metrics.snapshotEnded(false)
  assert.deepEqual(state(), [0, 0, 1])
  metrics.snapshotEnded(true)
  assert.deepEqual(state(), [0, 1, 0])
})
