import assert from 'node:assert/strict'
import { test } from 'node:test'
import { later, now } from '../../../timing/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { kafkaFailure } from '../../connection/broker-errors.ts'
import { lostConnection } from '../../test/fake-cluster.ts'
import { never, numbers, openFixture } from './deliveries.ts'
import type { Fate } from './fake-log.ts'

const forAMinute = () => later(now(), 60_000)

test('after the end of its lease, a producer writes nothing until the lease is renewed', async (t) => {
  const { log, producer, lease, append } = await openFixture(t)
  append(numbers(0, 1))
  await producer.flush(never)
  lease.revoke()
  append(numbers(1, 3))
  const flushed = producer.flush(never)
  assert.deepEqual(log.values(), ['0'])

  lease.renew(forAMinute())
  await flushed
  assert.deepEqual(log.values(), ['0', '1', '2'])
})

test('a batch that was in flight at the end of the lease is not sent again before the lease is renewed', async (t) => {
  const { log, producer, lease, append } = await openFixture(t)
  const lost = gate<Fate>()
  log.fate = (request) => (request === 0 ? lost.opened : 'answer')
  append(numbers(0, 1))
  const flushed = producer.flush(never)
  await eventually(() => log.arrived.length === 1)
  lease.revoke()
  lost.open('lose-request')
  await eventually(() => producer.queues.every(({ inFlight }) => inFlight === 0))
  assert.equal(log.arrived.length, 1)

  lease.renew(forAMinute())
  await flushed
  assert.deepEqual(log.values(), ['0'])
})

test('a request whose connection takes longer than the lease is not written', async (t) => {
  const written: string[] = []
  const connected = gate()
  let connecting = false
  const { lease, append } = await openFixture(
    t,
    {},
    {
      send: async (_nodeId, request) => {
        connecting = true
        await connected.opened
        try {
          request.check?.()
          written.push(request.apiName)
        } catch (error) {
          written.push(String(error))
        }
        throw kafkaFailure(lostConnection(), 'send')
      },
    },
  )
  append(numbers(0, 1))
  await eventually(() => connecting)
  lease.revoke()
  connected.open()
  await eventually(() => written.length > 0)
  assert.match(written[0]!, /another worker may have the task/)
})

test('a wait for the lease does not count towards delivery.timeout.ms', async (t) => {
  const props = { 'delivery.timeout.ms': '50', 'request.timeout.ms': '40', 'linger.ms': '0' }
  const { producer, lease, append, deliveries } = await openFixture(t, props)
  lease.revoke()
  append(numbers(0, 1))
  const flushed = producer.flush(never)
  const until = performance.now() + 100
  await eventually(() => performance.now() > until)
  lease.renew(forAMinute())
  await flushed
  assert.deepEqual([[...deliveries.offsets.values()], deliveries.failures.size], [[0], 0])
})

test('a producer whose records are worthless later fails them', async (t) => {
  const { log, producer, lease, append, deliveries } = await openFixture(t, {}, {}, 'fail')
  lease.revoke()
  append(numbers(0, 1))
  await producer.flush(never)
  assert.match(deliveries.failures.get(0)?.message ?? '', /another worker may have the task/)
  assert.deepEqual(log.values(), [])
})

test('a producer that is closed after the end of its lease does not wait', async (t) => {
  const { producer, lease, append, deliveries } = await openFixture(t)
  lease.revoke()
  append(numbers(0, 1))
  await producer.close(60_000)
  assert.equal(deliveries.failures.size, 1)
})

test('at the end of its lease, and when it is closed too early, a producer resets its connections', async (t) => {
  const answer = gate<Fate>()
  const { log, cluster, producer, lease, append } = await openFixture(t)
  log.fate = () => answer.opened
  append(numbers(0, 1))
  await eventually(() => log.arrived.length === 1)
  assert.deepEqual(cluster.resets, [])
  lease.revoke()
  assert.deepEqual(cluster.resets.length, 1)
  assert.match(cluster.resets[0] ?? '', /another worker may have the task/)
  await producer.close(0)
  assert.deepEqual(cluster.resets.length, 2)
  assert.match(cluster.resets[1] ?? '', /closed before the records were written/)
  answer.open('answer')
})
