import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Props, TopicPartition } from '../../../../api/index.ts'
import type { KafkajsBroker } from '../../connection/kafkajs.ts'
import { FakeCluster } from '../../test/fake-cluster.ts'
import { ConsumerGroup, type TopicSelection } from '../consumer-group.ts'
import { decodeSubscription, encodeAssignment } from '../consumer-protocol.ts'
import { consumerGroupSettings } from '../settings.ts'

const name = ({ topic, partition }: TopicPartition) => `${topic}-${partition}`
const names = (partitions: readonly TopicPartition[]) => partitions.map(name).join(' ')
const partition = (number: number): TopicPartition => ({ topic: 't', partition: number })

const COOPERATIVE = { 'partition.assignment.strategy': 'CooperativeStickyAssignor' }

/** A consumer whose share the test decides by `shares`, one for each rebalance. */
function openGroup(
  t: TestContext,
  {
    props = {},
    shares = [],
    selection = { topics: ['t'] },
  }: {
    props?: Props
    shares?: readonly (readonly number[])[]
    selection?: TopicSelection
  } = {},
) {
  const heard: string[] = []
  const subscriptions: ReturnType<typeof decodeSubscription>[] = []
  const committed: unknown[] = []
  let generation = 0
  const calls: Partial<KafkajsBroker> = {
    joinGroup: async ({ groupProtocols }) => {
      const [first] = groupProtocols
      if (first !== undefined) subscriptions.push(decodeSubscription(first.metadata))
      return {
        generationId: ++generation,
        groupProtocol: first?.name ?? '',
        leaderId: 'other',
        memberId: 'm',
        members: [],
      }
    },
    syncGroup: async () => ({
      memberAssignment: encodeAssignment((shares[generation - 1] ?? []).map(partition)),
    }),
    offsetFetch: async ({ topics = [] }) => ({
      responses: topics.map(({ topic, partitions }) => ({
        topic,
        partitions: partitions.map(({ partition: number }) => ({
          partition: number,
          offset: number === 0 ? '-1' : String(number * 10),
          metadata: null,
        })),
      })),
    }),
    offsetCommit: async ({ topics, memberId, groupGenerationId }) => {
      committed.push({ topics, memberId, groupGenerationId })
    },
    leaveGroup: async () => heard.push('leave'),
  }
  const cluster = new FakeCluster({ topics: { t: 4, other: 1 }, calls })
  const settings = consumerGroupSettings({ 'group.id': 'g', 'heartbeat.interval.ms': '60000', ...props })
  const group = new ConsumerGroup(
    cluster,
    settings,
    selection,
    {
      revoked: async (partitions) => void heard.push(`revoked ${names(partitions)}`),
      lost: async (partitions) => void heard.push(`lost ${names(partitions)}`),
      assigned: async (partitions) =>
        void heard.push(
          `assigned ${partitions.map((item) => `${name(item)}@${item.offset ?? 'start'}`).join(' ')}`,
        ),
    },
    () => {},
  )
  t.after(() => group.leave())
  /** A commit is told that the group rebalances. */
  const rebalance = async () => {
    const { offsetCommit } = calls
    const rebalancing = Object.assign(new Error('rebalance'), {
      type: 'REBALANCE_IN_PROGRESS',
      retriable: true,
    })
    calls.offsetCommit = () => Promise.reject(rebalancing)
    await assert.rejects(group.commit([]))
    calls.offsetCommit = offsetCommit ?? calls.offsetCommit
    await group.poll()
  }
  return { group, heard, subscriptions, committed, rebalance }
}

test('new partitions come with their committed offsets', async (t) => {
  const { group, heard } = openGroup(t, { shares: [[0, 1]] })

  assert.equal(await group.poll(), true)
  assert.deepEqual(heard, ['assigned t-0@start t-1@10'])
  assert.deepEqual(group.assignment, [partition(0), partition(1)])
})

test('an eager consumer gives up everything before it joins again', async (t) => {
  const { group, heard, subscriptions, rebalance } = openGroup(t, {
    shares: [
      [0, 1],
      [1, 2],
    ],
  })
  await group.poll()
  await rebalance()

  assert.deepEqual(heard, ['assigned t-0@start t-1@10', 'revoked t-0 t-1', 'assigned t-1@10 t-2@20'])
  assert.deepEqual(subscriptions.at(-1)?.owned, [])
})

test('a cooperative consumer keeps what it may keep, and joins again after giving something up', async (t) => {
  const { group, heard, subscriptions, rebalance } = openGroup(t, {
    props: COOPERATIVE,
    shares: [[0, 1], [1], [1, 3]],
  })
  await group.poll()
  await rebalance()
  await group.poll()

  assert.deepEqual(heard, ['assigned t-0@start t-1@10', 'revoked t-0', 'assigned t-3@30'])
  assert.deepEqual(
    subscriptions.map(({ owned }) => names(owned)),
    ['', 't-0 t-1', 't-1'],
  )
})

test('offsets are committed as this member and generation', async (t) => {
  const { group, committed } = openGroup(t, { shares: [[0]] })
  await group.poll()
  await group.commit([{ ...partition(0), offset: 2 ** 40 }])

  assert.deepEqual(committed, [
    {
      memberId: 'm',
      groupGenerationId: 1,
      topics: [{ topic: 't', partitions: [{ partition: 0, offset: String(2 ** 40), metadata: '' }] }],
    },
  ])
})

test('a consumer that leaves gives up its partitions in good order', async (t) => {
  const { group, heard } = openGroup(t, { shares: [[2]] })
  await group.poll()
  await group.leave()

  assert.deepEqual(heard.slice(1), ['revoked t-2', 'leave'])
})

test('a rule subscribes to the topics that match it', async (t) => {
  const selection = { topics: [], matches: (topic: string) => topic.startsWith('o') }
  const { group, subscriptions } = openGroup(t, { shares: [[]], selection })
  await group.poll()

  assert.deepEqual(subscriptions[0]?.topics, ['other'])
})

test('the consumer protocol of KIP-848 is refused', () => {
  assert.throws(() => consumerGroupSettings({ 'group.id': 'g', 'group.protocol': 'CONSUMER' }), {
    code: 'HR_CONFIG_INVALID',
    configKey: 'group.protocol',
  })
})
