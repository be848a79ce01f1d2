import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRecords } from '../topics/records.ts'
import { sharedKafka, uniqueName, workFolder } from '../services/index.ts'
import { numberedLines } from './numbered-lines.ts'
import { startCluster } from './three-workers.ts'

const PIPELINES = 3
const RUNNING_MS = 60_000
/** A worker whose leaving is only noticed when its session ends is gone after a minute, and its work waits for five. */
const SESSION_MS = 60_000
const DELAY_MS = 300_000
const SOON_MS = 30_000
/** HEADRACE_TEST_CONNECTORS sets a larger number. */
const CONNECTORS = Number(process.env['HEADRACE_TEST_CONNECTORS'] ?? 60)

test('workers settle without waiting for the end of a session or for lost workers; times are reported', async (t) => {
  const kafka = await sharedKafka()
  const cluster = await startCluster(t, kafka, {
    'heartbeat.interval.ms': '3000',
    'session.timeout.ms': String(SESSION_MS),
    'scheduled.rebalance.max.delay.ms': String(DELAY_MS),
  })
  const lines = numberedLines(PIPELINES)
  await lines.create(cluster.members[0]!.rest)
  await lines.untilRunning(cluster.members[0]!.rest, RUNNING_MS)
  await lines.feed()
  let passed = 0

  await t.test('when leaders leave one after another, others continue their work at once', async (step) => {
    for (let round = 0; round < 2; round++) {
      const leader = await cluster.leader()
      cluster.remove(leader)
      const askedAt = performance.now()
      await leader.stop()
      const leftMs = Math.round(performance.now() - askedAt)
      await cluster.leader()
      await lines.untilRunning(cluster.members[0]!.rest, RUNNING_MS)
      const settledMs = Math.round(performance.now() - askedAt - leftMs)
      step.diagnostic(`the leader left within ${leftMs} ms, and the others settled ${settledMs} ms later`)
      assert.ok(leftMs < SOON_MS && settledMs < SOON_MS)
      await cluster.start()
      await cluster.leader()
      await lines.untilRunning(cluster.members[0]!.rest, RUNNING_MS)
    }
    await lines.untilArrived()
    const silences = await Promise.all(
      lines.pipelines.map(async ({ source, topic }) => {
        const times = (await readRecords(topic, source.lines)).map(({ timestamp }) => timestamp)
        return Math.max(...times.slice(1).map((time, index) => time - times[index]!))
      }),
    )
    step.diagnostic(`longest silence of each source: ${silences.join()} ms`)
    assert.ok(Math.max(...silences) < SOON_MS)
    passed++
  })

  await t.test('many new connectors are running without a delay', async (step) => {
    const { rest } = await cluster.leader()
    const folder = workFolder('many')
    const names = Array.from({ length: CONNECTORS }, () => uniqueName('many'))
    const askedAt = performance.now()
    let slowestMs = 0
    for (const name of names) {
      const putAt = performance.now()
      await rest.put(name, {
        'connector.class': 'FileStreamSource',
        'file': join(folder, name),
        'topic': name,
      })
      slowestMs = Math.max(slowestMs, Math.round(performance.now() - putAt))
    }
    const putMs = Math.round(performance.now() - askedAt)
    for (const name of names) await rest.untilState(name, 'RUNNING')
    const runningMs = Math.round(performance.now() - askedAt)
    step.diagnostic(
      `${CONNECTORS} connectors: created within ${putMs} ms, running within ${runningMs} ms; slowest request ${slowestMs} ms`,
    )
    assert.ok(slowestMs < SOON_MS && runningMs - putMs < SOON_MS)
    passed++
  })
  assert.equal(passed, 2) // shows the logs of the workers, which a failed part alone does not
})
