import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRecords } from '../topics/records.ts'
import { sharedKafka, uniqueName, workFolder } from '../services/index.ts'
import { numberedLines } from './numbered-lines.ts'
import { startCluster } from './three-workers.ts'

const PIPELINES = 3
const RUNNING_MS = 20_000
/** A graceful stop of a Java worker takes 2.3 s, and the others settle 0.6 s later; a busy machine takes longer. */
const LEAVE_MS = 4000
const SETTLE_MS = 4000
const SILENCE_MS = 3000
/** Less than a heartbeat interval: no request waits until the workers hear of a rebalance. */
const PAUSE_MS = 2500
/** HEADRACE_TEST_CONNECTORS sets a larger number. */
const CONNECTORS = Number(process.env['HEADRACE_TEST_CONNECTORS'] ?? 60)

test('workers settle quickly', async (t) => {
  const kafka = await sharedKafka()
  const cluster = await startCluster(t, kafka, {
    'heartbeat.interval.ms': '3000',
    'session.timeout.ms': '10000',
  })
  const lines = numberedLines(PIPELINES)
  await lines.create(cluster.members[0]!.rest)
  await lines.untilRunning(cluster.members[0]!.rest, RUNNING_MS)
  await lines.feed()

  await t.test('a rolling restart leaves no source silent for long', async (step) => {
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
      assert.ok(leftMs < LEAVE_MS && settledMs < SETTLE_MS)
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
    assert.ok(Math.max(...silences) < SILENCE_MS)
  })

  await t.test('many new connectors are running soon', async (step) => {
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
    assert.ok(slowestMs < PAUSE_MS && runningMs - putMs < SETTLE_MS)
  })
})
