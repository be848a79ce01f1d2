import assert from 'node:assert/strict'
import { test } from 'node:test'
import { later, Lease, now, unlimitedLease } from '../index.ts'
import { eventually } from './gate.ts'

const MINUTE = 60_000

test('a lease is held until its end, without a call that ends it', async () => {
  assert.equal(new Lease().held, false)
  assert.equal(unlimitedLease().held, true)
  const lease = new Lease(later(now(), 20))
  assert.equal(lease.held, true)
  while (lease.held) await new Promise(setImmediate)
  lease.renew(later(now(), MINUTE))
  assert.equal(lease.held, true)
  lease.revoke()
  assert.equal(lease.held, false)
})

test('a lease ends when either clock reaches its end', () => {
  const inAMinute = later(now(), MINUTE)
  assert.equal(new Lease({ ...inAMinute, monotonicMs: now().monotonicMs }).held, false)
  assert.equal(new Lease({ ...inAMinute, wallMs: Date.now() }).held, false)
})

test('whoever waits for a lease continues when it is renewed', async () => {
  const lease = new Lease()
  const ends: number[] = []
  lease.onChange(({ monotonicMs }) => ends.push(monotonicMs))
  const waiting = lease.whenHeld()
  lease.renew(later(now(), -1)) // too late
  const end = later(now(), MINUTE)
  lease.renew(end)
  await waiting
  assert.equal(ends.at(-1), end.monotonicMs)

  lease.revoke()
  const stop = new AbortController()
  const other = lease.whenHeld(stop.signal)
  stop.abort(new Error('enough'))
  await assert.rejects(other, { message: 'enough' })
})

test('the end of a lease is reported once, whether it comes by itself or early', async () => {
  const lease = new Lease()
  let ends = 0
  const forget = lease.onEnd(() => ends++)
  lease.renew(later(now(), 20))
  lease.renew(later(now(), 40))
  while (lease.held) await new Promise(setImmediate)
  await eventually(() => ends === 1)
  lease.revoke()
  assert.equal(ends, 1)

  lease.renew(later(now(), MINUTE))
  lease.revoke()
  assert.equal(ends, 2)
  lease.renew(later(now(), MINUTE))
  forget()
  lease.revoke()
  assert.equal(ends, 2)
})
