import assert from 'node:assert/strict'
import { test } from 'node:test'
import { positionOfRows, streamedBefore } from '../offsets.ts'

const position = { lsn: 200, txId: 9, timeUs: 1 }

test('rows of a blocking snapshot have the LSN and the transaction of the last event', () => {
  const last = { lsn: 150, count: 1, txId: 8, type: 'INSERT' } as const
  const before = streamedBefore({ lsnCommit: 140, last, snapshotLsn: null }, { txId: 8 })
  assert.deepEqual(before, { lsnProc: 150, lsnCommit: 140, txId: 8 })
  assert.deepEqual(positionOfRows(position, before, undefined), { lsn: 150, txId: 8, timeUs: 1 })
})

test('before the first event they have the transaction of the initial snapshot', () => {
  const none = { lsnCommit: null, last: undefined, snapshotLsn: 100 }
  const before = streamedBefore(none, { lsn: 100, txId: 7, snapshot: 'INITIAL' })
  assert.deepEqual(positionOfRows(position, before, undefined), { lsn: 200, txId: 7, timeUs: 1 })
  assert.equal(streamedBefore(none, undefined).txId, null)
})
