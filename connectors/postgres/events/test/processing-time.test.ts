import assert from 'node:assert/strict'
import { test } from 'node:test'
import { processingTime, readProcessingTime } from '../processing-time.ts'

test('a time has milliseconds, microseconds and nanoseconds', () => {
  assert.deepEqual(processingTime(1_700_000_000_123_456), {
    ms: 1_700_000_000_123,
    us: 1_700_000_000_123_456,
    ns: 1_700_000_000_123_456_000n,
  })
})

test('the clock is that of the system', () => {
  const earliest = Date.now() - 1000
  const { ms, us } = readProcessingTime()
  assert.ok(Number.isInteger(us))
  assert.ok(ms >= earliest && ms <= Date.now() + 1000)
})
