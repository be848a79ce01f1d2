import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Props, TopicPartition } from '../../../../api/index.ts'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import type { KafkajsBroker } from '../../connection/kafkajs.ts'
import type { PartitionAnswer, PartitionFetch } from '../../fetcher/fetch-request.ts'
import { fetchSettings } from '../../fetcher/settings.ts'
import {
  answer,
  batchOf,
  fetchResponse,
  readFetchRequest,
  TOPIC,
  valuesOf,
} from '../../fetcher/test/answers.ts'
import type { RebalanceListener } from '../../group/consumer-group.ts'
import { encodeAssignment } from '../../group/consumer-protocol.ts'
import { consumerGroupSettings } from '../../group/settings.ts'
import type { JoinAnswer } from '../../group/join-requests.ts'
import type { FakeJoins } from '../../group/test/join-answers.ts'
import { FakeCluster } from '../../test/fake-cluster.ts'
import { GroupConsumer } from '../consumer.ts'

const never: AbortSignal = new AbortController().signal
const LONG_MS = 60_000
const RECORDS = 10
const partition = (number: number): TopicPartition => ({ topic: TOPIC, partition: number })
const numbers = (partitions: readonly TopicPartition[]) => partitions.map((item) => item.partition).join(' ')

/** Ten records per partition, with their offsets as values. Empty responses are delayed, like a broker's. */
async function log({ partition: number, offset }: PartitionFetch): Promise<PartitionAnswer> {
  const batches = offset < RECORDS ? await batchOf([offset, RECORDS - 1]) : Buffer.alloc(0)
  return answer(batches, { partition: number, highWatermark: RECORDS })
}

/**
 * Opens a consumer. `shares` holds its assignment for each rebalance. Only partition 2 has a committed
 * offset.
 */
function openConsumer(
  t: TestContext,
  shares: readonly (readonly number[])[],
  { props = {}, listener = {} }: { props?: Props; listener?: Partial<RebalanceListener> } = {},
) {
  const heard: string[] = []
  let generation = 0
  let refused: string | undefined
  const refuse = () => {
    if (refused === undefined) return
    const type = refused
    refused = undefined
    throw Object.assign(new Error(type), { type, retriable: true })
  }
  const joins: FakeJoins = {
    joinGroup: async ({ protocols }) => ({
      generation: ++generation,
      protocol: protocols[0]?.name ?? '',
      leaderId: 'other',
      memberId: 'm',
      members: [],
    }),
    syncGroup: async () => encodeAssignment((shares[generation - 1] ?? []).map(partition)),
  }
  const calls: Partial<KafkajsBroker> = {
    offsetFetch: async ({ topics = [] }) => ({
      responses: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map((item) => ({
          partition: item.partition,
          offset: item.partition === 2 ? '8' : '0',
          metadata: null,
        })),
      })),
    }),
    offsetCommit: async () => refuse(),
    leaveGroup: async () => heard.push('left'),
  }
  const cluster = new FakeCluster({
    topics: { [TOPIC]: 3 },
    calls,
    joins,
    send: async (_nodeId, request) => {
      const answers = await Promise.all(readFetchRequest(request).map(log))
      if (answers.every(({ batches }) => batches.length === 0)) await settle()
      return fetchResponse(answers)
    },
  })
  const group = consumerGroupSettings({ 'group.id': 'g', 'heartbeat.interval.ms': '60000', ...props })
  const consumer: GroupConsumer = new GroupConsumer(
    cluster,
    { fetch: fetchSettings(props), group },
    { topics: [TOPIC] },
    {
      revoked: async (partitions) => {
        heard.push(`revoked ${numbers(partitions)}`)
        return []
      },
      lost: async (partitions) => void heard.push(`lost ${numbers(partitions)}`),
      assigned: async (partitions) => void heard.push(`assigned ${numbers(partitions)}`),
      ...listener,
    },
  )
  t.after(() => consumer.close())
  /** Polls until `count` values have arrived. Resolves to the values by partition. */
  const read = async (count: number) => {
    const values = new Map<number, string[]>()
    for (let left = count; left > 0;) {
      const segments = await consumer.poll(LONG_MS, never)
      for (const segment of segments) {
        const known = values.get(segment.partition) ?? []
        values.set(segment.partition, [...known, ...valuesOf([segment])])
        left -= segment.count
      }
    }
    return Object.fromEntries([...values].map(([number, read_]) => [number, read_.join('')]))
  }
  /** Sends a commit to which the coordinator responds with the error `type`. */
  const answerCommit = async (type: string) => {
    refused = type
    await assert.rejects(consumer.commit([]), { type })
  }
  return { consumer, heard, read, answerCommit, joins }
}

test('partitions are read from their committed offsets', async (t) => {
  const { consumer, heard, read } = openConsumer(t, [[0, 2]])
  assert.deepEqual(await read(12), { 0: '0123456789', 2: '89' })
  assert.deepEqual(heard, ['assigned 0 2'])
  assert.deepEqual(consumer.assignment, [partition(0), partition(2)])
})

test('at most the requested number of records is returned, and position and lag reflect them', async (t) => {
  const { consumer } = openConsumer(t, [[0]], { props: { 'max.poll.records': '4' } })
  assert.deepEqual([consumer.position(partition(0)), consumer.lag(partition(0))], [undefined, undefined])
  const [segment] = await consumer.poll(LONG_MS, never)
  assert.deepEqual(valuesOf([segment]), ['0', '1', '2', '3'])

  const [next] = await consumer.poll(LONG_MS, never)
  assert.deepEqual(valuesOf([next]), ['4', '5', '6', '7'])
  assert.equal(consumer.lag(partition(0)), RECORDS - (consumer.position(partition(0)) ?? 0))
})

test('wake ends a waiting poll, or the next one', async (t) => {
  const { consumer, read } = openConsumer(t, [[0]])
  await read(RECORDS)
  const waiting = consumer.poll(LONG_MS, never)
  await settle()
  consumer.wake()
  assert.deepEqual(await waiting, [])

  consumer.wake()
  assert.deepEqual(await consumer.poll(LONG_MS, never), [])
})

test('a poll ends when its signal is aborted', async (t) => {
  const { consumer, read } = openConsumer(t, [[0]])
  await read(RECORDS)
  const stop = new AbortController()
  const waiting = consumer.poll(LONG_MS, stop.signal)
  await settle()
  stop.abort()
  assert.deepEqual(await waiting, [])
})

test('revoked partitions can still be committed during the callback, and are no longer read', async (t) => {
  const positions: (number | undefined)[] = []
  const { consumer, read, answerCommit } = openConsumer(t, [[0, 1], [1]], {
    listener: {
      revoked: async (partitions) => {
        positions.push(...partitions.map((item) => consumer.position(item)))
        return []
      },
    },
  })
  await read(2 * RECORDS)
  await answerCommit('REBALANCE_IN_PROGRESS')
  assert.deepEqual(await read(RECORDS), { 1: '0123456789' })

  assert.deepEqual(positions, [RECORDS, RECORDS])
  assert.equal(consumer.position(partition(0)), undefined)
})

test('lost partitions are removed before the callback, and are read again when they return', async (t) => {
  const positions: (number | undefined)[] = []
  const { consumer, heard, read, answerCommit } = openConsumer(t, [[0], [0]], {
    listener: {
      lost: async (partitions) => {
        positions.push(...partitions.map((item) => consumer.position(item)))
      },
    },
  })
  await read(RECORDS)
  await answerCommit('UNKNOWN_MEMBER_ID')
  assert.deepEqual(await read(RECORDS), { 0: '0123456789' })
  assert.deepEqual([positions, heard], [[undefined], ['assigned 0', 'assigned 0']])
})

test('a rebalance waits for the revoked callback', async (t) => {
  const letGo = gate()
  const { consumer, heard, read, answerCommit } = openConsumer(t, [[0], [1]], {
    listener: {
      revoked: async () => {
        await letGo.opened
        return []
      },
    },
  })
  await read(RECORDS)
  await answerCommit('REBALANCE_IN_PROGRESS')
  const polled = consumer.poll(LONG_MS, never)
  await settle()
  assert.deepEqual(heard, ['assigned 0'])
  letGo.open()
  assert.equal(valuesOf(await polled).join(''), '0123456789')
  assert.deepEqual(heard, ['assigned 0', 'assigned 1'])
})

test('while all partitions are paused no records are returned, including those of newly assigned partitions', async (t) => {
  const { consumer, heard, read, answerCommit } = openConsumer(t, [[0], [0, 1]])
  await read(RECORDS)
  consumer.pauseAll()
  await answerCommit('REBALANCE_IN_PROGRESS')
  consumer.resume([partition(0)])
  while (heard.length < 3) assert.deepEqual(await consumer.poll(1, never), [])
  assert.deepEqual(heard, ['assigned 0', 'revoked 0', 'assigned 0 1'])
  assert.deepEqual(await consumer.poll(1, never), [])

  consumer.resumeAll([partition(1)])
  assert.deepEqual(await read(RECORDS), { 0: '0123456789' })
  consumer.resume([partition(1)])
  assert.deepEqual(await read(RECORDS), { 1: '0123456789' })
})

test('a seek backward discards buffered records', async (t) => {
  const { consumer, read } = openConsumer(t, [[0]])
  await read(RECORDS)
  consumer.seek([{ ...partition(0), offset: 7 }])
  assert.deepEqual(await read(3), { 0: '789' })
})

test('a poll that waits for the group ends when its signal is aborted, and the consumer leaves', async (t) => {
  const { consumer, heard, joins } = openConsumer(t, [[0]])
  const joined = gate<JoinAnswer>() // never opened
  let asked = false
  joins.joinGroup = ({ memberId }) => {
    if (memberId === '') return Promise.resolve({ requiredId: 'given' })
    asked = true
    return joined.opened
  }
  const stop = new AbortController()
  const polled = consumer.poll(LONG_MS, stop.signal)
  await eventually(() => asked)
  stop.abort()
  assert.deepEqual(await polled, [])
  await consumer.close()

  assert.deepEqual(heard, ['left'])
})

test('a poll is woken while the consumer joins', async (t) => {
  const { consumer, joins } = openConsumer(t, [[0]])
  const joined = gate<JoinAnswer>()
  joins.joinGroup = () => joined.opened
  const polled = consumer.poll(LONG_MS, never)
  await settle()
  consumer.wake()

  assert.deepEqual(await polled, [])
  joined.break(new Error('the test is over'))
})

test('abort leaves without calling the listener, and a later close calls it without leaving again', async (t) => {
  const { consumer, heard, read } = openConsumer(t, [[0]])
  await read(RECORDS)
  await consumer.abort()
  assert.deepEqual(heard, ['assigned 0', 'left'])

  await consumer.close()
  assert.deepEqual(heard, ['assigned 0', 'left', 'revoked 0'])
})

const impatient = { props: { 'max.poll.interval.ms': '20' } }

test('a consumer that is not polled in time leaves its group, commits nothing, and rejoins at the next poll', async (t) => {
  const { consumer, heard } = openConsumer(t, [[0, 1], [1]], impatient)
  await consumer.poll(LONG_MS, never)
  await eventually(() => heard.includes('left'))
  await assert.rejects(
    consumer.commit([{ ...partition(0), offset: 5 }]),
    /it was not polled within max\.poll\.interval\.ms/,
  )

  await consumer.poll(LONG_MS, never)
  assert.deepEqual(heard, ['assigned 0 1', 'left', 'lost 0 1', 'assigned 1'])
  await consumer.commit([{ ...partition(1), offset: 5 }])
})

test('a consumer that is closed after it left because of missing polls has lost its partitions', async (t) => {
  const { consumer, heard } = openConsumer(t, [[0]], impatient)
  await consumer.poll(LONG_MS, never)
  await eventually(() => heard.includes('left'))
  await consumer.close()
  assert.deepEqual(heard, ['assigned 0', 'left', 'lost 0'])
})

test('the time that a poll itself takes does not count', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const slow = gate()
  const listener = { assigned: () => slow.opened }
  const { consumer, heard } = openConsumer(t, [[0]], { ...impatient, listener })
  const polled = consumer.poll(LONG_MS, never)
  await settle()
  t.mock.timers.tick(1000)
  slow.open()
  await polled
  t.mock.timers.tick(19)
  await consumer.close()
  assert.deepEqual(heard, ['revoked 0', 'left'])
})

test('a poll that ends after close does not restart the poll timeout', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const stop = new AbortController()
  const { consumer, heard } = openConsumer(t, [[]], impatient)
  const polled = consumer.poll(LONG_MS, stop.signal)
  await settle()
  await consumer.close()
  stop.abort()
  await polled
  t.mock.timers.tick(1000)
  assert.deepEqual(heard, ['assigned ', 'left'])
  await consumer.commit([]) // would reject if the poll timer had expired
})

test('close revokes the partitions before the consumer leaves', async (t) => {
  const { consumer, heard, read } = openConsumer(t, [[0, 1]])
  await read(2 * RECORDS)
  await consumer.close()
  assert.deepEqual(heard, ['assigned 0 1', 'revoked 0 1', 'left'])
})
