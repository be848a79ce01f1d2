import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gate, settle } from '../../timing/test/gate.ts'
import { TaskControl } from '../stop.ts'

test('a hard stop waits for close, even if it fails', async () => {
  const released = gate()
  const control = new TaskControl(false)
  control.onStopNow(() => released.opened)
  control.onStopNow(() => Promise.reject(new Error('it is gone already')))
  control.onStopNow(() => undefined)
  let done = false
  control.stopNow()
  const stopping = control.released().then(() => {
    done = true
  })
  await settle()
  assert.deepEqual([control.stopping, control.stop.hard.aborted, done], [true, true, false])

  released.open()
  await stopping
})

test('what is registered after a hard stop is released at once, and waited for', async () => {
  const released = gate()
  const control = new TaskControl(false)
  control.stopNow()
  let calls = 0
  control.onStopNow(() => {
    calls++
    return released.opened
  })
  assert.equal(calls, 1)
  let done = false
  const stopping = control.released().then(() => {
    done = true
  })
  await settle()
  assert.equal(done, false)

  released.open()
  await stopping
})
