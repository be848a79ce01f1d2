import assert from 'node:assert/strict'
import test from 'node:test'
import { JoinedCall } from '../joined-call.ts'
import { gate } from './gate.ts'

test('those who ask while a call is under way share one more, begun after they came', async () => {
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

test('a call that fails is told of to those who asked for it, and the next is made all the same', async () => {
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

test('who asks once nothing is under way gets a call of its own', async () => {
  let calls = 0
  const joined = new JoinedCall(async () => calls++)
  assert.deepEqual([await joined.ask(), await joined.ask()], [0, 1])
})
