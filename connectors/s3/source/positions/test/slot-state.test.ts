import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ListedObject } from '../../../ports.ts'
import { TOKEN_LENGTH, tokensOf } from '../slot-offset.ts'
import { SlotState } from '../slot-state.ts'

const HOUR = 3_600_000
const NOW = 1000 * HOUR
const partition = { bucket: 'b', prefix: '', slot: 0 }
const listed = (key: string, lastModified: number): ListedObject => ({ key, size: 1, etag: '', lastModified })

/** Scans all objects once, reads those that the slot claims, and returns their keys. */
function scan(slot: SlotState, objects: readonly ListedObject[], now: number): string[] {
  slot.beginScan(now)
  const read: string[] = []
  for (const object of objects.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    const progress = slot.claim(object)
    if (progress === undefined) continue
    progress.moved(1, true)
    read.push(object.key)
  }
  slot.takeLate()
  slot.endScan()
  return read
}

const reopened = (slot: SlotState) => new SlotState(partition, slot.offset, HOUR)

test('the position does not grow with objects that were modified before the window', () => {
  const objects = Array.from({ length: 5000 }, (_, index) => listed(`k${index}`, NOW - 2 * HOUR - index))
  const slot = new SlotState(partition, undefined, HOUR)
  assert.equal(scan(slot, objects, NOW).length, 5000)
  assert.equal(slot.offset['recent'], '')
  assert.equal(slot.offset['through'], NOW - HOUR)
  assert.deepEqual(scan(reopened(slot), objects, NOW), [])
})

test('tokens are dropped when their objects leave the window or the bucket', () => {
  const slot = new SlotState(partition, undefined, HOUR)
  const objects = [listed('a', NOW), listed('b', NOW - 1), listed('c', NOW - 2)]
  scan(slot, objects, NOW)
  assert.equal(tokensOf(String(slot.offset['recent'])).length, 3)
  scan(slot, objects.slice(1), NOW)
  assert.equal(tokensOf(String(slot.offset['recent'])).length, 2)
  assert.deepEqual(scan(slot, objects.slice(1), NOW + 2 * HOUR), [])
  assert.equal(slot.offset['recent'], '')
  assert.deepEqual(scan(reopened(slot), objects.slice(1), NOW + 2 * HOUR), [])
})

test('an object that appears within the window is read, whatever its key and time are', () => {
  let slot = new SlotState(partition, undefined, HOUR)
  const objects = [listed('m', NOW)]
  scan(slot, objects, NOW)
  slot = reopened(slot)
  objects.push(listed('a', NOW - HOUR / 2), listed('z', NOW - HOUR / 2))
  assert.deepEqual(scan(slot, objects, NOW + 1), ['a', 'z'])
  // also in the pass that makes their time old
  slot = reopened(slot)
  objects.push(listed('b', NOW - HOUR / 2))
  assert.deepEqual(scan(slot, objects, NOW + 3 * HOUR), ['b'])
  assert.deepEqual(scan(reopened(slot), objects, NOW + 3 * HOUR), [])
})

test('with too many objects in the window, the position stays small and each is read once', () => {
  const slot = new SlotState(partition, undefined, HOUR)
  const objects = Array.from({ length: 9000 }, (_, index) => listed(`k${index}`, NOW - (index % 600)))
  const read: string[] = []
  for (let scans = 0; scans < 20; scans++) {
    read.push(...scan(slot, objects, NOW + scans))
    assert.ok(String(slot.offset['recent']).length <= 2000 * TOKEN_LENGTH)
  }
  assert.equal(read.length, 9000)
  assert.equal(new Set(read).size, 9000)
  assert.ok(!slot.crowded)
})

test('objects that appear with a time before the position are counted', () => {
  const slot = new SlotState(partition, undefined, HOUR)
  const objects = [listed('a', NOW - 2 * HOUR)]
  scan(slot, objects, NOW)
  scan(slot, objects, NOW)
  objects.push(listed('b', NOW - 3 * HOUR))
  slot.beginScan(NOW)
  for (const object of objects) assert.equal(slot.claim(object), undefined)
  assert.equal(slot.takeLate(), 1)
})
