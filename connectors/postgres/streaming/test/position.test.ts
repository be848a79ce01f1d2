import assert from 'node:assert/strict'
import { test } from 'node:test'
import { confirmableLsn, neededLsn, offsetState, positionOf } from '../position.ts'
import { streamOffset } from '../offsets.ts'

const streaming = { lsn_proc: 30, messageType: 'INSERT', lsn_commit: 20, lsn: 30, txId: 7, ts_usec: 1 }
const completed = {
  last_snapshot_record: true,
  lsn: 10,
  txId: 5,
  ts_usec: 1,
  snapshot: 'INITIAL',
  snapshot_completed: true,
}

test('an offset tells whether the snapshot is unfinished, completed, or streaming has begun', () => {
  assert.equal(offsetState(undefined), 'none')
  assert.equal(offsetState({ ...completed, snapshot_completed: false }), 'snapshot unfinished')
  assert.equal(offsetState({ lsn: 10, snapshot: true }), 'snapshot unfinished')
  assert.equal(offsetState({ lsn: 10, snapshot: true, last_snapshot_record: true }), 'snapshot completed')
  assert.equal(offsetState(completed), 'snapshot completed')
  assert.equal(offsetState(streaming), 'streaming')
})

test('an interrupted blocking snapshot does not count as the initial snapshot', () => {
  assert.equal(offsetState({ ...streaming, snapshot: 'BLOCKING', snapshot_completed: false }), 'streaming')
})

test('a streaming offset gives the last transaction and the last event', () => {
  assert.deepEqual(positionOf(streaming), {
    lsnCommit: 20,
    last: { lsn: 30, count: 1, txId: 7, type: 'INSERT' },
    snapshotLsn: null,
  })
  assert.equal(positionOf({ ...streaming, lsn_events_processed: 3 }).last?.count, 3)
})

test('a stream after a completed snapshot continues at the end of the snapshot', () => {
  assert.deepEqual(positionOf(completed), { lsnCommit: null, last: undefined, snapshotLsn: 10 })
})

test('LSNs that Kafka Connect stored as long integers are read', () => {
  assert.equal(positionOf({ ...streaming, lsn_commit: 20n }).lsnCommit, 20)
})

test('a position that is no integer is refused with its key and what to do', () => {
  assert.throws(() => positionOf({ ...streaming, lsn_commit: 'x' }), {
    code: 'HR_CONNECT',
    message: /invalid lsn_commit: expected a non-negative integer, found x\. Correct it with PATCH/,
  })
})

test('only the end of a complete transaction or of a complete snapshot is confirmed to the slot', () => {
  assert.equal(confirmableLsn(streaming), 20)
  assert.equal(confirmableLsn({ lsn_proc: 30, lsn: 30, messageType: 'INSERT' }), null)
  assert.equal(confirmableLsn(completed), 10)
  assert.equal(confirmableLsn({ ...completed, snapshot_completed: false }), null)
})

test('the WAL from the last event on is needed', () => {
  assert.equal(neededLsn(undefined), null)
  assert.equal(neededLsn(streaming), 30)
  assert.equal(neededLsn(completed), 10)
})

test('an offset has the keys of Debezium, and the number of events at its LSN only if there are several', () => {
  const parts = {
    lsn: 30,
    count: 1,
    lsnCommit: 20,
    txId: 7,
    timeUs: 1,
    xmin: null,
    type: 'INSERT',
  } as const
  assert.deepEqual(streamOffset(parts), streaming)
  assert.deepEqual(streamOffset({ ...parts, count: 2 }), {
    ...streaming,
    lsn_events_processed: 2,
  })
})

test('the keys of an offset are in the order of Debezium', () => {
  const all = { lsn: 30, count: 2, lsnCommit: 20, txId: 7, timeUs: 1, xmin: 5, type: 'INSERT' } as const
  assert.equal(
    Object.keys(streamOffset(all)).join(),
    'lsn_proc,lsn_events_processed,xmin,messageType,lsn_commit,lsn,txId,ts_usec',
  )
})
