import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { kafkaFailure } from '../../connection/broker-errors.ts'
import { answer, fetchResponse, readFetchRequest, TOPIC } from '../../fetcher/test/answers.ts'
import { Fetcher } from '../../fetcher/fetcher.ts'
import { fetchSettings } from '../../fetcher/settings.ts'
import { GroupCoordinator } from '../../group/group-coordinator.ts'
import { SubscribedTopics } from '../../group/subscribed-topics.ts'
import type { DeliveryListener } from '../../ports.ts'
import { FakeLog } from '../../producer/test/fake-log.ts'
import { noIdentities } from '../../producer/identities.ts'
import { BatchingProducer } from '../../producer/producer.ts'
import { producerSettings } from '../../producer/settings.ts'
import { FakeCluster, lostConnection } from '../../test/fake-cluster.ts'
import { RecordedOutages } from './recorded-outages.ts'

const never = new AbortController().signal
const NOT_LEADER = 6
const record = { key: null, value: 'x', timestamp: 0, headers: [] }
const ignored: DeliveryListener = { acknowledged: () => {}, failed: () => {} }
test('a retried call is reported until it succeeds or is given up', async () => {
  const outages = new RecordedOutages()
  const cluster = new FakeCluster({ topics: {} }, outages)
  let tries = 0
  await cluster.retry('ask', {}, async () => {
    if (++tries < 3) throw lostConnection()
  })
  assert.equal(outages.heard.length, 2)
  const late = cluster.retry('ask', { timeoutMs: 0 }, () => Promise.reject(lostConnection()))
  await assert.rejects(late)
  assert.deepEqual(outages.reasons, [])
})

function openProducer(outages: RecordedOutages, leader: () => number | undefined) {
  const log = new FakeLog()
  const cluster = new FakeCluster(
    { topics: { t: 1 }, leader, send: (nodeId, request) => log.produce(nodeId, request) },
    outages,
  )
  const settings = producerSettings({ 'enable.idempotence': 'false' })
  return { log, producer: new BatchingProducer(cluster, settings, noIdentities) }
}

test('a producer reports a partition without a leader until its records are written', async (t) => {
  const outages = new RecordedOutages()
  let leader: number | undefined
  const { producer } = openProducer(outages, () => leader)
  t.after(() => producer.close(0))
  await producer.prepare('t', never)
  producer.append('t', 0, record, ignored, 0)
  await eventually(() => outages.reasons.length > 0)
  assert.deepEqual(outages.reasons, ['partition 0 of topic t has no leader'])
  leader = 1
  await producer.flush(never)
  assert.deepEqual(outages.reasons, [])
})

test('a producer reports a failed batch until it is written', async (t) => {
  const outages = new RecordedOutages()
  const { producer, log } = openProducer(outages, () => 1)
  t.after(() => producer.close(0))
  log.fate = (request) => (request < 3 ? 'lose-request' : 'answer')
  await producer.prepare('t', never)
  producer.append('t', 0, record, ignored, 0)
  await producer.flush(never)
  assert.equal(outages.heard.length, 3)
  assert.deepEqual(outages.reasons, [])
})

test('a closed producer reports nothing', async () => {
  const outages = new RecordedOutages()
  const { producer } = openProducer(outages, () => undefined)
  await producer.prepare('t', never)
  producer.append('t', 0, record, ignored, 0)
  await eventually(() => outages.reasons.length > 0)
  await producer.close(0)
  assert.deepEqual(outages.reasons, [])
})

function openFetcher(outages: RecordedOutages, leader: () => number | undefined, code: () => number) {
  const cluster = new FakeCluster(
    {
      topics: { [TOPIC]: 1 },
      leader,
      send: async (_node, request) => {
        await settle() // a broker waits before it returns an empty response
        return fetchResponse(
          readFetchRequest(request).map(() =>
            answer(Buffer.alloc(0), { errorCode: code(), highWatermark: 0 }),
          ),
        )
      },
    },
    outages,
  )
  return new Fetcher(cluster, fetchSettings({ 'group.id': 'g' }))
}

test('a fetcher reports a partition without a known leader until it can be read', async (t) => {
  const outages = new RecordedOutages()
  let leader: number | undefined
  let code = NOT_LEADER
  const fetcher = openFetcher(
    outages,
    () => leader,
    () => code,
  )
  t.after(() => fetcher.close())
  fetcher.add([{ topic: TOPIC, partition: 0, offset: 0 }])
  await eventually(() => outages.reasons.length > 0)
  assert.deepEqual(outages.reasons, [`partition 0 of topic ${TOPIC} has no leader`])
  leader = 1
  await eventually(() => outages.reasons.some((reason) => reason.includes('NOT_LEADER')))
  code = 0
  await eventually(() => outages.reasons.length === 0)
})

for (const how of ['remove', 'pause'] as const) {
  test(`a fetcher does not wait for partitions that it no longer reads: ${how}`, async (t) => {
    const outages = new RecordedOutages()
    const fetcher = openFetcher(
      outages,
      () => undefined,
      () => 0,
    )
    t.after(() => fetcher.close())
    fetcher.add([{ topic: TOPIC, partition: 0, offset: 0 }])
    await eventually(() => outages.reasons.length > 0)
    fetcher[how]([{ topic: TOPIC, partition: 0 }])
    await eventually(() => outages.reasons.length === 0)
  })
}

test('an unreachable coordinator is reported until it responds, even with a membership error', async () => {
  const outages = new RecordedOutages()
  let failure: Error | undefined = kafkaFailure(lostConnection(), 'send a heartbeat')
  const calls = { heartbeat: async () => failure && Promise.reject(failure) }
  const cluster = new FakeCluster({ topics: {}, calls }, outages)
  const coordinator = new GroupCoordinator(cluster, 'g')
  const beat = () =>
    coordinator.call('send a heartbeat', (broker) =>
      broker.heartbeat({ groupId: 'g', groupGenerationId: 1, memberId: 'm' }),
    )
  await assert.rejects(beat())
  assert.deepEqual(outages.reasons, ['Failed to send a heartbeat: Connection closed'])
  failure = kafkaFailure(
    Object.assign(new Error('rebalance'), { type: 'REBALANCE_IN_PROGRESS', retriable: true }),
    'send a heartbeat',
  )
  await assert.rejects(beat())
  assert.deepEqual(outages.reasons, [])
})

test('a consumer reports a missing topic until it exists', async (t) => {
  const outages = new RecordedOutages()
  t.mock.timers.enable({ apis: ['Date'], now: 0 })
  const topics: Record<string, number> = { there: 1 }
  let looks = 0
  const cluster = new FakeCluster({ topics }, outages)
  const subscribed = new SubscribedTopics(cluster, { topics: ['there', 'gone'] }, true, () => looks++)
  const look = async () => {
    const before = looks
    subscribed.lookIfDue()
    while (looks === before) await settle()
  }
  await look()
  assert.deepEqual(outages.reasons, ['topic gone does not exist'])
  topics['gone'] = 1
  t.mock.timers.tick(1000)
  await settle()
  await look()
  assert.deepEqual(outages.reasons, [])
})

test('a check of topics that gets no response does not make a consumer poll without a pause', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 0 })
  const answered = gate()
  const cluster = new FakeCluster({ topics: { there: 1 } })
  const refresh = cluster.refresh.bind(cluster)
  cluster.refresh = async (topics) => {
    await answered.opened
    return refresh(topics)
  }
  let dueAtEnd: number | undefined
  const subscribed: SubscribedTopics = new SubscribedTopics(cluster, { topics: ['there'] }, true, () => {
    dueAtEnd = subscribed.nextLookInMs
  })
  subscribed.lookIfDue()
  t.mock.timers.tick(600_000)
  assert.equal(subscribed.nextLookInMs, Infinity)
  answered.open()
  await eventually(() => dueAtEnd !== undefined)
  assert.equal(dueAtEnd, cluster.settings.metadataMaxAgeMs)
})
