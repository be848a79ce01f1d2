import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { gate } from '../../../timing/test/gate.ts'
import type { KafkajsBroker } from '../../connection/kafkajs.ts'
import { rawRecord } from '../../record-batch/test/batches.ts'
import { FakeCluster } from '../../test/fake-cluster.ts'
import { producerSettings } from '../settings.ts'
import { KafkaTransactionalProducer } from '../transactional.ts'
import { Deliveries, never, TOPIC } from './deliveries.ts'
import { FakeLog, type Fate } from './fake-log.ts'

type Calls = Partial<KafkajsBroker>

async function openTransactional(t: TestContext, overrides: Calls = {}, { init = true } = {}) {
  const log = new FakeLog()
  const heard: string[] = []
  let epoch = 0
  const calls: Calls = {
    initProducerId: async ({ transactionalId }) => {
      heard.push(`init ${transactionalId}`)
      return { producerId: '9', producerEpoch: epoch++ }
    },
    addPartitionsToTxn: async ({ topics }) => {
      heard.push(`add ${topics.map(({ topic, partitions }) => `${topic} ${partitions.join()}`).join()}`)
    },
    endTxn: async ({ transactionResult, producerEpoch }) => {
      heard.push(`${transactionResult ? 'commit' : 'abort'} ${producerEpoch}`)
    },
    ...overrides,
  }
  const cluster = new FakeCluster({
    topics: { [TOPIC]: 2 },
    send: (nodeId, request) => log.produce(nodeId, request),
    calls,
  })
  const settings = producerSettings({ 'transactional.id': 'id' })
  const producer = new KafkaTransactionalProducer(cluster, settings, 'id')
  const deliveries = new Deliveries()
  t.after(() => producer.close(0))
  if (init) await producer.init(never)
  await producer.prepare(TOPIC, never)
  const append = (value: string, partition: number) =>
    producer.append(TOPIC, partition, rawRecord({ value }), deliveries, 0)
  return { log, heard, cluster, producer, deliveries, append }
}

const failure = (type: string) => () =>
  Promise.reject(Object.assign(new Error(type), { type, retriable: false }))

test('each partition is added to a transaction once, before its first batch', async (t) => {
  const { heard, log, producer, append } = await openTransactional(t)
  producer.begin()
  append('a', 0)
  append('b', 0)
  await producer.flush(never)
  append('c', 1)
  append('d', 0)
  await producer.commit(never)

  assert.deepEqual(heard, ['init id', 'add topic 0', 'add topic 1', 'commit 0'])
  assert.deepEqual([log.values(0), log.values(1)], [['a', 'b', 'd'], ['c']])
})

test('the next transaction continues the sequence of the last one', async (t) => {
  const { log, producer, append } = await openTransactional(t)
  for (const value of ['a', 'b']) {
    producer.begin()
    append(value, 0)
    await producer.commit(never)
  }

  assert.deepEqual(
    log.arrived.map(({ sequence, epoch }) => [sequence, epoch]),
    [
      [0, 0],
      [1, 0],
    ],
  )
})

test('an empty transaction sends no request', async (t) => {
  const { heard, producer } = await openTransactional(t)
  producer.begin()
  await producer.commit(never)

  assert.deepEqual(heard, ['init id'])
})

test('after a rejected record, a transaction can only be aborted, and a new epoch starts', async (t) => {
  const { heard, log, producer, append } = await openTransactional(t)
  log.fate = (request) => (request === 0 ? { code: 87 } : 'answer')
  producer.begin()
  append('a', 0)

  await assert.rejects(producer.commit(never), { code: 'HR_KAFKA_REFUSED' })
  await producer.abort(never)
  producer.begin()
  append('b', 0)
  await producer.commit(never)

  assert.deepEqual(heard, ['init id', 'add topic 0', 'abort 0', 'init id', 'add topic 0', 'commit 1'])
  assert.deepEqual(log.values(0), ['b'])
})

test('a fenced producer reports it for every kind of request', async (t) => {
  const fenced = { code: 'HR_PRODUCER_FENCED' }
  const atEnd = await openTransactional(t, { endTxn: failure('PRODUCER_FENCED') })
  atEnd.producer.begin()
  atEnd.append('a', 0)
  await assert.rejects(atEnd.producer.commit(never), fenced)

  const atFirstBatch = await openTransactional(t, { addPartitionsToTxn: failure('INVALID_PRODUCER_EPOCH') })
  atFirstBatch.producer.begin()
  atFirstBatch.append('a', 0)
  await assert.rejects(atFirstBatch.producer.commit(never), fenced)
  assert.equal(atFirstBatch.deliveries.failures.get(0)?.code, 'HR_PRODUCER_FENCED')
})

test('a transaction that was open for too long has expired, and is not taken for one of a fenced producer', async (t) => {
  t.mock.timers.enable({ apis: ['Date'], now: 1000 })
  const { producer, append } = await openTransactional(t, { endTxn: failure('INVALID_PRODUCER_EPOCH') })
  producer.begin()
  append('a', 0)
  await producer.flush(never)
  t.mock.timers.tick(60_000)

  await assert.rejects(producer.commit(never), {
    code: 'HR_TRANSACTION_EXPIRED',
    message: /open for more than 60000 ms \(transaction\.timeout\.ms\)/,
  })
})

test('a batch that the broker rejects because of its epoch reports that the producer is fenced', async (t) => {
  const { log, producer, append, deliveries } = await openTransactional(t)
  log.fate = () => ({ code: 47 })
  producer.begin()
  append('a', 0)

  await assert.rejects(producer.commit(never), { code: 'HR_PRODUCER_FENCED' })
  assert.equal(deliveries.failures.get(0)?.code, 'HR_PRODUCER_FENCED')
})

test('a producer without the permission to use its transactional id says so', async (t) => {
  const { producer } = await openTransactional(
    t,
    { initProducerId: failure('TRANSACTIONAL_ID_AUTHORIZATION_FAILED') },
    { init: false },
  )

  await assert.rejects(producer.init(never), {
    code: 'HR_KAFKA_REFUSED',
    message: /TRANSACTIONAL_ID_AUTHORIZATION_FAILED/,
  })
})

test('the next transaction waits until the last one has ended, without a new look-up of the coordinator', async (t) => {
  let adds = 0
  const { cluster, producer, append } = await openTransactional(t, {
    addPartitionsToTxn: async () => {
      if (++adds === 2) {
        throw Object.assign(new Error('busy'), { type: 'CONCURRENT_TRANSACTIONS', retriable: true })
      }
    },
  })
  for (const value of ['a', 'b']) {
    producer.begin()
    append(value, 0)
    await producer.commit(never)
  }

  assert.deepEqual([adds, cluster.coordinatorLookUps], [3, 1])
})

test('a transaction cannot be begun twice', async (t) => {
  const { producer } = await openTransactional(t)
  producer.begin()

  assert.throws(() => producer.begin(), TypeError)
})

test('a record that is rejected immediately also fails its transaction', async (t) => {
  const { producer, append, deliveries } = await openTransactional(t)
  producer.begin()
  append('a', 0)
  assert.throws(() => producer.append(TOPIC, 0, rawRecord({ timestamp: NaN }), deliveries, 1), {
    code: 'HR_ILLEGAL_ARGUMENT',
  })

  await assert.rejects(producer.commit(never), { code: 'HR_ILLEGAL_ARGUMENT' })
  await producer.abort(never)
})

test('records appended before the producer is initialized fail, and their listener is called', async (t) => {
  const { producer, deliveries } = await openTransactional(t, {}, { init: false })
  producer.append(TOPIC, 0, rawRecord(), deliveries, 0)
  await producer.flush(never)

  assert.match(deliveries.failures.get(0)?.message ?? '', /the producer is not initialized/)
})

test('waiting for a commit ends when its signal is aborted', async (t) => {
  const { log, producer, append } = await openTransactional(t)
  log.fate = () => gate<Fate>().opened
  producer.begin()
  append('a', 0)
  const stop = new AbortController()
  const committing = producer.commit(stop.signal)
  stop.abort(new Error('the task was asked to stop'))

  await assert.rejects(committing, { message: 'the task was asked to stop' })
})
