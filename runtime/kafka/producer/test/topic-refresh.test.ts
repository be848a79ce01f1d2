import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { FakeCluster, lostConnection } from '../../test/fake-cluster.ts'
import { TopicRefresh } from '../topic-refresh.ts'
import { never, openFixture, TOPIC } from './deliveries.ts'

/** Partition 1 has no leader. */
const oneLeaderless = {
  topics: { [TOPIC]: 2 },
  leader: (_topic: string, partition: number) => (partition === 1 ? undefined : 1),
}

test('a partition without a leader does not delay records for others', async (t) => {
  const { log, cluster, append } = await openFixture(t, {}, oneLeaderless)
  const held = gate<never>()
  let asked = 0
  cluster.refresh = () => {
    asked++
    return held.opened
  }
  append(['waits'], 1)
  for (let round = 0; round < 5; round++) {
    append([`round ${round}`], 0)
    await eventually(() => log.values(0).length === round + 1)
  }

  assert.equal(asked, 1)
})

test('metadata is not requested again before retry.backoff.ms', async (t) => {
  const { log, cluster, append } = await openFixture(t, {}, { ...oneLeaderless, retryBackoffMs: 600_000 })
  append(['waits'], 1)
  const { refreshes } = cluster
  for (let round = 0; round < 5; round++) {
    append([`round ${round}`], 0)
    await eventually(() => log.values(0).length === round + 1)
  }

  assert.equal(cluster.refreshes, refreshes + 1)
})

test('an offline partition without writes causes only one request', async () => {
  const cluster = new FakeCluster(oneLeaderless)
  let ended = 0
  const waits: number[] = []
  const refresh = new TopicRefresh(cluster, {
    partitions: () => {},
    refused: () => {},
    ended: () => ended++,
    later: (ms) => waits.push(ms),
  })
  refresh.stale(TOPIC)
  refresh.ask()
  await eventually(() => ended === 1)
  refresh.ask()

  assert.deepEqual([cluster.refreshes, waits], [1, []])
})

test('records that waited for a leader are sent once it is found', async (t) => {
  let leader: number | undefined
  const { log, cluster, producer, append } = await openFixture(t, {}, { leader: () => leader })
  append(['a'])
  await eventually(() => cluster.refreshes > 2)
  assert.equal(log.arrived.length, 0)
  leader = 1
  await producer.flush(never)

  assert.deepEqual(log.values(), ['a'])
})

test('metadata that cannot be decoded fails records that wait for a leader, and lost connections do not', async (t) => {
  const { cluster, producer, append, deliveries } = await openFixture(t, {}, oneLeaderless)
  let tries = 0
  cluster.refresh = async () => {
    if (tries++ < 3) throw lostConnection()
    throw new RangeError('out of bounds')
  }
  append(['good'], 0)
  append(['waits'], 1)
  await producer.flush(never)

  assert.deepEqual([...deliveries.offsets.keys()], [0])
  assert.match(deliveries.failures.get(1)?.message ?? '', /unexpected RangeError: out of bounds/)
  assert.equal(tries, 4)
})
