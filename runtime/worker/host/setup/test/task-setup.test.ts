import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commitSettings } from '../task-setup.ts'

test('the commit interval and timeout come from the settings of the worker, or else their defaults', () => {
  assert.deepEqual(commitSettings({}), { flushIntervalMs: 60_000, flushTimeoutMs: 5000 })
  const given = { 'offset.flush.interval.ms': ' 200 ', 'offset.flush.timeout.ms': '7' }
  assert.deepEqual(commitSettings(given), { flushIntervalMs: 200, flushTimeoutMs: 7 })
})

test('an interval of 0 or less does not cause a busy loop', () => {
  for (const interval of ['0', '-1']) {
    assert.equal(commitSettings({ 'offset.flush.interval.ms': interval }).flushIntervalMs, 100)
  }
})
