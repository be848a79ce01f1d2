import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { arrivalOf } from '../delivery/line-file.ts'
import { startKafka, untilReplicated } from '../services/index.ts'
import { numberedLines } from './numbered-lines.ts'
import { SESSION_MS, startCluster } from './three-workers.ts'

/** CLUSTER_ROUNDS sets a larger number; 100 rounds take about 20 minutes. */
const ROUNDS = Number(process.env['CLUSTER_ROUNDS'] ?? 3)
const LONGEST_MS = 20 * 60_000
const BROKERS = 3
const PIPELINES = 2
const RUNNING_MS = 60_000
/** Longer than a session. */
const FAULT_MS = SESSION_MS + 2000
const REPLICAS = String(BROKERS)

test('nothing is lost and the order is kept while workers are killed, suspended and cut, and brokers are killed', async (t) => {
  const kafka = await startKafka({ brokers: BROKERS })
  t.after(() => kafka.stop())
  const cluster = await startCluster(t, kafka.bootstrapServers, {
    'config.storage.replication.factor': REPLICAS,
    'offset.storage.replication.factor': REPLICAS,
    'status.storage.replication.factor': REPLICAS,
    'scheduled.rebalance.max.delay.ms': '1000',
  })
  const lines = numberedLines(PIPELINES, {
    'topic.creation.default.partitions': '1',
    'topic.creation.default.replication.factor': REPLICAS,
  })
  await lines.create(cluster.members[0]!.rest)
  await lines.untilRunning(cluster.members[0]!.rest, RUNNING_MS)
  lines.feed()
  const faults = [
    async function killWorker() {
      const member = cluster.members[randomInt(cluster.members.length)]!
      cluster.remove(member)
      await member.kill()
      await cluster.start()
    },
    async function suspendWorker() {
      const member = cluster.members[randomInt(cluster.members.length)]!
      member.signalAll('SIGSTOP')
      await sleep(FAULT_MS)
      member.signalAll('SIGCONT')
    },
    async function cutWorker() {
      const member = cluster.members[randomInt(cluster.members.length)]!
      member.kafka.cut()
      await sleep(FAULT_MS)
      member.kafka.heal()
    },
    async function killBroker() {
      for (const { topic } of lines.pipelines) await untilReplicated(kafka, topic)
      const broker = kafka.brokers[randomInt(BROKERS)]!
      await broker.kill()
      await broker.start()
    },
  ]

  const endAt = performance.now() + LONGEST_MS
  let rounds = 0
  for (; rounds < ROUNDS && performance.now() < endAt; rounds++) {
    // Each kind once, then at random
    const fault = faults[rounds < faults.length ? rounds : randomInt(faults.length)]!
    const begunAt = performance.now()
    await fault()
    await cluster.leader()
    await lines.untilRunning(cluster.members[0]!.rest, RUNNING_MS)
    const ms = Math.round(performance.now() - begunAt)
    if (ROUNDS <= faults.length) t.diagnostic(`${fault.name}: all states are right after ${ms} ms`)
  }

  await lines.untilArrived()
  t.diagnostic(`${rounds} rounds`)
  const orders = await lines.orders(kafka.bootstrapServers)
  t.diagnostic(JSON.stringify(orders))
  for (const [index, { source, sinkFile }] of lines.pipelines.entries()) {
    const { missing, damaged, gaps } = arrivalOf(sinkFile, source.lines)
    assert.deepEqual({ missing, damaged, gaps }, { missing: 0, damaged: [], gaps: [] })
    assert.ok(orders[index]!.source.jumpsBack <= rounds, 'a task has been restarted more than once per fault')
  }
})
