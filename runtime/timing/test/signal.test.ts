import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Signal } from '../signal.ts'

test('a notification before, during and between waits is never lost', async () => {
  const signal = new Signal()
  signal.notify()
  await signal.wait()

  const waiting = signal.wait()
  signal.notify()
  await waiting
  signal.notify()
  signal.notify()
  await signal.wait()

  let woken = false
  const next = signal.wait().then(() => (woken = true))
  await Promise.resolve()
  assert.equal(woken, false) // two notifications before a wait count as one
  signal.notify()
  await next
})

test('a wait ends after its timeout or when its signal is aborted', async () => {
  const signal = new Signal()
  await signal.wait(1)
  await signal.wait(0)
  await signal.wait(undefined, AbortSignal.abort())
  const stop = new AbortController()
  const waiting = signal.wait(60_000, stop.signal)
  stop.abort()

  await waiting
})
