import assert from 'node:assert/strict'
import test from 'node:test'
import { JoinedCall } from '../joined-call.ts'
import { gate } from './gate.ts'

test('callers during a pending call share one call that starts after it', async () => {
  const gates = [gate(), gate()]
  let calls = 0
  const joined = new JoinedCall(async () => {
    const call = calls++
    await gates[call]?.opened
    return call
  })
  const first = joined.ask()
  const later = [joined.ask(), joined.ask(), joined.ask()]
  assert.equal(calls, 1)
  gates[0]?.open()
  assert.equal(await first, 0)
  gates[1]?.open()
  assert.deepEqual(await Promise.all(later), [1, 1, 1])
  assert.equal(calls, 2)
})

test('a failed call rejects for its callers, and the next call still runs', async () => {
  let calls = 0
  const joined = new JoinedCall(async () => {
    if (calls++ === 0) throw new RangeError('not this time')
    return 'answered'
  })
  const first = joined.ask()
  const second = joined.ask()
  await assert.rejects(first, new RangeError('not this time'))
  assert.equal(await second, 'answered')
})

test('a caller gets a new call when none is pending', async () => {
  let calls = 0
  const joined = new JoinedCall(async () => calls++)
  assert.deepEqual([await joined.ask(), await joined.ask()], [0, 1])
})
