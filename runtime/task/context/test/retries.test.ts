import assert from 'node:assert/strict'
import { mock, test, type TestContext } from 'node:test'
import type { LogFields, TaskRetry } from '../../../../api/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { newTaskMetrics } from '../../metrics.ts'
import { Retries } from '../retries.ts'

const START = 1_000_000
const MINUTE = 60_000

function start(t: TestContext) {
  mock.timers.enable({ apis: ['Date'], now: START })
  t.after(() => mock.timers.reset())
  const lines: string[] = []
  const metrics = newTaskMetrics()
  const write = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
  const log = { ...silentLogger, warn: write('WARN'), info: write('INFO') }
  return { retries: new Retries(metrics, log), metrics, lines }
}

test('a call that fails again and again counts its attempts from the first failure, until it succeeds', (t) => {
  const { retries, metrics } = start(t)
  retries.callFailed('poll failed', new Error('no route'), START + 100)
  assert.deepEqual(metrics.retrying, {
    since: START,
    attempt: 1,
    reason: 'no route',
    nextAttemptAt: START + 100,
  })
  mock.timers.tick(500)
  retries.callFailed('poll failed', new Error('timeout'), START + 600)
  assert.deepEqual(metrics.retrying, {
    since: START,
    attempt: 2,
    reason: 'timeout',
    nextAttemptAt: START + 600,
  })

  retries.callSucceeded('poll')
  assert.equal(metrics.retrying, null)
})

test('the log has a line at the first failure, one each minute, and one at the end', (t) => {
  const { retries, lines } = start(t)
  for (let second = 0; second <= 60; second++) {
    retries.callFailed('poll failed', new Error('no route'), 0)
    mock.timers.tick(1000)
  }
  retries.callSucceeded('poll')
  retries.callSucceeded('poll')
  const since = new Date(START).toISOString()
  assert.deepEqual(lines, [
    `WARN poll failed {"reason":"no route","attempt":1,"since":"${since}"}`,
    `WARN poll failed {"reason":"no route","attempt":61,"since":"${since}"}`,
    'INFO poll succeeds again {"seconds":61,"attempts":61}',
  ])
})

test('a report of the task is shown until it reports null, whatever its calls return', (t) => {
  const { retries, metrics, lines } = start(t)
  const retry = {
    since: START - 5000,
    attempt: 7,
    reason: 'the server is starting',
    nextAttemptAt: START + 1000,
  }
  retries.report(retry)
  retries.callSucceeded('poll')
  assert.deepEqual(metrics.retrying, retry)
  retries.report(null)
  retries.report(null)
  assert.equal(metrics.retrying, null)
  assert.deepEqual(
    lines.map((line) => line.split(' {')[0]),
    ['WARN the task is retrying', 'INFO the task has stopped retrying'],
  )
})

test('of a call and a report, the one that has lasted longer is shown', (t) => {
  const { retries, metrics } = start(t)
  retries.callFailed('put failed', new Error('a'), START)
  retries.report({ since: START + 1, attempt: 1, reason: 'b' })
  assert.equal(metrics.retrying?.reason, 'a')
  retries.callCancelled()
  assert.equal(metrics.retrying?.reason, 'b')
  retries.callFailed('put failed', new Error('c'), START)
  assert.equal(metrics.retrying?.reason, 'c')
})

test('a later failure after a success is logged at once', (t) => {
  const { retries, lines } = start(t)
  retries.callFailed('put failed', new Error('a'), 0)
  retries.callSucceeded('put')
  mock.timers.tick(MINUTE / 2)
  retries.callFailed('put failed', new Error('b'), 0)
  assert.equal(lines.length, 3)
})

test('invalid reports are rejected with the value found, and long reasons are truncated', (t) => {
  const { retries, metrics } = start(t)
  const good: TaskRetry = { since: START, attempt: 1, reason: 'r'.repeat(1000) }
  retries.report(good)
  assert.equal(metrics.retrying?.reason.length, 500)
  const shown = metrics.retrying
  const bad: readonly (readonly [Partial<TaskRetry>, RegExp])[] = [
    [{ since: Number.NaN }, /retrying: since is NaN, expected a time/],
    [{ attempt: 0 }, /retrying: attempt is 0, expected an integer of at least 1/],
    [{ reason: '' }, /retrying: reason is , expected a non-empty string/],
    [{ nextAttemptAt: Infinity }, /retrying: nextAttemptAt is Infinity/],
  ]
  for (const [change, message] of bad) {
    assert.throws(() => retries.report({ ...good, ...change }), { code: 'HR_ILLEGAL_ARGUMENT', message })
  }
  assert.equal(metrics.retrying, shown)
})
