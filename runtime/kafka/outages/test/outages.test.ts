import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { recordedLines } from '../../../telemetry/test/recorded-lines.ts'
import { noResponse } from '../../connection/broker-errors.ts'
import { ClientOutages } from '../client-outages.ts'
import { Outages, type Blocked } from '../outages.ts'

const START = Date.parse('2026-01-01T00:00:00Z')
const unreachable = (port: number) =>
  Object.assign(new Error(`Connection error: connect ECONNREFUSED 127.0.0.1:${port}`), {
    broker: `127.0.0.1:${port}`,
    code: 'ECONNREFUSED',
  })
const REFUSED = 'cannot reach Kafka at 127.0.0.1:9092: connection refused'
const noLeader = new Error('partition 3 of topic t has no leader')

/** Creates outages with a mock clock, and a client that has reached Kafka before. */
function observed(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: START })
  const { log, lines } = recordedLines()
  const changes: (Blocked | null)[] = []
  const outages = new Outages(log, (blocked) => void changes.push(blocked))
  const client = new ClientOutages(outages)
  client.reached()
  return { outages, client, lines, changes, pass: (ms: number) => t.mock.timers.tick(ms) }
}

test('an outage is logged when it begins, every minute, and when it ends', (t) => {
  const { client, outages, lines, pass } = observed(t)
  client.failing('metadata', unreachable(9092))
  assert.deepEqual(lines, [])
  pass(3000)
  assert.deepEqual(lines.splice(0), [`WARN ${REFUSED}; retrying`])
  for (let second = 0; second < 120; second++) {
    client.failing('metadata', unreachable(9092))
    pass(1000)
  }
  const reminder = `WARN ${REFUSED}; retrying since 2026-01-01T00:00:00.000Z`
  assert.deepEqual(lines.splice(0), [reminder, reminder])
  assert.deepEqual(outages.blocked, { since: START, reason: REFUSED })
  client.recovered('metadata')
  assert.equal(outages.blocked, null)
  pass(3000)
  assert.deepEqual(lines.splice(0), ['INFO Kafka is available again after 123 s'])
  pass(600_000)
  assert.deepEqual(lines, [])
})

test('a connection that is restored immediately is not an outage', (t) => {
  const { client, lines, changes, pass } = observed(t)
  client.failing('metadata', unreachable(9092))
  pass(2999)
  client.recovered('metadata')
  pass(600_000)
  assert.deepEqual([lines, changes], [[], []])
})

test('a silent broker is reported immediately as an outage that began with the silence', (t) => {
  const { client, outages, lines, pass } = observed(t)
  pass(60_000)
  client.failing('metadata', unreachable(9092))
  pass(1000)
  client.failing('fetch', noResponse('127.0.0.1:9092', 10_000))
  assert.deepEqual(lines, [`WARN ${REFUSED}; retrying`])
  assert.deepEqual(outages.blocked, { since: START + 51_000, reason: REFUSED })
})

test('a client that has never reached a broker reports a failed connection at once', (t) => {
  const { outages, lines } = observed(t)
  new ClientOutages(outages).failing('metadata', unreachable(9092))
  assert.deepEqual(lines, [`WARN ${REFUSED}; retrying`])
})

test('a client that has never reached a broker reports error responses only after a delay', (t) => {
  const { outages, lines, pass } = observed(t)
  new ClientOutages(outages).failing('partition', noLeader)
  assert.deepEqual(lines, [])
  pass(3000)
  assert.deepEqual(lines, ['WARN partition 3 of topic t has no leader; retrying'])
})

test('the clients of one owner report one outage, which ends when the last one recovers', (t) => {
  const { outages, client, lines, pass } = observed(t)
  const other = new ClientOutages(outages)
  client.failing('write', unreachable(9092))
  other.failing('heartbeat', unreachable(9092))
  pass(3000)
  assert.equal(lines.splice(0).length, 1)
  client.recovered('write')
  pass(10_000)
  assert.deepEqual(lines, [])
  other.close()
  pass(3000)
  assert.deepEqual(lines, ['INFO Kafka is available again after 13 s'])
})

test('an unstable connection is reported as one outage', (t) => {
  const { client, changes, lines, pass } = observed(t)
  client.failing('write', unreachable(9092))
  pass(3000)
  for (let round = 0; round < 10; round++) {
    client.recovered('write')
    assert.equal(changes.at(-1), null)
    pass(2000)
    client.failing('write', unreachable(9093))
    assert.equal(changes.at(-1)?.since, START)
    pass(2000)
  }
  assert.deepEqual(lines.splice(0), [`WARN ${REFUSED}; retrying`])
  client.recovered('write')
  pass(3000)
  assert.deepEqual(lines, ['INFO Kafka is available again after 43 s'])
})

test('the reason is the lost connection rather than its consequences', (t) => {
  const { client, changes, pass } = observed(t)
  client.failing('partition', noLeader)
  pass(3000)
  client.failing('metadata', unreachable(9092))
  client.failing('metadata', unreachable(9092))
  client.recovered('metadata')
  client.recovered('partition')
  assert.deepEqual(
    changes.map((blocked) => blocked?.reason),
    [noLeader.message, REFUSED, noLeader.message, undefined],
  )
})

test('waiting for the end of an outage resolves when it is over', async (t) => {
  const { client, outages, pass } = observed(t)
  assert.equal(await outages.ended(1000), true)
  client.failing('write', unreachable(9092))
  pass(3000)
  const late = outages.ended(1000)
  const ended = outages.ended(5000)
  pass(1000)
  assert.equal(await late, false)
  client.recovered('write')
  assert.equal(await ended, true)
})

test('a closed client reports nothing more', (t) => {
  const { client, lines, pass } = observed(t)
  client.close()
  client.failing('write', unreachable(9092))
  pass(60_000)
  assert.deepEqual(lines, [])
})
