import assert from 'node:assert/strict'
import { test } from 'node:test'
import { schedulingOf, StallWatch } from '../stall-watch.ts'

const CHECK_MS = 250
const TIMEOUT_MS = 5000

/** How long a process is silent before it counts as hung, when it gets a share of a processor. */
function silenceUntilHung({ runnable, share }: { runnable: boolean; share: number }): number {
  let silentMs = 0
  const watch = new StallWatch(() => ({ runnable, usedMs: 1000 + silentMs * share }))
  for (;;) {
    const hung = watch.silentFor(CHECK_MS, TIMEOUT_MS)
    silentMs += CHECK_MS
    if (hung) return silentMs
  }
}

test('a process that runs without answering has hung', () => {
  assert.equal(silenceUntilHung({ runnable: true, share: 1 }), TIMEOUT_MS + CHECK_MS)
})

test('a process that blocks without using a processor has hung', () => {
  assert.equal(silenceUntilHung({ runnable: false, share: 0 }), TIMEOUT_MS)
})

test('a process that waits for a processor gets more time, and not for ever', () => {
  assert.equal(silenceUntilHung({ runnable: true, share: 0.1 }), 50_250)
  assert.equal(silenceUntilHung({ runnable: true, share: 0 }), 60_000)
})

test('where the system does not tell, only time counts', () => {
  const watch = new StallWatch(() => undefined)
  assert.equal(watch.silentFor(TIMEOUT_MS - CHECK_MS, TIMEOUT_MS), false)
  assert.equal(watch.silentFor(CHECK_MS, TIMEOUT_MS), true)
})

test('an answer begins the time anew', () => {
  const watch = new StallWatch(() => undefined)
  watch.silentFor(TIMEOUT_MS - CHECK_MS, TIMEOUT_MS)
  watch.answered()
  assert.equal(watch.silentFor(TIMEOUT_MS - CHECK_MS, TIMEOUT_MS), false)
})

test('the scheduler tells of a process that runs, and of none that is gone', () => {
  const own = schedulingOf(process.pid)
  if (process.platform === 'linux') assert.deepEqual([own?.runnable, (own?.usedMs ?? 0) > 0], [true, true])
  assert.equal(schedulingOf(2 ** 30), undefined)
})
