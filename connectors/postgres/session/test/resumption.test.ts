import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceRecord, type SourceOffset } from '../../../../api/index.ts'
import { Resumption } from '../resumption.ts'

const unfinished = { lsn: 10, snapshot: 'INITIAL', snapshot_completed: false }
const completed = { lsn: 10, snapshot: 'INITIAL', snapshot_completed: true }
const streamed = { lsn_proc: 30, messageType: 'INSERT', lsn_commit: 20, lsn: 30, txId: 7, ts_usec: 1 }
const blocking = { ...streamed, snapshot: 'BLOCKING', snapshot_completed: false }

const records = (...offsets: readonly (SourceOffset | null)[]) =>
  offsets.map((sourceOffset) => sourceRecord({ topic: 't', sourcePartition: {}, sourceOffset, value: null }))

test('a start does not continue in the middle of the initial snapshot', () => {
  const resumption = new Resumption(undefined)
  const after = (...offsets: readonly (SourceOffset | null)[]) => {
    resumption.returned(records(...offsets))
    return resumption.possible
  }
  assert.equal(resumption.possible, true)
  assert.equal(after(unfinished, unfinished), false)
  assert.equal(after(), false)
  assert.equal(after(unfinished, completed), true)
  assert.equal(after(streamed), true)
  assert.equal(after(blocking), true)
})

test('notifications, which have no offset, change nothing', () => {
  const resumption = new Resumption(undefined)
  resumption.returned(records(null))
  assert.equal(resumption.possible, true)
  resumption.returned(records(null, unfinished, null))
  assert.equal(resumption.possible, false)
  resumption.returned(records(null))
  assert.equal(resumption.possible, false)
  resumption.returned(records(completed, null))
  assert.equal(resumption.possible, true)
})

test('a snapshot that replaces a stored position is committed from its first record on', () => {
  for (const stored of [streamed, completed]) {
    const resumption = new Resumption(stored)
    resumption.returned(records(unfinished))
    assert.equal(resumption.possible, true)
    resumption.stored(unfinished)
    assert.equal(resumption.possible, true)
  }
  const repeated = new Resumption(unfinished)
  repeated.returned(records(unfinished))
  repeated.stored(unfinished)
  assert.equal(repeated.possible, false)
  repeated.stored(streamed)
  assert.equal(repeated.possible, true)
})
