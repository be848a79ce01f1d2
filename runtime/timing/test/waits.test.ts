import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Backoff } from '../backoff.ts'
import { abortReason, sleep, within } from '../sleep.ts'
import { yieldEvery } from '../yielding.ts'
import { gate } from './gate.ts'

test('waits between tries double up to their limit, with some chance, and begin anew after a success', () => {
  const backoff = new Backoff(100, 1000)
  for (const expected of [100, 200, 400, 800, 1000, 1000]) {
    const ms = backoff.next()
    assert.ok(ms >= expected * 0.8 && ms <= expected * 1.2, `${ms} for ${expected}`)
  }
  backoff.reset()

  assert.ok(backoff.next() <= 120)
})

test('a wait between tries never grows beyond its limit, however many there were', () => {
  const backoff = new Backoff(100, 1000)
  for (let tries = 0; tries < 3000; tries++) assert.ok(backoff.next() <= 1200)
})

test('sleeping says whether the whole time has passed', async () => {
  const stop = new AbortController()
  assert.equal(await sleep(1), true)
  assert.equal(await sleep(60_000, AbortSignal.abort()), false)
  const sleeping = sleep(60_000, stop.signal)
  stop.abort()
  assert.equal(await sleeping, false)
})

test('what takes too long is answered by something else, and errors pass through', async () => {
  const late = gate<string>()

  assert.equal(await within(1000, Promise.resolve('in time'), () => 'late'), 'in time')
  assert.equal(await within(1, late.opened, () => 'late'), 'late')
  await assert.rejects(
    within(1000, Promise.reject(new Error('no')), () => 'late'),
    { message: 'no' },
  )
})

test('the reason of an abort is an error, whatever it was', () => {
  const reason = new Error('why')

  assert.equal(abortReason(AbortSignal.abort(reason)), reason)
  assert.equal(abortReason(AbortSignal.abort('text')).message, 'text')
})

test('a loop that never waits lets others have their turn now and then', async () => {
  const yieldNowAndThen = yieldEvery(0)
  let others = 0
  setImmediate(() => others++)
  for (let round = 0; round < 5; round++) await yieldNowAndThen()
  assert.equal(others, 1)

  assert.equal(yieldEvery(60_000)(), undefined)
})
