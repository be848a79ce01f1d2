import assert from 'node:assert/strict'
import { test } from 'node:test'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { rawRecord } from '../../record-batch/test/batches.ts'
import { never, numbers, openFixture, TOPIC } from './deliveries.ts'
import type { Fate } from './fake-log.ts'

/** Small batches, so that a few records fill several. */
const SMALL_BATCHES = { 'batch.size': '1' }

test('batches have consecutive sequences, and at most five are in flight', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t, SMALL_BATCHES)
  const held = gate<Fate>()
  append(numbers(0, 1))
  await producer.flush(never)
  log.fate = () => held.opened
  append(numbers(1, 8))
  await eventually(() => log.arrived.length === 6)
  held.open('answer')
  await producer.flush(never)

  assert.deepEqual(
    log.arrived.map(({ sequence }) => sequence),
    [0, 1, 2, 3, 4, 5, 6, 7],
  )
  assert.deepEqual([...deliveries.offsets.values()], [0, 1, 2, 3, 4, 5, 6, 7])
})

test('a batch whose response is lost is resent with its sequence and stored once', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t)
  log.fate = (request) => (request === 0 ? 'lose-answer' : 'answer')
  append(numbers(0, 3))
  await producer.flush(never)

  assert.deepEqual(log.values(), ['0', '1', '2'])
  assert.deepEqual(
    log.arrived.map(({ sequence, producerId }) => [sequence, producerId]),
    [
      [0, 0n],
      [0, 0n],
    ],
  )
  assert.deepEqual([...deliveries.offsets.values()], [0, 1, 2])
})

test('batches after a failed one wait for it, to preserve order', async (t) => {
  const { log, producer, append } = await openFixture(t, SMALL_BATCHES)
  const first = gate<Fate>()
  append(numbers(0, 1))
  await producer.flush(never)
  log.fate = (request) => (request === 1 ? first.opened : 'answer')
  append(numbers(1, 5))
  await eventually(() => log.arrived.length > 2)
  first.open('lose-request')
  await producer.flush(never)

  assert.deepEqual(log.values(), ['0', '1', '2', '3', '4'])
})

test('the first batch for a partition is sent alone, so that a later one cannot overtake it', async (t) => {
  const { log, producer, append } = await openFixture(t, SMALL_BATCHES)
  const NOT_LEADER = 6
  const first = gate<Fate>()
  log.fate = (request) => (request === 0 ? first.opened : 'answer')
  append(numbers(0, 4))
  await eventually(() => log.arrived.length > 0)
  for (let turns = 0; turns < 20; turns++) await Promise.resolve() // gives the sender time to send it
  first.open({ code: NOT_LEADER })
  await producer.flush(never)

  assert.deepEqual(log.values(), ['0', '1', '2', '3'])
  assert.deepEqual(
    log.arrived.map(({ sequence }) => sequence),
    [0, 0, 1, 2, 3],
  )
})

test('records after a rejected one reuse its sequence', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t, SMALL_BATCHES)
  const INVALID_RECORD = 87
  log.fate = (request) => (request === 1 ? { code: INVALID_RECORD } : 'answer')
  append(numbers(0, 5))
  await producer.flush(never)

  assert.deepEqual(log.values(), ['0', '2', '3', '4'])
  assert.deepEqual([...deliveries.failures.keys()], [1])
  assert.equal(deliveries.failures.get(1)?.code, 'HR_KAFKA_REFUSED')
})

test('if the broker no longer knows the producer, it continues with a new id from sequence 0', async (t) => {
  const { log, producer, append } = await openFixture(t, SMALL_BATCHES)
  const UNKNOWN_PRODUCER_ID = 59
  append(numbers(0, 2))
  await producer.flush(never)
  log.fate = (request) => (request === 2 ? { code: UNKNOWN_PRODUCER_ID } : 'answer')
  append(numbers(2, 4))
  await producer.flush(never)

  assert.deepEqual(log.values(), ['0', '1', '2', '3'])
  const again = log.arrived.filter(({ producerId }) => producerId === 1n)
  assert.deepEqual(
    again.map(({ sequence }) => sequence),
    [0, 1],
  )
})

test('a batch that is too large is split, and its records keep their order and listeners', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t)
  const MESSAGE_TOO_LARGE = 10
  log.fate = (request) =>
    (log.arrived[request]?.values.length ?? 0) > 2 ? { code: MESSAGE_TOO_LARGE } : 'answer'
  append(numbers(0, 7))
  await producer.flush(never)

  assert.deepEqual(log.values(), numbers(0, 7))
  assert.deepEqual(
    [...deliveries.offsets].toSorted(([a], [b]) => a - b),
    numbers(0, 7).map((text) => [Number(text), Number(text)]),
  )
})

test('a single record that is too large fails', async (t) => {
  const { log, producer, append, deliveries } = await openFixture(t)
  log.fate = () => ({ code: 10 })
  append(['large'])
  await producer.flush(never)

  assert.match(deliveries.failures.get(0)?.message ?? '', /MESSAGE_TOO_LARGE/)
})

test('a batch that fails while the next one is being compressed is sent first, and both are sent once', async (t) => {
  const { log, producer, append } = await openFixture(t, { ...SMALL_BATCHES, 'compression.type': 'gzip' })
  const first = gate<Fate>()
  log.fate = (request) => (request === 0 ? first.opened : 'answer')
  append(['0'])
  await eventually(() => log.arrived.length === 1)
  append(['1'])
  for (let turns = 0; turns < 20; turns++) await Promise.resolve() // the sender begins to compress
  first.open('lose-request')
  await producer.flush(never)

  assert.deepEqual(log.values(), ['0', '1'])
})

test('without idempotence one batch at a time is in flight, so that retries preserve order', async (t) => {
  const { log, producer, append } = await openFixture(t, { ...SMALL_BATCHES, 'enable.idempotence': 'false' })
  log.fate = (request) => (request % 3 === 0 ? 'lose-request' : 'answer')
  append(numbers(0, 10))
  await producer.flush(never)

  assert.deepEqual(log.values(), numbers(0, 10))
  assert.ok(log.arrived.every(({ producerId }) => producerId === -1n))
})

for (const compression of ['none', 'zstd']) {
  test(`no record is lost, duplicated or reordered, whatever the brokers do (${compression})`, async (t) => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = randomNumbers(seed)
      const { log, producer, append, deliveries } = await openFixture(
        t,
        { 'batch.size': '150', 'compression.type': compression },
        { topics: { topic: 2 } },
      )
      log.fate = () => mishap(random())
      for (let round = 0; round < 40; round++) {
        append([`a${round}`, `A${round}`], 0)
        append([`b${round}`], 1)
        if (random() < 0.3) await Promise.resolve()
        if (random() < 0.2) await producer.flush(never)
      }
      await producer.flush(never)

      const rounds = Array.from({ length: 40 }, (_, round) => round)
      assert.deepEqual(
        log.values(0),
        rounds.flatMap((round) => [`a${round}`, `A${round}`]),
        `seed ${seed}`,
      )
      assert.deepEqual(
        log.values(1),
        rounds.map((round) => `b${round}`),
        `seed ${seed}`,
      )
      assert.equal(deliveries.offsets.size, 120)
    }
  })
}

function mishap(chance: number): Fate | Promise<Fate> {
  const NOT_LEADER = 6
  const NOT_ENOUGH_REPLICAS = 19
  if (chance < 0.1) return 'lose-request'
  if (chance < 0.2) return 'lose-answer'
  if (chance < 0.25) return { code: NOT_LEADER }
  if (chance < 0.3) return { code: NOT_ENOUGH_REPLICAS }
  if (chance < 0.6) return new Promise((resolve) => setImmediate(resolve, 'answer'))
  return 'answer'
}

/** Returns a random number generator with the same numbers on every run. */
function randomNumbers(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

test('concurrent preparations of a topic share one lookup', async (t) => {
  const { log, cluster, producer, deliveries } = await openFixture(
    t,
    {},
    { topics: { [TOPIC]: 1, other: 1 } },
  )
  const refreshes = cluster.refreshes
  await Promise.all([producer.prepare('other', never), producer.prepare('other', never)])
  assert.equal(cluster.refreshes, refreshes + 1)
  producer.append('other', 0, rawRecord({ value: '1' }), deliveries, 1)
  await producer.prepare('other', never)
  producer.append('other', 0, rawRecord({ value: '2' }), deliveries, 2)
  await producer.flush(never)

  assert.deepEqual(log.values(), ['1', '2'])
})

test('partitions share a producer id, and only a partition that lost its sequence gets a new one', async (t) => {
  const { log, producer, append } = await openFixture(t, {}, { topics: { [TOPIC]: 3 } })
  for (const partition of [0, 1]) append(['first'], partition)
  await producer.flush(never)
  const UNKNOWN_PRODUCER_ID = 59
  const fates: Fate[] = [{ code: UNKNOWN_PRODUCER_ID }]
  log.fate = () => fates.pop() ?? 'answer'
  append(['lost'], 0)
  await producer.flush(never)
  for (const partition of [0, 1, 2]) append(['last'], partition)
  await producer.flush(never)

  const idsOf = (partition: number) =>
    new Set(log.arrived.filter((batch) => batch.partition === partition).map(({ producerId }) => producerId))
  assert.deepEqual(
    [0, 1, 2].map((partition) => [...idsOf(partition)]),
    [[0n, 1n], [0n], [1n]],
  )
  assert.deepEqual(log.values(0), ['first', 'lost', 'last'])
})
