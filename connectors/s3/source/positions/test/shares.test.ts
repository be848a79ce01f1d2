import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ownsSlot, ownsTopicPartition, SLOTS, slotOf, stableHash } from '../shares.ts'

test('the hash never changes, because stored offsets depend on it', () => {
  assert.deepEqual(['', 'a', 'topics/orders'].map(stableHash), [2_872_998_923, 444_641_715, 369_589_385])
})

test('each topic partition and slot belongs to exactly one task, and tasks get similar shares', () => {
  for (const tasks of [1, 2, 3, 7]) {
    const counts = Array.from({ length: tasks }, () => 0)
    for (let partition = 0; partition < 600; partition++) {
      const owners = counts.flatMap((_, task) =>
        ownsTopicPartition({ task, tasks }, 'orders', partition) ? [task] : [],
      )
      assert.equal(owners.length, 1)
      counts[owners[0] ?? 0]!++
    }
    assert.ok(Math.min(...counts) > 600 / tasks / 2, String(counts))
    for (let slot = 0; slot < SLOTS; slot++) {
      assert.equal(counts.filter((_, task) => ownsSlot({ task, tasks }, slot)).length, 1)
    }
  }
})

test('keys are spread over all slots', () => {
  const slots = new Set(Array.from({ length: 2000 }, (_, index) => slotOf(`logs/${index}.txt`)))
  assert.equal(slots.size, SLOTS)
})
