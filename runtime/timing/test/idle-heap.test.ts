import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getHeapStatistics } from 'node:v8'
import { IdleHeap } from '../idle-heap.ts'

const MB = 1_000_000
const CHECK_MS = 1000

/** A process whose collections reduce the heap to 30 MB. */
function process_() {
  const state = { cpuMs: 0, heapBytes: 80 * MB, collections: 0 }
  const heap = new IdleHeap(
    {
      cpuMicros: () => state.cpuMs * 1000,
      heapBytes: () => state.heapBytes,
      collect() {
        state.collections++
        state.heapBytes = 30 * MB
      },
    },
    CHECK_MS,
  )
  return { state, heap }
}

test('an idle process collects its garbage twice', () => {
  const { state, heap } = process_()
  for (let checks = 0; checks < 5; checks++) heap.check()
  assert.equal(state.collections, 2)
})

test('a busy process does not collect', () => {
  const { state, heap } = process_()
  state.cpuMs += CHECK_MS / 2
  heap.check()
  assert.equal(state.collections, 0)
  heap.check()
  assert.equal(state.collections, 1)
})

test('an idle process collects again when its heap has grown', () => {
  const { state, heap } = process_()
  for (let checks = 0; checks < 2; checks++) heap.check()
  state.heapBytes = 40 * MB
  heap.check()
  assert.equal(state.collections, 2)
  state.heapBytes = 60 * MB
  heap.check()
  assert.equal(state.collections, 3)
})

/** Returns the size of the heap while much is in use. In a function of its own, so that nothing is afterwards. */
function burst(): number {
  const kept = Array.from({ length: 40 }, () => Array.from({ length: 20_000 }, (_, index) => ({ index })))
  assert.equal(kept.length, 40)
  return getHeapStatistics().total_heap_size
}

test('a collection returns the memory of a burst to the system', () => {
  const full = burst()
  new IdleHeap(undefined, Number.MAX_SAFE_INTEGER).check() // whatever CPU time is used, that is idle
  assert.ok(getHeapStatistics().total_heap_size < full)
})
