import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { MemoryStatusStore } from '../../../stores/index.ts'
import { StatusReporter } from '../status-reporter.ts'
import { ValueRenewals } from '../value-renewals.ts'
import { workerListener } from '../worker-listener.ts'

const LONGEST_TIMER_MS = 2 ** 31 - 1

/** Renewals, and the worker listener that drives them. */
function open(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const renewed: string[] = []
  const renewals = new ValueRenewals((name) => renewed.push(name))
  const statuses = new MemoryStatusStore()
  const reporter = new StatusReporter(statuses, 'here:1', () => 1)
  const listener = workerListener(reporter, statuses, true, renewals, () => {})
  return { renewals, listener, renewed }
}

test('a connector that starts ten times within the TTL of its values is restarted once', (t) => {
  const { listener, renewed } = open(t)
  for (let start = 0; start < 10; start++) {
    listener.connectorRunning('c', '1')
    listener.valuesExpire('c', 1000)
    t.mock.timers.tick(10)
  }
  t.mock.timers.tick(989)
  assert.deepEqual(renewed, [])
  t.mock.timers.tick(1)
  assert.deepEqual(renewed, ['c'])
  t.mock.timers.tick(100_000)
  assert.deepEqual(renewed, ['c'])
})

test('a connector that was revoked, paused, stopped or started without such values is not restarted', (t) => {
  const { listener, renewed } = open(t)
  for (const name of ['gone', 'paused', 'stopped', 'plain', 'kept']) listener.valuesExpire(name, 1000)
  listener.connectorShutDown('gone', '1')
  listener.connectorPaused('paused', '1')
  listener.connectorStopped('stopped', '1')
  listener.connectorRunning('plain', '2')
  t.mock.timers.tick(1000)
  assert.deepEqual(renewed, ['kept'])
})

test('a connector that failed is restarted with fresh values', (t) => {
  const { listener, renewed } = open(t)
  listener.valuesExpire('c', 1000)
  listener.connectorFailed('c', 'the password has expired', '1')
  t.mock.timers.tick(1000)
  assert.deepEqual(renewed, ['c'])
})

test('a TTL may be longer than the maximum delay of a timer', (t) => {
  const { renewals, renewed } = open(t)
  renewals.schedule('c', LONGEST_TIMER_MS + 1000)
  t.mock.timers.tick(LONGEST_TIMER_MS)
  t.mock.timers.tick(999)
  assert.deepEqual(renewed, [])
  t.mock.timers.tick(1)
  assert.deepEqual(renewed, ['c'])
})

test('nothing is restarted once the worker stops, not even by a late event', (t) => {
  const { renewals, listener, renewed } = open(t)
  renewals.schedule('c', 1000)
  renewals.close()
  listener.valuesExpire('c', 1000)
  t.mock.timers.tick(1000)
  assert.deepEqual(renewed, [])
})
