import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sharedKafka, waitFor, type RestClient } from '../services/index.ts'
import { numberedLines, type NumberedLines } from './numbered-lines.ts'
import { startCluster } from './three-workers.ts'

const PIPELINES = 4
const SETTLE_MS = 40_000

/** Waits until all run on `workers` workers, with loads that differ by at most one. */
async function untilBalanced(lines: NumberedLines, rest: RestClient, workers: number): Promise<void> {
  let last: number[] = []
  await waitFor(
    async () => {
      const owners = [...(await lines.untilRunning(rest, SETTLE_MS)).values()]
      const loads = [...new Set(owners)].map((owner) => owners.filter((each) => each === owner).length)
      last = loads
      return loads.length === workers && Math.max(...loads) - Math.min(...loads) <= 1 ? true : undefined
    },
    { timeoutMs: SETTLE_MS, what: () => `${workers} workers with equal loads; the loads are ${last.join()}` },
  )
}

test('work moves to the remaining workers and is balanced again, and no line is lost', async (t) => {
  const kafka = await sharedKafka()
  const cluster = await startCluster(t, kafka)
  const lines = numberedLines(PIPELINES)
  await lines.create(cluster.members[0]!.rest)
  await lines.feed()
  const balanced = () => untilBalanced(lines, cluster.members[0]!.rest, cluster.members.length)
  await balanced()

  await t.test('the leader is killed', async () => {
    const leader = await cluster.leader()
    cluster.remove(leader)
    await leader.kill()
    await balanced()
  })
  await t.test('a worker joins', async () => {
    await cluster.start()
    await balanced()
  })
  await t.test('a follower is killed', async () => {
    const leader = await cluster.leader()
    const follower = cluster.members.find((member) => member !== leader)!
    cluster.remove(follower)
    await follower.kill()
    await balanced()
  })
  await t.test('two workers join, and one of four leaves', async () => {
    const [fourth] = await Promise.all([cluster.start(), cluster.start()])
    await balanced()
    cluster.remove(fourth)
    await fourth.stop()
    await balanced()
  })

  await lines.untilArrived()
  const orders = await lines.orders(kafka)
  t.diagnostic(JSON.stringify(orders))
  assert.ok(orders.every(({ source, sink }) => source.lost === 0 && sink.lost === 0))
  // Each of the two kills restarts a task at most once
  assert.ok(orders.every(({ source }) => source.jumpsBack <= 2))
})
