import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceOffset, SourcePartition } from '../../../../api/index.ts'
import { validateOffsets } from '../altered-offsets.ts'

const alter = (partition: SourcePartition | null, offset: SourceOffset | null) =>
  validateOffsets({ 'topic.prefix': 'shop' }, [[partition, offset]])

const stored = { lsn_proc: 500, lsn_commit: 400, lsn: 500, txId: 7, messageType: 'INSERT', ts_usec: 1 }

test('offsets of the stream, of a snapshot and none are accepted; there is nothing else to do', () => {
  assert.equal(alter({ server: 'shop' }, stored), true)
  assert.equal(alter({ server: 'shop' }, { lsn: 500, snapshot: 'INITIAL', snapshot_completed: true }), true)
  assert.equal(alter({ server: 'shop' }, { lsn: 500, snapshot: true }), true)
  assert.equal(alter({ server: 'shop' }, null), true)
  assert.equal(validateOffsets({ 'topic.prefix': 'shop' }, []), true)
})

test('another partition is rejected, unless its offsets are deleted', () => {
  const expected = { code: 'HR_CONNECT', message: /expected the partition \{"server":"shop"\}.*found/ }
  for (const partition of [null, {}, { server: 'other' }, { server: 'shop', database: 'shop' }]) {
    assert.throws(() => alter(partition, stored), expected)
    assert.equal(alter(partition, null), true)
  }
})

test('an offset without a position is rejected; the message says how to start over', () => {
  for (const offset of [{}, { position: 5 }, { snapshot: 'INITIAL', snapshot_completed: true }]) {
    assert.throws(() => alter({ server: 'shop' }, offset), {
      code: 'HR_CONNECT',
      message: /expected the key lsn.*takes a new snapshot/,
    })
  }
})

test('positions that are not integers are rejected', () => {
  for (const [key, value] of [
    ['lsn', '0/1F4'],
    ['lsn_commit', -1],
    ['txId', 'x'],
  ] as const) {
    assert.throws(() => alter({ server: 'shop' }, { ...stored, lsn_proc: null, [key]: value }), {
      code: 'HR_CONNECT',
      message: new RegExp(`invalid ${key}.*expected a non-negative integer`),
    })
  }
})
