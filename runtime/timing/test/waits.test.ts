import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Backoff } from '../backoff.ts'
import { Signal } from '../signal.ts'
import { abortReason, sleep, within } from '../sleep.ts'
import { startTimer } from '../timer.ts'
import { yieldEvery } from '../yielding.ts'
import { gate, settle } from './gate.ts'

test('the backoff doubles up to its limit, with jitter, and is reset after a success', () => {
  const backoff = new Backoff(100, 1000)
  for (const expected of [100, 200, 400, 800, 1000, 1000]) {
    const ms = backoff.next()
    assert.ok(ms >= expected * 0.8 && ms <= expected * 1.2, `${ms} for ${expected}`)
  }
  backoff.reset()

  assert.ok(backoff.next() <= 120)
})

test('the backoff never exceeds its limit, after any number of attempts', () => {
  const backoff = new Backoff(100, 1000)
  for (let tries = 0; tries < 3000; tries++) assert.ok(backoff.next() <= 1200)
})

test('sleep resolves to whether the whole time has passed', async () => {
  const stop = new AbortController()
  assert.equal(await sleep(1), true)
  assert.equal(await sleep(60_000, AbortSignal.abort()), false)
  const sleeping = sleep(60_000, stop.signal)
  stop.abort()
  assert.equal(await sleeping, false)
})

test('within resolves to a substitute after the timeout, and passes errors through', async () => {
  const late = gate<string>()

  assert.equal(await within(1000, Promise.resolve('in time'), () => 'late'), 'in time')
  assert.equal(await within(1, late.opened, () => 'late'), 'late')
  await assert.rejects(
    within(1000, Promise.reject(new Error('no')), () => 'late'),
    { message: 'no' },
  )
})

test('the reason of an abort is always an error', () => {
  const reason = new Error('why')

  assert.equal(abortReason(AbortSignal.abort(reason)), reason)
  assert.equal(abortReason(AbortSignal.abort('text')).message, 'text')
})

test('a loop that never waits yields to the event loop regularly', async () => {
  const yieldNowAndThen = yieldEvery(0)
  let others = 0
  setImmediate(() => others++)
  for (let round = 0; round < 5; round++) await yieldNowAndThen()
  assert.equal(others, 1)

  assert.equal(yieldEvery(60_000)(), undefined)
})

const LONGEST_TIMER_MS = 2 ** 31 - 1

test('a wait longer than 24.8 days has the correct duration', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const over: string[] = []
  const ms = LONGEST_TIMER_MS + 1000
  void sleep(ms).then(() => over.push('sleep'))
  void within(ms, gate().opened, () => over.push('within'))
  void new Signal().wait(ms).then(() => over.push('signal'))
  startTimer(ms, () => over.push('timer'))

  t.mock.timers.tick(LONGEST_TIMER_MS)
  await settle()
  t.mock.timers.tick(999)
  await settle()
  assert.deepEqual(over, [])
  t.mock.timers.tick(1)
  await settle()
  assert.deepEqual(new Set(over), new Set(['sleep', 'within', 'signal', 'timer']))
})

test('a cancelled timer never fires, in any part of a long wait', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let fired = 0
  const timers = [1, LONGEST_TIMER_MS + 1000].map((ms) => startTimer(ms, () => fired++))
  timers[0]?.cancel()
  t.mock.timers.tick(LONGEST_TIMER_MS)
  timers[1]?.cancel()
  t.mock.timers.tick(LONGEST_TIMER_MS)
  assert.equal(fired, 0)
})

test('any number of sleeps can share a signal', async () => {
  const stop = new AbortController()
  const warnings: Error[] = []
  const listener = (warning: Error) => warnings.push(warning)
  process.on('warning', listener)
  const sleeping = Promise.all(Array.from({ length: 50 }, () => sleep(60_000, stop.signal)))
  await settle()
  stop.abort()
  assert.ok((await sleeping).every((whole) => !whole))
  await settle()
  process.off('warning', listener)
  assert.deepEqual(warnings, [])
})
