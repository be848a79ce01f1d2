import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import type { RawRecord } from '../../record-batch/index.ts'
import { rawRecord } from '../../record-batch/test/batches.ts'
import { lostConnection } from '../../test/fake-cluster.ts'
import { never, numbers, openFixture, TOPIC } from './deliveries.ts'
import type { Fate } from './fake-log.ts'

test('records that cannot be written within delivery.timeout.ms fail', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t, { 'delivery.timeout.ms': '20' })
  log.fate = () => 'lose-request'
  append(['a', 'b'])
  await producer.flush(never)

  assert.deepEqual([...deliveries.failures.keys()], [0, 1])
  assert.equal(deliveries.failures.get(0)?.code, 'HR_KAFKA_UNAVAILABLE')
  assert.match(
    deliveries.failures.get(0)?.message ?? '',
    /2 records for partition 0 of topic topic were not written within 20 ms/,
  )
})

test('records fail in time if no broker returns metadata', async (t) => {
  const { cluster, producer, append, deliveries } = await openFixture(
    t,
    { 'delivery.timeout.ms': '20' },
    { leader: () => undefined },
  )
  cluster.refresh = () => Promise.reject(lostConnection())
  append(['a'])
  await eventually(() => deliveries.failures.size === 1)
  append(['b'])
  await producer.flush(never)

  assert.deepEqual([...deliveries.failures.keys()], [0, 1])
})

test('retries are limited by the setting', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t, { retries: '2' })
  log.fate = () => 'lose-request'
  append(['a'])
  await producer.flush(never)

  assert.equal(log.arrived.length, 3)
  assert.match(deliveries.failures.get(0)?.message ?? '', /Connection closed/)
})

test('a full buffer blocks until records are acknowledged', async (t) => {
  const { log, producer, append } = await openFixture(t, { 'buffer.memory': '200' })
  const held = gate<Fate>()
  log.fate = () => held.opened

  assert.equal(append(['x'.repeat(50)]), true)
  assert.equal(append(['x'.repeat(150)]), false)
  let room = false
  const waiting = producer.room(never).then(() => {
    room = true
  })
  await settle()
  assert.equal(room, false)

  held.open('answer')
  await waiting
  assert.equal(append(['x']), true)
})

test('the buffer is empty after batches were split, rejected and acknowledged', async (t) => {
  const { log, producer, append } = await openFixture(t, { 'buffer.memory': '2000' })
  const fates: Fate[] = [{ code: 10 }, { code: 87 }, 'lose-answer']
  log.fate = (request) => fates[request] ?? 'answer'
  for (let round = 0; round < 20; round++) {
    append(numbers(0, 10))
    await producer.flush(never)
  }

  assert.equal(append(['x'.repeat(1900)]), true)
})

test('the error for a buffer that stays full names the setting', async (t) => {
  const { log, producer, append } = await openFixture(t, { 'buffer.memory': '10', 'max.block.ms': '5' })
  log.fate = () => gate<Fate>().opened
  append(['too much'])

  await assert.rejects(producer.room(never), (error: ConnectError) => {
    assert.equal(error.configKey, 'buffer.memory')
    return error.code === 'HR_KAFKA_UNAVAILABLE'
  })
})

test('waiting for buffer space rejects with the reason of its signal', async (t) => {
  const { log, producer, append } = await openFixture(t, { 'buffer.memory': '10' })
  log.fate = () => gate<Fate>().opened
  append(['too much'])
  const stop = new AbortController()
  const waiting = producer.room(stop.signal)
  stop.abort(new Error('the task was asked to stop'))

  await assert.rejects(waiting, { message: 'the task was asked to stop' })
})

test('records wait for linger.ms unless the producer is flushed', async (t) => {
  const { log, producer, append } = await openFixture(t, { 'linger.ms': '600000' })
  append(['a'])
  await settle()
  await settle()
  assert.equal(log.arrived.length, 0)

  append(['b'])
  await producer.flush(never)
  assert.deepEqual(
    log.arrived.map(({ values }) => values),
    [['a', 'b']],
  )
})

test('a lingering batch is sent with another request to the same leader', async (t) => {
  const topics = { [TOPIC]: 3 }
  const leader = (_topic: string, partition: number) => (partition === 2 ? 2 : 1)
  const props = { 'linger.ms': '600000', 'batch.size': '200' }
  const { log, append } = await openFixture(t, props, { topics, leader })
  append(['lingers'], 0)
  append(['lingers elsewhere'], 2)
  append(numbers(0, 20), 1)
  await eventually(() => log.values(1).length > 0)

  assert.deepEqual([log.values(0), log.values(2)], [['lingers'], []])
})

test('a full batch is sent without lingering', async (t) => {
  const { log, append } = await openFixture(t, { 'linger.ms': '600000', 'batch.size': '200' })
  append(numbers(0, 20))

  await eventually(() => log.values().length > 0)
})

test('a record that can never be written is rejected immediately, uses no buffer space, and does not affect others', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t, { 'max.request.size': '100' })
  append(['first'])
  const refused = (partition: number, record: Partial<RawRecord>) => () =>
    producer.append(TOPIC, partition, rawRecord(record), deliveries, 9)

  assert.throws(refused(0, { value: 'x'.repeat(200) }), {
    code: 'HR_RECORD_TOO_LARGE',
    message:
      'The message is 236 bytes when serialized which is larger than 100, which is the value of the max.request.size configuration.',
  })
  assert.throws(refused(-1, {}), {
    code: 'HR_ILLEGAL_ARGUMENT',
    message: 'Invalid partition: -1. Partition number should always be non-negative or null.',
  })
  assert.throws(refused(3, {}), {
    code: 'HR_KAFKA_REFUSED',
    message: 'Partition 3 of topic topic with partition count 1 is not present in metadata.',
  })
  for (const timestamp of [-1, -1000, 1.5, NaN, Infinity, 2 ** 63]) {
    assert.throws(refused(0, { timestamp }), {
      code: 'HR_ILLEGAL_ARGUMENT',
      message: `Invalid record timestamp ${timestamp}`,
      javaClass: 'org.apache.kafka.common.InvalidRecordException',
    })
  }
  append(['last'])
  await producer.flush(never)
  assert.deepEqual(log.values(), ['first', 'last'])
  assert.deepEqual([...deliveries.offsets.keys()], [0, 1])
  assert.equal(deliveries.failures.size, 0)
})

test('a record that cannot be encoded leaves no trace in its batch', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t)
  const broken = rawRecord({ value: new Uint8Array(2) as Buffer })

  assert.throws(() => producer.append(TOPIC, 0, broken, deliveries, 9), TypeError)
  await producer.flush(never)
  append(['good'])
  assert.throws(() => producer.append(TOPIC, 0, broken, deliveries, 9), TypeError)
  append(['good too'])
  await producer.flush(never)
  assert.deepEqual(log.values(), ['good', 'good too'])
})

test('a new partition is found when the metadata is refreshed', async (t) => {
  const topics = { [TOPIC]: 1 }
  const { log, producer, append } = await openFixture(t, {}, { topics })
  append(['a'])
  topics[TOPIC] = 2
  await producer.refresh(TOPIC, never)
  append(['b'], 1)
  await producer.flush(never)

  assert.deepEqual([log.values(0), log.values(1)], [['a'], ['b']])
})

test('with acks=0 records count as written once they are sent, at an unknown offset', async (t) => {
  const { producer, cluster, append, deliveries } = await openFixture(t, { acks: '0' })
  let expectResponse: boolean | undefined
  cluster.send = async (_nodeId, request) => {
    expectResponse = request.expectResponse
    return Buffer.alloc(0)
  }
  append(['a', 'b'])
  await producer.flush(never)

  assert.equal(expectResponse, false)
  assert.deepEqual([...deliveries.offsets.values()], [-1, -1])
})

test('a new leader is found, and records are sent to it', async (t) => {
  let leader = 1
  const { log, producer, append } = await openFixture(t, {}, { leader: () => leader })
  const NOT_LEADER = 6
  log.fate = (request) => {
    if (request > 0) return 'answer'
    leader = 2
    return { code: NOT_LEADER }
  }
  append(['a'])
  await producer.flush(never)

  assert.deepEqual(
    log.arrived.map(({ nodeId }) => nodeId),
    [1, 2],
  )
})

test('a producer without permission to get an id fails its records instead of waiting forever', async (t) => {
  const refused = new ConnectError('HR_KAFKA_REFUSED', 'not authorized')
  const { producer, append, deliveries } = await openFixture(
    t,
    {},
    { calls: { initProducerId: () => Promise.reject(refused) } },
  )
  append(['a', 'b'])
  await producer.flush(never)

  assert.deepEqual([...deliveries.failures.values()], [refused, refused])
})

test('close fails records that are not written in time', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t)
  log.fate = () => gate<Fate>().opened
  append(['a', 'b'])
  await producer.close(1)

  assert.deepEqual([...deliveries.failures.keys()], [0, 1])
  assert.match(deliveries.failures.get(0)?.message ?? '', /closed before/)
})

test('preparing a missing topic takes at most max.block.ms', async (t) => {
  const { producer } = await openFixture(t, { 'max.block.ms': '5' })

  await assert.rejects(producer.prepare('absent', never), { code: 'HR_KAFKA_UNAVAILABLE' })
})

test('appending to a topic that was not prepared throws', async (t) => {
  const { producer, deliveries } = await openFixture(t)

  assert.throws(() => producer.append('other', 0, rawRecord(), deliveries, 0), TypeError)
  assert.equal(producer.append(TOPIC, 0, rawRecord(), deliveries, 0), true)
})
