import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MIN_FRAGMENT, RangeAllocator, type Range } from '../ranges.ts'

const KB = 1024

test('ranges follow one another, and a freed one is used again', () => {
  const ranges = new RangeAllocator()
  const [first] = ranges.allocate(100 * KB)
  const [second] = ranges.allocate(100 * KB)
  assert.deepEqual(second, { start: 100 * KB, length: 100 * KB })
  ranges.free(first as Range)
  assert.deepEqual(ranges.allocate(100 * KB), [{ start: 0, length: 100 * KB }])
  assert.equal(ranges.end, 200 * KB)
})

test('bytes are divided among free ranges, and the rest is at the end', () => {
  const ranges = new RangeAllocator()
  const [one, , other] = [1, 2, 3, 4].map(() => ranges.allocate(100 * KB)[0] as Range)
  ranges.free(one as Range)
  ranges.free(other as Range)
  assert.deepEqual(ranges.allocate(250 * KB), [
    { start: 0, length: 100 * KB },
    { start: 200 * KB, length: 100 * KB },
    { start: 400 * KB, length: 50 * KB },
  ])
  assert.equal(ranges.used, 450 * KB)
})

test('fragments are not used for larger pieces', () => {
  const ranges = new RangeAllocator()
  const [small] = ranges.allocate(KB)
  ranges.allocate(KB)
  ranges.free(small as Range)
  assert.deepEqual(ranges.allocate(MIN_FRAGMENT), [{ start: 2 * KB, length: MIN_FRAGMENT }])
  assert.deepEqual(ranges.allocate(KB), [{ start: 0, length: KB }])
})

test('neighbours that are free are one range, and free ranges at the end shorten the file', () => {
  const ranges = new RangeAllocator()
  const all = [0, 1, 2, 3].map(() => ranges.allocate(100 * KB)[0] as Range)
  for (const at of [2, 0, 1]) ranges.free(all[at] as Range)
  assert.deepEqual(ranges.allocate(300 * KB), [{ start: 0, length: 300 * KB }])
  ranges.free({ start: 0, length: 300 * KB })
  ranges.free(all[3] as Range)
  assert.equal(ranges.end, 0)
  assert.equal(ranges.used, 0)
})

test('after many random operations, no two ranges overlap and nothing is lost', () => {
  const ranges = new RangeAllocator()
  const taken: Range[] = []
  let seed = 42
  const random = (limit: number): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) % limit
  for (let step = 0; step < 2000; step++) {
    if (random(3) > 0) taken.push(...ranges.allocate(1 + random(300 * KB)))
    else if (taken.length > 0) ranges.free(taken.splice(random(taken.length), 1)[0] as Range)
  }
  const sorted = taken.toSorted((one, other) => one.start - other.start)
  for (const [at, { start }] of sorted.entries()) {
    const before = sorted[at - 1]
    assert.ok(before === undefined || before.start + before.length <= start)
  }
  assert.equal(
    ranges.used,
    taken.reduce((sum, { length }) => sum + length, 0),
  )
  for (const range of taken) ranges.free(range)
  assert.deepEqual([ranges.used, ranges.end], [0, 0])
})
