import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceOffset } from '../../../../api/index.ts'
import { positionOf } from '../../streaming/position.ts'
import { Passed } from '../passed.ts'
import type { StreamPhase } from '../stream-phase.ts'

const streamed = { lsn_proc: 30, messageType: 'INSERT', lsn_commit: 20, lsn: 30, txId: 7, ts_usec: 1 }
const completed = { lsn: 10, snapshot: 'INITIAL', snapshot_completed: true }

/** A stream at an offset, which confirms to `confirmed`. */
function stream(offset: SourceOffset, idle?: SourceOffset) {
  const confirmed: number[] = []
  const phase = {
    output: { offset, position: positionOf(offset) },
    changes: { takeIdleOffset: () => idle },
    confirm: (lsn: number) => void confirmed.push(lsn),
  } as unknown as StreamPhase
  return { phase, confirmed }
}

test('a stored offset is confirmed as soon as a stream runs, and only newer ones after it', () => {
  const passed = new Passed(streamed)
  const { phase, confirmed } = stream(streamed)
  passed.streams(phase)
  passed.stored({ ...streamed, lsn_commit: 15 })
  passed.stored({ ...streamed, lsn_commit: 40 })
  assert.deepEqual(confirmed, [20, 40])
})

test('an offset that is stored while no stream runs is confirmed by the next one', () => {
  const passed = new Passed(undefined)
  passed.stored(completed)
  const { phase, confirmed } = stream(completed)
  passed.streams(phase)
  assert.deepEqual(confirmed, [10])
})

test('the next session continues after what the last stream has passed on', () => {
  const passed = new Passed(completed)
  passed.streams(stream(streamed).phase)
  passed.streamEnded()
  assert.equal(passed.offset, streamed)
  assert.equal(passed.position.last?.lsn, 30)
})

test('a snapshot without rows is stored without a record, unless the stream has newer records', () => {
  const passed = new Passed(undefined)
  passed.snapshotBegins()
  passed.snapshotEnded(completed, false)
  assert.equal(passed.takeOffsetWithoutRecord(), completed)
  assert.equal(passed.takeOffsetWithoutRecord(), undefined)

  const other = new Passed(undefined)
  other.snapshotEnded(completed, false)
  other.streams(stream(streamed).phase)
  assert.equal(other.takeOffsetWithoutRecord(), undefined)
})

test('an interrupted snapshot starts over', () => {
  const passed = new Passed(streamed)
  passed.snapshotBegins()
  assert.deepEqual(passed.offset, { snapshot: 'INITIAL', snapshot_completed: false })
  assert.deepEqual(passed.position, positionOf(undefined))
  assert.equal(passed.storedLsn, null)
})

test('an idle stream gives its position', () => {
  const idle = { ...streamed, lsn_commit: 90 }
  const passed = new Passed(undefined)
  passed.streams(stream(streamed, idle).phase)
  assert.equal(passed.takeOffsetWithoutRecord(), idle)
})
