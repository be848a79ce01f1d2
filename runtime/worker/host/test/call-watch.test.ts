import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Blocked } from '../../../kafka/index.ts'
import { recordedLines } from '../../../telemetry/test/recorded-lines.ts'
import { gate, settle } from '../../../timing/test/gate.ts'
import { CallWatch } from '../call-watch.ts'

const START = Date.parse('2026-01-01T00:00:00Z')
const SINCE = '2026-01-01T00:00:00.000Z'

/** A watch on a clock of the test. */
function watched(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START })
  const { log, lines } = recordedLines()
  const changes: (Blocked | null)[] = []
  const watch = new CallWatch('connector c', log, (blocked) => void changes.push(blocked))
  return { watch, lines, changes, pass: (ms: number) => t.mock.timers.tick(ms) }
}

test('a call that does not return is reported after 30 s, again each minute, and once when it returns', async (t) => {
  const { watch, lines, changes, pass } = watched(t)
  const call = gate<string>()
  const answer = watch.during('start()', () => call.opened)
  pass(29_999)
  assert.deepEqual([lines, changes], [[], []])
  pass(1)
  assert.deepEqual(lines.splice(0), [`WARN connector c: start() was called at ${SINCE} and has not returned`])
  assert.deepEqual(changes.splice(0), [{ since: START, reason: 'start() has not returned' }])
  for (let second = 0; second < 120; second++) pass(1000)
  const reminder = `WARN connector c: start() was called at ${SINCE} and has not returned`
  assert.deepEqual(lines.splice(0), [reminder, reminder])
  call.open('up')
  assert.equal(await answer, 'up')
  assert.deepEqual(lines, ['INFO connector c: start() has returned after 150 s'])
  assert.deepEqual(changes, [null])
  pass(600_000)
  assert.equal(lines.length, 1)
})

test('a call that returns in time is not reported', async (t) => {
  const { watch, lines, changes, pass } = watched(t)
  await watch.during('start()', async () => {})
  pass(600_000)
  assert.deepEqual([lines, changes], [[], []])
})

test('a late call that fails no longer blocks, and its error reaches the caller', async (t) => {
  const { watch, lines, changes, pass } = watched(t)
  const call = gate<never>()
  const rejected = assert.rejects(
    watch.during('openTask()', () => call.opened),
    RangeError,
  )
  pass(30_000)
  call.break(new RangeError('no such place'))
  await rejected
  assert.deepEqual(lines.slice(1), ['INFO connector c: openTask() has failed after 30 s'])
  assert.equal(changes.at(-1), null)
})

test('after the watch is closed, a call that does not return is not reported', async (t) => {
  const { watch, lines, changes, pass } = watched(t)
  const calls = [gate(), gate()]
  const answers = calls.map((call) => watch.during('start()', () => call.opened))
  pass(30_000)
  assert.equal(lines.splice(0).length, 2)
  watch.close()
  assert.equal(changes.at(-1), null)
  pass(600_000)
  calls.forEach((call) => call.open())
  await Promise.all(answers)
  await settle()
  assert.deepEqual(lines, [])
})

test('of several calls that do not return, the oldest is the one that blocks', async (t) => {
  const { watch, changes, pass } = watched(t)
  const calls = [gate(), gate()]
  const first = watch.during('start()', () => calls[0]?.opened ?? assert.fail())
  pass(1000)
  const second = watch.during('taskConfigs()', () => calls[1]?.opened ?? assert.fail())
  pass(30_000)
  assert.equal(changes.at(-1)?.reason, 'start() has not returned')
  calls[0]?.open()
  await first
  assert.deepEqual(changes.at(-1), { since: START + 1000, reason: 'taskConfigs() has not returned' })
  calls[1]?.open()
  await second
  assert.equal(changes.at(-1), null)
})
