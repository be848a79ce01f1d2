import assert from 'node:assert/strict'
import { test } from 'node:test'
import { percentile } from '../results.ts'

test('a percentile is the smallest value that so many percent do not exceed', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index)
  assert.deepEqual([percentile(values, 50), percentile(values, 99), percentile(values, 100)], [100, 198, 200])
  assert.deepEqual([percentile([7], 50), percentile([7], 99), percentile([3, 1], 0)], [7, 7, 1])
})

test('without values there is no percentile', () => {
  assert.ok(Number.isNaN(percentile([], 50)))
})
