import assert from 'node:assert/strict'
import { test } from 'node:test'
import { getHeapStatistics } from 'node:v8'
import { IdleHeap } from '../idle-heap.ts'

const MB = 1_000_000
const CHECK_MS = 1000

/** A process whose collections reduce the heap to `afterwards`, 30 MB. */
function process_() {
  const state = {
    cpuMs: 0,
    heapBytes: 80 * MB,
    afterwards: 30 * MB,
    collections: 0,
    collected: Promise.resolve(),
  }
  const heap = new IdleHeap(
    {
      cpuMicros: () => state.cpuMs * 1000,
      heapBytes: () => state.heapBytes,
      async collect() {
        state.collections++
        state.heapBytes = state.afterwards
        await state.collected
      },
    },
    CHECK_MS,
  )
  return { state, heap }
}

test('an idle process collects its garbage once', async () => {
  const { state, heap } = process_()
  for (let checks = 0; checks < 5; checks++) await heap.check()
  assert.equal(state.collections, 1)
})

test('a busy process does not collect', async () => {
  const { state, heap } = process_()
  state.cpuMs += CHECK_MS / 2
  await heap.check()
  assert.equal(state.collections, 0)
  await heap.check()
  assert.equal(state.collections, 1)
})

const growths = [
  { by: '4 MiB', afterwards: 30, tooSmall: 33, enough: 60 },
  { by: 'an eighth if it is large', afterwards: 80, tooSmall: 89, enough: 90 },
]
for (const { by, afterwards, tooSmall, enough } of growths) {
  test(`an idle process collects again when its heap has grown by ${by}`, async () => {
    const { state, heap } = process_()
    state.afterwards = afterwards * MB
    await heap.check()
    state.heapBytes = tooSmall * MB
    await heap.check()
    assert.equal(state.collections, 1)
    state.heapBytes = enough * MB
    await heap.check()
    assert.equal(state.collections, 2)
  })
}

test('a process that cannot collect does not try again', async () => {
  const { state, heap } = process_()
  state.collected = Promise.reject(new Error('not allowed'))
  await heap.check()
  state.heapBytes = 200 * MB
  await heap.check()
  assert.equal(state.collections, 1)
})

test('a collection in progress is not joined by another one', async () => {
  const { state, heap } = process_()
  let end = () => {}
  state.collected = new Promise((resolve) => (end = resolve))
  const first = heap.check()
  state.heapBytes = 80 * MB
  await heap.check()
  assert.equal(state.collections, 1)
  end()
  await first
})

/** Returns the size of the heap while much is in use. In a function of its own, so that nothing is afterwards. */
function burst(): number {
  const kept = Array.from({ length: 40 }, () => Array.from({ length: 20_000 }, (_, index) => ({ index })))
  assert.equal(kept.length, 40)
  return getHeapStatistics().total_heap_size
}

test('a collection returns the memory of a burst to the system', async () => {
  const full = burst()
  await new IdleHeap(undefined, Number.MAX_SAFE_INTEGER).check() // whatever CPU time is used, that is idle
  assert.ok(getHeapStatistics().total_heap_size < full)
})
