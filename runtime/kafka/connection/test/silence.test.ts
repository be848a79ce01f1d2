import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { RecordedOutages } from '../../outages/test/recorded-outages.ts'
import { ClientOutages } from '../../outages/index.ts'
import { SilenceWatch } from '../silence.ts'

const SILENT = ['no response from Kafka at kafka:9092 for 10 s']

/** A watched connection on a clock of the test, which is checked ten times a second. */
function watched(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 })
  const outages = new RecordedOutages()
  const watch = new SilenceWatch('kafka:9092', new ClientOutages(outages))
  const connection = { bytesRead: 0, holdMs: undefined as number | undefined }
  const check = () => watch.check(connection.bytesRead, connection.holdMs)
  check()
  const pass = (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      t.mock.timers.tick(100)
      check()
    }
  }
  return {
    watch,
    connection,
    pass,
    check,
    reasons: () => outages.reasons,
    tick: (ms: number) => t.mock.timers.tick(ms),
  }
}

test('a request without a response for ten seconds is reported until bytes arrive', (t) => {
  const { connection, pass, reasons } = watched(t)
  connection.holdMs = 0
  pass(9900)
  assert.deepEqual(reasons(), [])
  pass(100)
  assert.deepEqual(reasons(), SILENT)
  pass(60_000)
  assert.deepEqual(reasons(), SILENT)
  connection.bytesRead += 1
  pass(100)
  assert.deepEqual(reasons(), [])
})

test('an idle connection never counts as silent', (t) => {
  const { connection, pass, reasons } = watched(t)
  pass(600_000)
  connection.holdMs = 0
  pass(9900)
  assert.deepEqual(reasons(), [])
})

test('the time that a broker may hold a request does not count', (t) => {
  const { connection, pass, reasons } = watched(t)
  connection.holdMs = 60_000
  pass(69_900)
  assert.deepEqual(reasons(), [])
  pass(100)
  assert.deepEqual(reasons(), ['no response from Kafka at kafka:9092 for 70 s'])
})

test('a slow response, and responses to other requests, do not count as silence', (t) => {
  const { connection, pass, reasons } = watched(t)
  connection.holdMs = 0
  for (let part = 0; part < 20; part++) {
    pass(9000)
    connection.bytesRead += 1
  }
  assert.deepEqual(reasons(), [])
})

test('a broker that reads nothing because a quota is exceeded is not silent', (t) => {
  const { watch, connection, pass, reasons } = watched(t)
  watch.mute(30_000)
  connection.holdMs = 0
  pass(39_800)
  assert.deepEqual(reasons(), [])
  pass(100)
  assert.deepEqual(reasons(), SILENT)
})

test('a pause of this process does not count as silence of the broker', (t) => {
  const { connection, pass, check, tick, reasons } = watched(t)
  connection.holdMs = 0
  pass(1000)
  tick(60_000)
  check()
  assert.deepEqual(reasons(), [])
})

test('a request that fails leaves its caller time to report that before the silence is over', (t) => {
  const { connection, pass, reasons } = watched(t)
  connection.holdMs = 0
  pass(10_000)
  connection.holdMs = undefined
  pass(900)
  assert.deepEqual(reasons(), SILENT)
  pass(200)
  assert.deepEqual(reasons(), [])
})

test('a broker stays silent while requests are repeated', (t) => {
  const { connection, pass, reasons } = watched(t)
  connection.holdMs = 0
  pass(10_000)
  for (let request = 0; request < 5; request++) {
    connection.holdMs = undefined
    pass(500)
    connection.holdMs = 0
    pass(5000)
    assert.deepEqual(reasons(), SILENT)
  }
})

test('the silence of a connection is over when it is closed, and the next connection starts again', (t) => {
  const { watch, connection, pass, tick, reasons } = watched(t)
  connection.bytesRead = 5000
  pass(100)
  connection.holdMs = 0
  pass(10_000)
  watch.closed()
  assert.deepEqual(reasons(), SILENT)
  tick(1000)
  assert.deepEqual(reasons(), [])
  connection.bytesRead = 0
  pass(9900)
  assert.deepEqual(reasons(), [])
  pass(200)
  assert.deepEqual(reasons(), SILENT)
})
