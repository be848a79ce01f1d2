import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import type { PartitionOffset, Props, TopicPartition } from '../../../../api/index.ts'
import { unlimitedLease } from '../../../timing/index.ts'
import { settle } from '../../../timing/test/gate.ts'
import type { KafkajsBroker } from '../../connection/kafkajs.ts'
import { FakeCluster } from '../../test/fake-cluster.ts'
import { ConsumerGroup } from '../consumer-group.ts'
import { decodeSubscription, encodeAssignment } from '../consumer-protocol.ts'
import { consumerGroupSettings } from '../settings.ts'
import type { TopicSelection } from '../subscribed-topics.ts'
import type { FakeJoins } from './join-answers.ts'

const nameOf = ({ topic, partition }: TopicPartition) => `${topic}-${partition}`
export const names = (partitions: readonly TopicPartition[]): string => partitions.map(nameOf).join(' ')
/** Returns a partition of topic `t`. */
export const partition = (number: number): TopicPartition => ({ topic: 't', partition: number })

export const brokerFailure = (type: string, retriable = true): Error =>
  Object.assign(new Error(type), { type, retriable })

interface GroupInit {
  readonly props?: Props
  /** The consumer's assignments, one per generation. */
  readonly shares?: readonly (readonly number[])[]
  readonly selection?: TopicSelection
}

/** Committed offsets: none for partition 0, ten times the partition number for the others. */
const offsetFetch: KafkajsBroker['offsetFetch'] = async ({ topics = [] }) => ({
  responses: topics.map(({ topic, partitions }) => ({
    topic,
    partitions: partitions.map(({ partition: number }) => ({
      partition: number,
      offset: number === 0 ? '-1' : String(number * 10),
      metadata: null,
    })),
  })),
})

/** Opens a consumer in a group whose coordinator and other members are faked. */
export function openGroup(t: TestContext, init: GroupInit = {}) {
  const { props = {}, shares = [], selection = { topics: ['t'] } } = init
  const heard: string[] = []
  const subscriptions: ReturnType<typeof decodeSubscription>[] = []
  const committed: unknown[] = []
  /** Positions that the listener reports as not committed. */
  const uncommitted: PartitionOffset[] = []
  const group_ = { generation: 0, memberId: 'm', leaderId: 'other' }
  const joins: FakeJoins = {
    joinGroup: async ({ protocols }) => {
      const [first] = protocols
      if (first !== undefined) subscriptions.push(decodeSubscription(first.metadata))
      group_.generation++
      const members = protocols.slice(0, 1).map(({ metadata }) => ({ id: group_.memberId, metadata }))
      return { ...group_, protocol: first?.name ?? '', members }
    },
    syncGroup: async ({ shares: given }) =>
      given.get(group_.memberId) ?? encodeAssignment((shares[group_.generation - 1] ?? []).map(partition)),
  }
  const calls: Partial<KafkajsBroker> = {
    offsetFetch,
    offsetCommit: async ({ topics, memberId, groupGenerationId }) => {
      committed.push({ topics, memberId, groupGenerationId })
    },
    leaveGroup: async () => heard.push('leave'),
  }
  const lease = unlimitedLease()
  const cluster = new FakeCluster({ topics: { t: 4, other: 1 }, calls, joins })
  const group: ConsumerGroup = new ConsumerGroup(
    cluster,
    consumerGroupSettings({ 'group.id': 'g', 'heartbeat.interval.ms': '60000', ...props }),
    selection,
    {
      revoked: async (partitions) => {
        heard.push(`revoked ${names(partitions)}`)
        return uncommitted
      },
      lost: async (partitions) => void heard.push(`lost ${names(partitions)}`),
      assigned: async (partitions) => {
        const starts = partitions.map((item) => {
          const own = item.committed ? '' : ' (own)'
          return `${nameOf(item)}@${item.offset ?? 'start'}${own}`
        })
        heard.push(`assigned ${starts.join(' ')}`)
      },
    },
    () => {},
    lease,
  )
  t.after(() => group.leave())
  /** Polls until the consumer has its assignment. */
  const join = async () => {
    for (let turns = 0; !(await group.poll()); turns++) {
      assert.ok(turns < 1000, 'it never joined')
      await settle()
    }
  }
  /** Fails a commit with the error `type`. */
  const hear = async (type: string, retriable = true) => {
    const { offsetCommit } = calls
    calls.offsetCommit = () => Promise.reject(brokerFailure(type, retriable))
    await assert.rejects(group.commit([]))
    calls.offsetCommit = offsetCommit!
  }
  const rebalance = async () => {
    await hear('REBALANCE_IN_PROGRESS')
    await join()
  }
  return {
    group,
    lease,
    heard,
    subscriptions,
    committed,
    uncommitted,
    member: group_,
    joins,
    calls,
    cluster,
    join,
    hear,
    rebalance,
  }
}
