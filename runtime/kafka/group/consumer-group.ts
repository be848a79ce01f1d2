import { ConnectError, type PartitionOffset, type TopicPartition } from '../../../api/index.ts'
import { startTimer, unlimitedLease, type Lease, type Timer } from '../../timing/index.ts'
import { byTopic, keyOf } from '../topic-partition.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { Assignor } from './assignors.ts'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts'
import { leaseEnded } from '../producer/write-right.ts'
import { GroupMember } from './member.ts'
import { UncommittedPositions, type MemberGeneration } from './uncommitted-positions.ts'
import type { GroupProtocol, JoinedMember, Share } from './ports.ts'
import type { ConsumerGroupSettings } from './settings.ts'
import { SubscribedTopics, type TopicSelection } from './subscribed-topics.ts'

/** The position at which a consumer starts to read a partition. */
export interface PartitionStart extends TopicPartition {
  /** Undefined if no offset is committed; `auto.offset.reset` then applies. */
  readonly offset: number | undefined
  /**
   * Whether the offset is committed. False for a position that this member failed to commit before a
   * rebalance.
   */
  readonly committed: boolean
}

/** Callbacks for changes of a consumer's partitions. The rebalance waits for each returned promise. */
export interface RebalanceListener {
  /**
   * Called when partitions are revoked, while their offsets can still be committed. Resolves to the positions
   * that could not be committed. They apply if the partitions return to this member with no other owner in
   * between.
   */
  revoked(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]>
  /** Called when partitions are lost. Their offsets cannot be committed. */
  lost(partitions: readonly TopicPartition[]): Promise<void>
  /** Called after each rebalance with the newly assigned partitions, if any. */
  assigned(partitions: readonly PartitionStart[]): Promise<void>
}

const without = (all: readonly TopicPartition[], some: readonly TopicPartition[]): TopicPartition[] => {
  const gone = new Set(some.map(keyOf))
  return all.filter((item) => !gone.has(keyOf(item)))
}

/** A member of a consumer group: its subscription, partitions, and committed offsets. Source: KIP-429. */
export class ConsumerGroup {
  readonly #client: KafkaClient
  readonly #settings: ConsumerGroupSettings
  readonly #listener: RebalanceListener
  readonly #member: GroupMember
  readonly #topics: SubscribedTopics
  readonly #uncommitted = new UncommittedPositions()
  #owned: readonly TopicPartition[] = []
  /** Member id and generation in which the owned partitions were assigned. */
  #ownedSince: MemberGeneration = { memberId: '', generation: -1 }
  /** Start positions of the newly assigned partitions of the next share. */
  #starts: readonly PartitionStart[] = []
  /** Enforces `max.poll.interval.ms` between two polls. */
  #pollTimer: Timer | undefined
  readonly #lease: Pick<Lease, 'held'>
  /** Why it left the group, to which it may return; its partitions may have other owners. */
  #leftBecause: string | undefined

  constructor(
    client: KafkaClient,
    settings: ConsumerGroupSettings,
    selection: TopicSelection,
    listener: RebalanceListener,
    /** Called when {@link ConsumerGroup.poll} has something to do. */
    onChange: () => void,
    lease: Pick<Lease, 'held'> = unlimitedLease(),
  ) {
    this.#client = client
    this.#settings = settings
    this.#listener = listener
    this.#lease = lease
    this.#member = new GroupMember(client, settings, this.#protocol(), onChange)
    this.#topics = new SubscribedTopics(client, selection, settings.createsTopics, (changed) => {
      if (changed) this.#member.requestRejoin()
      onChange()
    })
  }

  get assignment(): readonly TopicPartition[] {
    return this.#owned
  }

  /** Milliseconds until {@link poll} must be called again, unless `onChange` is called earlier. */
  get nextPollInMs(): number {
    // Nothing tells when the lease is renewed, and topics are not looked for meanwhile
    if (!this.#lease.held) return LEASE_WAIT_MS
    const topicsInMs = this.#topics.nextLookInMs
    const { joining, state } = this.#member
    const failed = this.#topics.known && !joining && state !== 'settled'
    return failed ? Math.min(topicsInMs, REJOIN_WAIT_MS) : topicsInMs
  }

  /**
   * Joins a rebalance when one is due; must be called between batches. Waits for the listener, but not for
   * brokers or other members. Resolves to true when partitions can be read.
   */
  async poll(): Promise<boolean> {
    this.#pollTimer?.cancel()
    if (!this.#lease.held) return this.#waitForLease()
    if (this.#leftBecause !== undefined) await this.#rejoin()
    this.#topics.lookIfDue()
    if (!this.#topics.known) return false
    return this.#member.advance()
  }

  /**
   * Starts the poll timer; called when a batch has been returned. If `poll` is not called within
   * `max.poll.interval.ms`, the consumer leaves the group, so that other members get its partitions. It
   * cannot commit until the next `poll`.
   *
   * Source: AbstractCoordinator.HeartbeatThread (KIP-62).
   */
  polled(): void {
    this.#pollTimer?.cancel()
    if (this.#member.state === 'left') return
    this.#pollTimer = startTimer(this.#settings.rebalanceTimeoutMs, () => void this.#leaveUnpolled())
  }

  /** Commits the next offsets to read. Throws a retriable error if the group has rebalanced. */
  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    if (!this.#lease.held) throw leaseEnded()
    // Invariant 5: the coordinator of a group without members accepts commits from any client
    if (this.#leftBecause !== undefined)
      throw new ConnectError(
        'HR_KAFKA_UNAVAILABLE',
        `The consumer left its group, because ${this.#leftBecause}`,
      )
    const topics = [...byTopic(offsets)].map(([topic, items]) => ({
      topic,
      partitions: items.map(({ partition, offset }) => ({ partition, offset: String(offset), metadata: '' })),
    }))
    await this.#member.withCoordinator('commit offsets', (broker, { groupId, memberId, generation }) =>
      broker.offsetCommit({ groupId, groupGenerationId: generation, memberId, topics }),
    )
  }

  /** Revokes all partitions and leaves the group. */
  async leave(): Promise<void> {
    this.#pollTimer?.cancel()
    if (this.#leftBecause !== undefined) await this.#lose()
    const owned = this.#owned
    if (owned.length > 0) await this.#listener.revoked(owned)
    this.#owned = []
    await this.#member.leave()
  }

  /** Leaves the group without calling the listener. */
  abandon(): Promise<void> {
    this.#pollTimer?.cancel()
    return this.#member.leave()
  }

  async #leaveUnpolled(): Promise<void> {
    this.#leftBecause = 'it was not polled within max.poll.interval.ms'
    this.#client.log.warn(
      'the task did not request its next batch within max.poll.interval.ms; leaving the consumer group, so that other tasks get its partitions',
      { group: this.#settings.groupId, maxPollIntervalMs: this.#settings.rebalanceTimeoutMs },
    )
    await this.#member.leave()
  }

  /**
   * Keeps the partitions while no other member wants them. Leaves the group instead of taking part in a rebalance: the
   * member that caused it is probably the same task in another worker.
   *
   * Invariant 5: the positions of a task that may run elsewhere are not committed.
   */
  async #waitForLease(): Promise<boolean> {
    if (this.#member.state === 'settled') return this.#member.advance()
    if (this.#leftBecause === undefined) {
      this.#leftBecause = 'another worker may have the task'
      this.#client.log.warn('leaving the consumer group, because another worker may have the task', {
        group: this.#settings.groupId,
      })
      await this.#member.leave()
      await this.#lose()
    }
    return false
  }

  async #rejoin(): Promise<void> {
    await this.#lose()
    this.#leftBecause = undefined
    this.#member.allowRejoin()
  }

  #protocol(): GroupProtocol {
    return {
      type: 'consumer',
      offered: () => this.#offered(),
      assign: (protocol, self, members) => this.#assign(protocol, self, members),
      prepare: () => this.#prepare(),
      ready: (share, signal) => this.#findStarts(share, signal),
      assigned: (share) => this.#adopt(share),
      lost: () => this.#lose(),
    }
  }

  #offered(): { name: string; metadata: Buffer }[] {
    const { generation } = this.#ownedSince
    const metadata = encodeSubscription({ topics: this.#topics.names, owned: this.#owned, generation })
    return this.#settings.assignors.map(({ name }) => ({ name, metadata }))
  }

  /** Whether all offered assignors are cooperative. */
  get #cooperative(): boolean {
    return this.#settings.assignors.every(({ cooperative }) => cooperative)
  }

  async #prepare(): Promise<void> {
    const owned = this.#owned
    if (this.#cooperative || owned.length === 0) return
    this.#uncommitted.keep(this.#ownedSince, await this.#listener.revoked(owned))
    this.#owned = []
  }

  async #lose(): Promise<void> {
    const owned = this.#owned
    this.#owned = []
    this.#uncommitted.clear()
    if (owned.length > 0) await this.#listener.lost(owned)
  }

  async #assign(
    protocol: string,
    self: { readonly id: string; readonly generation: number },
    members: readonly JoinedMember[],
  ): Promise<Map<string, Buffer>> {
    const member = { memberId: self.id, generation: self.generation }
    this.#uncommitted.leads(member)
    const assignor: Assignor | undefined = this.#settings.assignors.find(({ name }) => name === protocol)
    if (assignor === undefined) throw new TypeError(`the group chose ${protocol}, which was not offered`)
    const consumers = members.map(({ id, metadata }) => ({ id, ...decodeSubscription(metadata) }))
    const topics = [...new Set(consumers.flatMap((consumer) => consumer.topics))].toSorted()
    const found = await this.#client.existingTopics(topics)
    const counts = new Map(found.map(({ topic, partitions }) => [topic, partitions.length]))
    const shares = assignor.assign(counts, consumers)
    this.#uncommitted.received(member, shares.get(self.id) ?? [])
    return new Map([...shares].map(([id, share]) => [id, encodeAssignment(share)]))
  }

  async #adopt(share: Share): Promise<void> {
    const assignment = decodeAssignment(share.assignment)
    const revoked = without(this.#owned, assignment)
    if (revoked.length > 0) await this.#listener.revoked(revoked)
    this.#owned = assignment
    this.#ownedSince = share
    await this.#listener.assigned(this.#starts)
    // The next rebalance assigns the revoked partitions to their new owners
    if (revoked.length > 0 && this.#cooperative) this.#member.requestRejoin()
  }

  /**
   * Finds the start positions of newly assigned partitions: kept positions, or else the committed offsets.
   */
  async #findStarts(share: Share, signal: AbortSignal): Promise<boolean> {
    const assignment = decodeAssignment(share.assignment)
    const added = without(assignment, this.#owned)
    const kept = this.#uncommitted.received(share, added)
    try {
      const committed = await this.#committed(without(added, kept), signal)
      this.#starts = [...kept.map((position) => ({ ...position, committed: false })), ...committed]
      return true
    } catch (error) {
      if (signal.aborted) return false
      throw error
    }
  }

  /**
   * Retries until all committed offsets are known, since `auto.offset.reset` applies only where none is
   * committed.
   */
  async #committed(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<PartitionStart[]> {
    if (partitions.length === 0) return []
    const topics = [...byTopic(partitions)].map(([topic, items]) => ({
      topic,
      partitions: items.map(({ partition }) => ({ partition })),
    }))
    const doing = 'read committed offsets'
    return this.#client.retry(doing, { signal }, async () => {
      const { responses } = await this.#member.withCoordinator(doing, (broker, { groupId }) =>
        broker.offsetFetch({ groupId, topics }),
      )
      const offsets = new Map<string, number>()
      for (const { topic, partitions: found } of responses) {
        for (const { partition, offset } of found) offsets.set(keyOf({ topic, partition }), Number(offset))
      }
      return partitions.map((item) => {
        const offset = offsets.get(keyOf(item))
        if (offset === undefined) {
          const message = `Failed to ${doing}: the response of the coordinator does not contain ${keyOf(item)}`
          throw new ConnectError('HR_KAFKA_UNAVAILABLE', message)
        }
        return { ...item, offset: offset < 0 ? undefined : offset, committed: true }
      })
    })
  }
}

/** Delay before the next look whether the lease was renewed, in milliseconds. */
const LEASE_WAIT_MS = 100
/** Delay before a failed join is retried, in milliseconds. */
const REJOIN_WAIT_MS = 100
