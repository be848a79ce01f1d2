import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Logger } from '../../../api/index.ts'
import { silentLogger } from '../../telemetry/index.ts'
import { CommitFailures } from '../commit-failures.ts'
import { newTaskMetrics } from '../metrics.ts'

const MESSAGE = 'offsets could not be stored'
const late = { reason: 'it took too long', late: true }
const refused = { reason: 'not authorized', late: false }

function observed(t: TestContext) {
  t.mock.timers.enable({ apis: ['Date'], now: 1_000_000 })
  const lines: string[] = []
  const note =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push([level, message, ...Object.values(fields)].join(' '))
    }
  const log: Logger = { ...silentLogger, info: note('info'), warn: note('warn'), error: note('error') }
  const metrics = newTaskMetrics()
  const failures = new CommitFailures(log, metrics)
  /** Fails a commit every five seconds. */
  const fail = (failure: typeof late, times: number) => {
    for (let time = 0; time < times; time++) {
      failures.failed(MESSAGE, failure)
      t.mock.timers.tick(5000)
    }
  }
  return { failures, fail, metrics, lines }
}

test('commits that fail while Kafka does not respond are a WARN, at most once a minute, and an INFO at the end', (t) => {
  const { failures, fail, lines } = observed(t)
  fail(late, 26)
  assert.deepEqual(lines.splice(0), [
    `warn ${MESSAGE} it took too long`,
    `warn ${MESSAGE} it took too long 12`,
    `warn ${MESSAGE} it took too long 12`,
  ])
  failures.succeeded()
  failures.succeeded()
  assert.deepEqual(lines.splice(0), ['info offset commits succeed again 26'])
  fail(late, 1)
  assert.deepEqual(lines, [`warn ${MESSAGE} it took too long`])
})

test('commits that fail otherwise are an ERROR, at most once a minute for the same reason', (t) => {
  const { fail, lines } = observed(t)
  fail(refused, 13)
  fail({ reason: 'too large', late: false }, 2)
  assert.deepEqual(lines, [
    `error ${MESSAGE} not authorized`,
    `error ${MESSAGE} not authorized 12`,
    `error ${MESSAGE} too large`,
  ])
})

test('any commit failure during an outage counts as part of it', (t) => {
  const { fail, metrics, lines } = observed(t)
  metrics.blocked = { since: 0, reason: 'no response' }
  fail(refused, 2)
  fail(late, 2)
  assert.deepEqual(lines.splice(0), [`warn ${MESSAGE} not authorized`])
})

test('commit failures after an outage belong to it until a commit succeeds', (t) => {
  const { failures, fail, metrics, lines } = observed(t)
  metrics.blocked = { since: 0, reason: 'no response' }
  fail(late, 1)
  metrics.blocked = null
  fail(refused, 13)
  assert.deepEqual(lines.splice(0), [`warn ${MESSAGE} it took too long`, `warn ${MESSAGE} not authorized 12`])
  failures.succeeded()
  fail(refused, 1)
  assert.deepEqual(lines, ['info offset commits succeed again 14', `error ${MESSAGE} not authorized`])
})

test('the failure of a last commit is a WARN while Kafka does not respond, and otherwise an ERROR', (t) => {
  const { failures, lines } = observed(t)
  failures.failedLast(MESSAGE, refused)
  failures.failedLast(MESSAGE, late)
  assert.deepEqual(lines, [`error ${MESSAGE} not authorized`, `warn ${MESSAGE} it took too long`])
})

test('commits that succeed are not logged', (t) => {
  const { failures, lines } = observed(t)
  failures.succeeded()
  assert.deepEqual(lines, [])
})
