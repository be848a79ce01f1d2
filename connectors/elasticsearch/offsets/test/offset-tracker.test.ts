import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sinkRecord } from '../../../../testing/index.ts'
import { OffsetTracker } from '../offset-tracker.ts'

const record = (offset: number, partition = 0, topic = 't1') => sinkRecord({ topic, partition, offset })
const at = (offset: number, partition = 0, topic = 't1') => ({ topic, partition, offset })

test('only the contiguous settled records are safe to commit', () => {
  const tracker = new OffsetTracker()
  for (const offset of [0, 1, 2]) tracker.add(record(offset))
  assert.equal(tracker.safeOffset(at(3)), 0)
  tracker.settle(record(1))
  assert.equal(tracker.safeOffset(at(3)), 0)
  tracker.settle(record(0))
  assert.equal(tracker.safeOffset(at(3)), 2)
  assert.equal(tracker.length, 1)
  tracker.settle(record(2))
  assert.equal(tracker.safeOffset(at(3)), 3)
  assert.equal(tracker.length, 0)
})

test('what transforms dropped behind the last record is safe too', () => {
  const tracker = new OffsetTracker()
  tracker.add(record(5))
  assert.equal(tracker.safeOffset(at(100)), 5)
  tracker.settle(record(5))
  assert.equal(tracker.safeOffset(at(100)), 100)
  assert.equal(tracker.safeOffset(at(7, 1)), 7)
})

test('offsets with gaps are found', () => {
  const tracker = new OffsetTracker()
  const offsets = Array.from({ length: 1000 }, (_, index) => index * 3 + (index % 2))
  for (const offset of offsets) tracker.add(record(offset))
  for (const offset of offsets.slice(1)) tracker.settle(record(offset))
  assert.equal(tracker.safeOffset(at(5000)), 0)
  assert.equal(tracker.length, 1000)
  tracker.settle(record(1)) // was not added
  tracker.settle(record(0))
  assert.equal(tracker.length, 0)
})

test('many records pass through the ring', () => {
  const tracker = new OffsetTracker()
  for (let offset = 0; offset < 10_000; offset++) {
    tracker.add(record(offset))
    if (offset >= 100) tracker.settle(record(offset - 100))
    assert.equal(tracker.safeOffset(at(offset + 1)), Math.max(0, offset - 99))
  }
  assert.equal(tracker.length, 100)
})

test('records that are read again after all were settled count again', () => {
  const tracker = new OffsetTracker()
  for (const offset of [0, 1]) tracker.add(record(offset))
  for (const offset of [0, 1]) tracker.settle(record(offset))
  assert.equal(tracker.isRewound(record(0)), false)
  tracker.add(record(1))
  assert.equal(tracker.safeOffset(at(2)), 1)
  tracker.settle(record(1))
  assert.equal(tracker.safeOffset(at(2)), 2)
})

test('records that are read again while some are pending are recognized', () => {
  const tracker = new OffsetTracker()
  for (const offset of [4, 5]) tracker.add(record(offset))
  tracker.settle(record(5))
  assert.equal(tracker.isRewound(record(5)), true)
  assert.equal(tracker.isRewound(record(6)), false)
  assert.equal(tracker.isRewound(record(4, 1)), false)
  tracker.settle(record(4))
  assert.equal(tracker.isRewound(record(5)), false)
})

test('closed partitions are forgotten, and their late records ignored', () => {
  const tracker = new OffsetTracker()
  tracker.add(record(0))
  tracker.add(record(0, 0, 't2'))
  tracker.close([at(0), at(0, 7, 't3')])
  assert.equal(tracker.length, 1)
  tracker.settle(record(0))
  assert.equal(tracker.length, 1)
  assert.equal(tracker.lastOffset('t1', 0), -1)
  assert.equal(tracker.lastOffset('t2', 0), 0)
})

test('the coordinates before transforms count', () => {
  const tracker = new OffsetTracker()
  const renamed = { ...record(3), topic: 'renamed', partition: 9 }
  tracker.add(renamed)
  assert.equal(tracker.safeOffset(at(4)), 3)
  tracker.settle(renamed)
  assert.equal(tracker.safeOffset(at(4)), 4)
})
