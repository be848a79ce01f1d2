import assert from 'node:assert/strict'
import { test } from 'node:test'
import { arrivalOf } from '../delivery/line-file.ts'
import { startKafka } from '../services/index.ts'
import { BROKERS, clusterFaults, injectFaults, replicatedProps, replicatedTopics } from './cluster-faults.ts'
import { numberedLines } from './numbered-lines.ts'
import { startCluster } from './three-workers.ts'

const PIPELINES = 2
const RUNNING_MS = 60_000

test('nothing is lost and the order is kept while workers are killed, suspended and cut, and brokers are killed', async (t) => {
  const kafka = await startKafka({ brokers: BROKERS })
  t.after(() => kafka.stop())
  const cluster = await startCluster(t, kafka.bootstrapServers, replicatedProps)
  const lines = numberedLines(PIPELINES, { source: replicatedTopics })
  const anyRest = () => cluster.members[0]!.rest
  await lines.create(anyRest())
  await lines.untilRunning(anyRest(), RUNNING_MS)
  await lines.feed()
  const faults = clusterFaults(
    kafka,
    cluster,
    lines.pipelines.map(({ topic }) => topic),
  )
  const rounds = await injectFaults(faults, cluster, async () => {
    await lines.untilRunning(anyRest(), RUNNING_MS)
  })

  await lines.untilArrived()
  t.diagnostic(`${rounds} rounds`)
  const orders = await lines.orders(kafka.bootstrapServers)
  t.diagnostic(JSON.stringify(orders))
  for (const [index, { source, sinkFile }] of lines.pipelines.entries()) {
    const { missing, damaged, gaps } = arrivalOf(sinkFile, source)
    assert.deepEqual({ missing, damaged, gaps }, { missing: 0, damaged: [], gaps: [] })
    assert.ok(orders[index]!.source.jumpsBack <= rounds, 'a task has been restarted more than once per fault')
  }
})
