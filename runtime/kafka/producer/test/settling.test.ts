import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { rawRecord } from '../../record-batch/test/batches.ts'
import { FakeCluster } from '../../test/fake-cluster.ts'
import { idempotentIdentities } from '../identities.ts'
import { BatchingProducer } from '../producer.ts'
import { producerSettings } from '../settings.ts'
import { Deliveries, never, openFixture, TOPIC } from './deliveries.ts'
import { FakeLog, type Fate } from './fake-log.ts'

const THREE = { topics: { [TOPIC]: 3 } }
const ONE_REQUEST = { 'max.in.flight.requests.per.connection': '1' }
const INVALID_RECORD = 87
const UNKNOWN_PRODUCER_ID = 59
const stopReason = new ConnectError('HR_CONNECT', 'the task failed')

for (const idempotence of ['true', 'false']) {
  test(`a listener that throws affects no other records (idempotence ${idempotence})`, async (t) => {
    const { log, producer } = await openFixture(t, { 'enable.idempotence': idempotence }, THREE)
    const deliveries = new Deliveries()
    const broken = {
      acknowledged: () => {
        throw new TypeError('the listener is broken')
      },
      failed: () => {},
    }
    for (let round = 0; round < 3; round++) {
      for (const partition of [0, 1, 2]) {
        const listener = round === 0 && partition === 0 ? broken : deliveries
        const record = rawRecord({ value: `round ${round}, partition ${partition}` })
        producer.append(TOPIC, partition, record, listener, 3 * round + partition)
      }
      await producer.flush(never)
    }

    for (const partition of [0, 1, 2]) {
      assert.deepEqual(
        log.values(partition),
        [0, 1, 2].map((round) => `round ${round}, partition ${partition}`),
      )
    }
    assert.equal(log.arrived.length, 9, 'each batch is sent once')
    assert.deepEqual([deliveries.offsets.size, deliveries.failures.size], [8, 0])
  })
}

test('a response that cannot be decoded fails its batches with the cause', async (t) => {
  const { cluster, producer, append, deliveries } = await openFixture(t)
  cluster.send = async () => Buffer.from([0, 0, 0, 1])
  append(['a'])
  await producer.flush(never)

  const failure = deliveries.failures.get(0)
  assert.equal(failure?.code, 'HR_CONNECT')
  assert.ok(failure.cause instanceof RangeError)
})

test('batches that cannot be compressed fail with the cause, and the producer continues', async (t) => {
  const log = new FakeLog()
  const cluster = new FakeCluster({
    ...THREE,
    send: (nodeId, request) => log.produce(nodeId, request),
    calls: { initProducerId: async () => ({ producerId: '1', producerEpoch: 0 }) },
  })
  const valid = producerSettings({ 'compression.type': 'gzip' })
  const settings = { ...valid, compressionLevel: 42 }
  const producer = new BatchingProducer(cluster, settings, idempotentIdentities(cluster))
  t.after(() => producer.close(0))
  await producer.prepare(TOPIC, never)
  const deliveries = new Deliveries()
  for (const partition of [0, 1, 2]) producer.append(TOPIC, partition, rawRecord(), deliveries, partition)
  await producer.flush(never)
  assert.deepEqual([...deliveries.failures.keys()], [0, 1, 2])
  assert.match(deliveries.failures.get(0)?.message ?? '', /Failed to compress a batch with gzip: .*42/)

  settings.compressionLevel = 9
  producer.append(TOPIC, 0, rawRecord({ value: 'good' }), deliveries, 3)
  await producer.flush(never)
  assert.deepEqual(log.values(), ['good'])
})

test('a producer that gets no new id fails waiting batches, and responses settle those in flight', async (t) => {
  const ids = [{ producerId: '1', producerEpoch: 0 }]
  const initProducerId = async () => {
    const id = ids.pop()
    if (id === undefined) throw new TypeError('no id')
    return id
  }
  const { log, producer, append, deliveries } = await openFixture(
    t,
    {},
    { ...THREE, calls: { initProducerId } },
  )
  const held = gate<Fate>()
  append(['a'], 0)
  append(['b'], 1)
  await producer.flush(never)
  log.fate = () => held.opened
  append(['in flight'], 1)
  await eventually(() => log.arrived.length === 3)
  log.fate = () => ({ code: UNKNOWN_PRODUCER_ID })
  append(['fails'], 0)
  await eventually(() => deliveries.failures.size === 1)
  assert.match(deliveries.failures.get(3)?.message ?? '', /unexpected TypeError: no id/)

  held.open('answer')
  await producer.flush(never)
  assert.deepEqual([log.values(0), log.values(1)], [['a'], ['b', 'in flight']])
})

test('batches that are not in flight when a producer is stopped fail and are never sent', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t, ONE_REQUEST, THREE)
  const held = gate<Fate>()
  log.fate = () => held.opened
  append(['in flight'], 0)
  await eventually(() => log.arrived.length === 1)
  append(['waits'], 1)
  append(['waits, too'], 0)
  await settle()
  producer.stop(stopReason)
  assert.deepEqual(
    [...deliveries.failures],
    [
      [2, stopReason],
      [1, stopReason],
    ],
  )

  held.open('answer')
  await producer.flush(never)
  assert.deepEqual([...deliveries.offsets], [[0, 0]])
  assert.equal(log.arrived.length, 1)
})

test('a batch that would need a retry fails once the producer is stopped', async (t) => {
  for (const fate of ['lose-answer', { code: 6 }, { code: 59 }, { code: 10 }] as const) {
    const { log, producer, append, deliveries } = await openFixture(t)
    const held = gate<Fate>()
    log.fate = () => held.opened
    append(['a', 'b'])
    await eventually(() => log.arrived.length === 1)
    producer.stop(stopReason)
    held.open(fate)
    await producer.flush(never)

    assert.deepEqual([...deliveries.failures.keys()], [0, 1])
    assert.equal(log.arrived.length, 1)
  }
})

test('a stopped producer rejects records, and nothing waits for buffer space', async (t) => {
  const { log, producer, append } = await openFixture(t, { 'buffer.memory': '10' })
  log.fate = () => gate<Fate>().opened
  append(['a'])
  await eventually(() => log.arrived.length === 1)
  const waiting = producer.room(never)
  producer.stop(stopReason)

  await assert.rejects(waiting, { code: 'HR_ILLEGAL_STATE', cause: stopReason })
  assert.throws(() => append(['b']), { code: 'HR_ILLEGAL_STATE', cause: stopReason })
})

for (const inFlight of ['1', '5']) {
  test(`no record is sent after a rejected one whose listener stops the producer (${inFlight} in flight)`, async (t) => {
    const props = { 'batch.size': '1', 'max.in.flight.requests.per.connection': inFlight }
    const { log, producer } = await openFixture(t, props, THREE)
    const deliveries = new Deliveries()
    const listener = {
      acknowledged: deliveries.acknowledged.bind(deliveries),
      failed: (first: number, count: number, error: ConnectError) => {
        deliveries.failed(first, count, error)
        producer.stop(error)
      },
    }
    const append = (value: string, partition: number, index: number) =>
      producer.append(TOPIC, partition, rawRecord({ value }), listener, index)
    append('known', 0, 0)
    await producer.flush(never)
    const held = gate<Fate>()
    log.fate = () => held.opened
    append('refused', 0, 1)
    await eventually(() => log.arrived.length === 2)
    for (let index = 2; index < 8; index++) append(`behind ${index}`, index % 2, index)
    await settle()
    const sent = log.arrived.length
    held.open({ code: INVALID_RECORD })
    await producer.flush(never)

    assert.deepEqual(log.values(0), ['known'])
    assert.equal(log.arrived.length, sent, 'nothing is sent once the refusal is known')
    assert.deepEqual([...deliveries.offsets.keys()], [0])
    assert.equal(deliveries.failures.size, 7)
  })
}

test('a batch that was failed in flight is not settled again by its response', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t)
  const held = gate<Fate>()
  log.fate = () => held.opened
  append(['a'])
  await eventually(() => log.arrived.length === 1)
  await producer.close(0)
  held.open('answer')
  await settle()
  await settle()

  assert.deepEqual([deliveries.offsets.size, deliveries.failures.size], [0, 1])
})
