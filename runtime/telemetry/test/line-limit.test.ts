import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LineLimit } from '../line-limit.ts'

test('the first occurrence of a kind is due, then one a minute with the number since the last line', (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const limit = new LineLimit()
  assert.deepEqual([limit.due('a'), limit.due('a')], [1, undefined])
  t.mock.timers.tick(60_000)
  assert.deepEqual([limit.due('a'), limit.due('a')], [2, undefined])
  assert.deepEqual([limit.due('b'), limit.due('b')], [2, undefined])
})

test('after a reset, the next occurrence is due and counts alone', () => {
  const limit = new LineLimit()
  assert.deepEqual([limit.due(), limit.due()], [1, undefined])
  limit.reset()
  assert.equal(limit.due(), 1)
})
