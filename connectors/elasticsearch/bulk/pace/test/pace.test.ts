import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ManualClock } from '../../test/manual-clock.ts'
import { signal } from '../../test/operations.ts'
import { backoffMs } from '../backoff.ts'
import { RequestLimiter } from '../limiter.ts'
import { RequestSize } from '../request-size.ts'

test('the backoff doubles, less a random part up to the half', () => {
  const all = [1, 2, 3, 4, 5].map((attempt) => backoffMs(attempt, 100, () => 0))
  assert.deepEqual(all, [100, 200, 400, 800, 1600])
  for (const attempt of [1, 5, 20, 1000]) {
    const full = backoffMs(attempt, 100, () => 0)
    const some = backoffMs(attempt, 100, Math.random)
    assert.ok(some >= full / 2 && some <= full)
  }
})

test('the backoff is at most ten seconds or retry.backoff.ms', () => {
  assert.equal(
    backoffMs(1000, 100, () => 0),
    10_000,
  )
  assert.equal(
    backoffMs(3, 60_000, () => 0),
    60_000,
  )
  assert.equal(
    backoffMs(7, 0, () => 0),
    0,
  )
})

test('rejections of requests that were in flight together halve the limit once', async () => {
  const limiter = new RequestLimiter(8, new ManualClock())
  const permits = await Promise.all(Array.from({ length: 8 }, () => limiter.start(signal)))
  for (const permit of permits) {
    limiter.overloaded(permit)
    limiter.end()
  }
  assert.equal(limiter.limit, 4)
  for (let attempt = 0; attempt < 10; attempt++) {
    limiter.overloaded(await limiter.start(signal))
    limiter.end()
  }
  assert.equal(limiter.limit, 1)
})

test('the limit grows with successes in a row, up to the setting', () => {
  const limiter = new RequestLimiter(3, new ManualClock())
  limiter.overloaded({ reductions: 0 })
  assert.equal(limiter.limit, 1)
  for (let success = 0; success < 5; success++) limiter.succeeded()
  assert.equal(limiter.limit, 2)
  for (let success = 0; success < 100; success++) limiter.succeeded()
  assert.equal(limiter.limit, 3)
})

test('requests wait for their turn, unless they are given up', async () => {
  const limiter = new RequestLimiter(1, new ManualClock())
  await limiter.start(signal)
  const givenUp = new AbortController()
  const first = limiter.start(givenUp.signal)
  let started = false
  const second = limiter.start(signal).then(() => (started = true))
  givenUp.abort(new Error('given up'))
  await assert.rejects(first, /given up/)
  await turn()
  assert.equal(started, false)
  limiter.end()
  await second
  assert.equal(limiter.inFlight, 1)
  await assert.rejects(limiter.start(AbortSignal.abort(new Error('too late'))), /too late/)
})

test('no request starts during a pause', async () => {
  const clock = new ManualClock()
  const limiter = new RequestLimiter(2, clock)
  let ended = 0
  limiter.pause(1000, () => ended++)
  limiter.pause(500, () => ended++)
  assert.equal(limiter.isFree, false)
  const start = limiter.start(signal)
  await clock.advance(999)
  assert.equal(limiter.inFlight, 0)
  await clock.advance(1)
  await start
  assert.equal(ended, 1)
})

test('a request that waits for the end of a pause starts, although the timer fires before its time', async () => {
  const timers: (() => void)[] = []
  const limiter = new RequestLimiter(1, {
    now: () => 1_000_000,
    after: (_ms, run) => {
      timers.push(run)
      return () => {}
    },
  })
  limiter.pause(1000, () => {})
  const start = limiter.start(signal)
  for (const fire of timers) fire()
  await start
  assert.equal(limiter.inFlight, 1)
})

test('requests become smaller when the server does not take them, and larger again later', () => {
  const size = new RequestSize(1000)
  size.tooMuch(800)
  assert.equal(size.bytes, 400)
  size.accepted(100)
  assert.equal(size.bytes, 400)
  for (let request = 0; request < 20; request++) size.accepted(size.bytes)
  assert.equal(size.bytes, 1000)
})

test('requests never again become as large as one that was too large', () => {
  const size = new RequestSize(1000)
  size.tooLarge(1000)
  for (let request = 0; request < 20; request++) size.accepted(size.bytes)
  assert.equal(size.bytes, 500)
})
