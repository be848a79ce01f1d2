import assert from 'node:assert/strict'
import { test } from 'node:test'
import { schedulingOf, StallWatch } from '../stall-watch.ts'

const CHECK_MS = 250
const TIMEOUT_MS = 5000

/** How long a process does not respond before it counts as hanging, when it gets a share of a processor. */
function silenceUntilHung({ runnable, share }: { runnable: boolean; share: number }): number {
  let silentMs = 0
  const watch = new StallWatch(() => ({ runnable, usedMs: 1000 + silentMs * share }))
  for (;;) {
    const hung = watch.silentFor(CHECK_MS, TIMEOUT_MS)
    silentMs += CHECK_MS
    if (hung) return silentMs
  }
}

test('a process that runs without responding is hanging', () => {
  assert.equal(silenceUntilHung({ runnable: true, share: 1 }), TIMEOUT_MS + CHECK_MS)
})

test('a process that blocks without using the CPU is hanging', () => {
  assert.equal(silenceUntilHung({ runnable: false, share: 0 }), TIMEOUT_MS)
})

test('a process that waits for the CPU gets more time, up to a limit', () => {
  assert.equal(silenceUntilHung({ runnable: true, share: 0.1 }), 50_250)
  assert.equal(silenceUntilHung({ runnable: true, share: 0 }), 60_000)
})

test('without scheduler statistics, only the time counts', () => {
  const watch = new StallWatch(() => undefined)
  assert.equal(watch.silentFor(TIMEOUT_MS - CHECK_MS, TIMEOUT_MS), false)
  assert.equal(watch.silentFor(CHECK_MS, TIMEOUT_MS), true)
})

test('the description of the silence says how long a process that waited for the CPU ran', () => {
  let usedMs = 1000
  const watch = new StallWatch(() => ({ runnable: true, usedMs }))
  watch.silentFor(TIMEOUT_MS, TIMEOUT_MS)
  assert.equal(watch.silence(TIMEOUT_MS), '5000 ms')
  usedMs += TIMEOUT_MS
  watch.silentFor(14_000, TIMEOUT_MS)
  assert.equal(watch.silence(TIMEOUT_MS), '19 s, of which it ran for 5000 ms')
})

test('a response restarts the timeout', () => {
  const watch = new StallWatch(() => undefined)
  watch.silentFor(TIMEOUT_MS - CHECK_MS, TIMEOUT_MS)
  watch.answered()
  assert.equal(watch.silentFor(TIMEOUT_MS - CHECK_MS, TIMEOUT_MS), false)
})

test('scheduler statistics exist for a running process, and not for an exited one', () => {
  const own = schedulingOf(process.pid)
  if (process.platform === 'linux') assert.deepEqual([own?.runnable, (own?.usedMs ?? 0) > 0], [true, true])
  assert.equal(schedulingOf(2 ** 30), undefined)
})
