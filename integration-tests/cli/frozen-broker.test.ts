import assert from 'node:assert/strict'
import { test } from 'node:test'
import { distributedProps, spawnWorker, startKafka, waitFor, type Child } from '../services/index.ts'

/** Within this time, a worker reports a broker that accepts connections but does not respond. */
const REPORT_MS = 20_000
const START_MS = 60_000
const STOP_MS = 5000

const untilLogged = (child: Child, text: RegExp, timeoutMs: number) =>
  waitFor(() => (text.test(child.log()) ? true : undefined), {
    timeoutMs,
    what: () => `a line that matches ${text} in\n${child.log()}`,
  })

const SILENT = /"level":"WARN".*no response from Kafka at [\d.:]+ for \d+ s/

test('a worker that starts while its broker does not respond reports it, can be stopped, and starts once it responds', async (t) => {
  const kafka = await startKafka()
  t.after(() => kafka.stop())
  const [broker] = kafka.brokers
  assert.ok(broker !== undefined)
  await broker.freeze()
  t.after(() => broker.thaw())
  const start = () => spawnWorker({ props: distributedProps(kafka.bootstrapServers) }).child
  const [stopped, started] = [start(), start()]
  t.after(() => started.stop())
  const startedAt = performance.now()
  await Promise.all([stopped, started].map((child) => untilLogged(child, SILENT, REPORT_MS)))
  t.diagnostic(`reported after ${Math.round(performance.now() - startedAt)} ms`)

  const stoppedAt = performance.now()
  stopped.signal('SIGTERM')
  assert.deepEqual(await stopped.ended, { code: 0, signal: null })
  const stopMs = Math.round(performance.now() - stoppedAt)
  assert.ok(stopMs < STOP_MS, `it ended after ${stopMs} ms`)

  await broker.thaw()
  await untilLogged(started, /distributed worker is up/, START_MS)
  started.signal('SIGTERM')
  assert.deepEqual(await started.ended, { code: 0, signal: null })
})
