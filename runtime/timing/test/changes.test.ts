import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Changes } from '../changes.ts'
import { settle } from './gate.ts'

test('all waiters check their condition again after a change', async () => {
  const changes = new Changes()
  let value = 0
  const heard: number[] = []
  const waits = [1, 2].map((wanted) => changes.until(() => value >= wanted).then(() => heard.push(wanted)))
  value = 1
  changes.notify()
  await settle()
  assert.deepEqual(heard, [1])

  value = 2
  changes.notify()
  await Promise.all(waits)
  assert.deepEqual(heard, [1, 2])
})

test('waitFor resolves immediately if the condition is true', async () => {
  await new Changes().until(() => true, AbortSignal.abort())
  assert.equal(await new Changes().waitFor(() => true, 0), true)
})

test('a wait ends after its timeout or when its signal is aborted', async () => {
  const changes = new Changes()
  const stop = new AbortController()
  assert.equal(await changes.waitFor(() => false, 1), false)

  const timed = changes.waitFor(() => false, 60_000, stop.signal)
  const open = changes.until(() => false, stop.signal)
  stop.abort(new Error('enough'))
  assert.equal(await timed, false)
  await assert.rejects(open, { message: 'enough' })
})

test('a wait may be longer than the maximum delay of a timer', async () => {
  const changes = new Changes()
  let done = false
  const waiting = changes.waitFor(() => done, Number.MAX_SAFE_INTEGER)
  done = true
  changes.notify()

  assert.equal(await waiting, true)
})
