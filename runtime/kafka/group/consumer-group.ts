import { ConnectError, type PartitionOffset, type TopicPartition } from '../../../api/index.ts'
import { startTimer, type Timer } from '../../timing/index.ts'
import { byTopic } from '../by-topic.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { Assignor } from './assignors.ts'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts'
import { GroupMember } from './member.ts'
import { KeptPositions, type Tenure } from './kept-positions.ts'
import type { GroupProtocol, JoinedMember, Share } from './ports.ts'
import type { ConsumerGroupSettings } from './settings.ts'
import { SubscribedTopics, type TopicSelection } from './subscribed-topics.ts'

/** Where the reading of a partition begins. */
export interface PartitionStart extends TopicPartition {
  /** Undefined where nothing is committed: `auto.offset.reset` decides. */
  readonly offset: number | undefined
  /** False for a position that the member itself could not commit before a rebalance. */
  readonly committed: boolean
}

/** What happens to the partitions of a consumer. Each call is awaited before the rebalance goes on. */
export interface RebalanceListener {
  /**
   * They are given up in good order: what is done can be committed. Resolves to the positions that could not be: they
   * count if the same partitions come back with no other owner in between.
   */
  revoked(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]>
  /** They are already gone: nothing can be committed. */
  lost(partitions: readonly TopicPartition[]): Promise<void>
  /** After each rebalance: the partitions that are new here, which may be none. */
  assigned(partitions: readonly PartitionStart[]): Promise<void>
}

const keyOf = ({ topic, partition }: TopicPartition): string => `${topic}-${partition}`

const without = (all: readonly TopicPartition[], some: readonly TopicPartition[]): TopicPartition[] => {
  const gone = new Set(some.map(keyOf))
  return all.filter((item) => !gone.has(keyOf(item)))
}

/** A consumer's part in its group: subscription, partitions, and their committed offsets. Source: KIP-429. */
export class ConsumerGroup {
  readonly #client: KafkaClient
  readonly #settings: ConsumerGroupSettings
  readonly #listener: RebalanceListener
  readonly #member: GroupMember
  readonly #topics: SubscribedTopics
  readonly #kept = new KeptPositions()
  #owned: readonly TopicPartition[] = []
  /** When the owned partitions were assigned. */
  #ownedSince: Tenure = { memberId: '', generation: -1 }
  /** Where the new partitions of the next share begin. */
  #starts: readonly PartitionStart[] = []
  /** Runs from the end of a batch's poll to the next. */
  #pollTimer: Timer | undefined
  /** It has left because it was not polled in time; what it owned may be someone else's. */
  #resigned = false

  constructor(
    client: KafkaClient,
    settings: ConsumerGroupSettings,
    selection: TopicSelection,
    listener: RebalanceListener,
    /** Called when {@link ConsumerGroup.poll} has something to do. */
    onChange: () => void,
  ) {
    this.#client = client
    this.#settings = settings
    this.#listener = listener
    this.#member = new GroupMember(client, settings, this.#protocol(), onChange)
    this.#topics = new SubscribedTopics(client, selection, settings.createsTopics, (changed) => {
      if (changed) this.#member.requestRejoin()
      onChange()
    })
  }

  get assignment(): readonly TopicPartition[] {
    return this.#owned
  }

  /** Milliseconds until {@link poll} is to be called again, unless `onChange` is called before. */
  get nextPollInMs(): number {
    const topicsInMs = this.#topics.nextLookInMs
    const { joining, state } = this.#member
    const failed = this.#topics.known && !joining && state !== 'settled'
    return failed ? Math.min(topicsInMs, REJOIN_WAIT_MS) : topicsInMs
  }

  /**
   * To be called between batches: takes part in a rebalance when one is due. Waits for the listener, but not for brokers
   * or other members. True when partitions can be read.
   */
  async poll(): Promise<boolean> {
    this.#pollTimer?.cancel()
    if (this.#resigned) await this.#comeBack()
    this.#topics.lookIfDue()
    if (!this.#topics.known) return false
    return this.#member.advance()
  }

  /**
   * Says that a batch is being processed. Unless `poll` is called again within `max.poll.interval.ms`, the consumer
   * leaves, so that others get its partitions; until it polls, it can commit nothing.
   *
   * Source: AbstractCoordinator.HeartbeatThread (KIP-62).
   */
  polled(): void {
    this.#pollTimer?.cancel()
    if (this.#member.state === 'left') return
    this.#pollTimer = startTimer(this.#settings.rebalanceTimeoutMs, () => void this.#resign())
  }

  /** Stores the next offsets to read. Throws a retriable error when the group has moved on. */
  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    // Invariant 5: the coordinator of a group without members takes commits from anyone
    if (this.#resigned)
      throw new ConnectError(
        'HR_KAFKA_UNAVAILABLE',
        'The consumer has left its group: it was not polled in time',
      )
    const topics = [...byTopic(offsets)].map(([topic, items]) => ({
      topic,
      partitions: items.map(({ partition, offset }) => ({ partition, offset: String(offset), metadata: '' })),
    }))
    await this.#member.withCoordinator('commit offsets', (broker, { groupId, memberId, generation }) =>
      broker.offsetCommit({ groupId, groupGenerationId: generation, memberId, topics }),
    )
  }

  /** Gives up all partitions in good order and leaves. */
  async leave(): Promise<void> {
    this.#pollTimer?.cancel()
    if (this.#resigned) await this.#lose()
    const owned = this.#owned
    if (owned.length > 0) await this.#listener.revoked(owned)
    this.#owned = []
    await this.#member.leave()
  }

  /** Leaves without a word to the listener. */
  abandon(): Promise<void> {
    this.#pollTimer?.cancel()
    return this.#member.leave()
  }

  async #resign(): Promise<void> {
    this.#resigned = true
    this.#client.log.warn(
      'the task did not take its next batch within max.poll.interval.ms; it leaves its consumer group, so that other tasks get its partitions',
      { group: this.#settings.groupId, maxPollIntervalMs: this.#settings.rebalanceTimeoutMs },
    )
    await this.#member.leave()
  }

  async #comeBack(): Promise<void> {
    await this.#lose()
    this.#resigned = false
    this.#member.comeBack()
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

  /** Cooperative only when all offered assignors are. */
  get #cooperative(): boolean {
    return this.#settings.assignors.every(({ cooperative }) => cooperative)
  }

  async #prepare(): Promise<void> {
    const owned = this.#owned
    if (this.#cooperative || owned.length === 0) return
    this.#kept.keep(this.#ownedSince, await this.#listener.revoked(owned))
    this.#owned = []
  }

  async #lose(): Promise<void> {
    const owned = this.#owned
    this.#owned = []
    this.#kept.clear()
    if (owned.length > 0) await this.#listener.lost(owned)
  }

  async #assign(
    protocol: string,
    self: { readonly id: string; readonly generation: number },
    members: readonly JoinedMember[],
  ): Promise<Map<string, Buffer>> {
    const tenure = { memberId: self.id, generation: self.generation }
    this.#kept.leads(tenure)
    const assignor: Assignor | undefined = this.#settings.assignors.find(({ name }) => name === protocol)
    if (assignor === undefined) throw new TypeError(`the group chose ${protocol}, which was not offered`)
    const consumers = members.map(({ id, metadata }) => ({ id, ...decodeSubscription(metadata) }))
    const topics = [...new Set(consumers.flatMap((consumer) => consumer.topics))].toSorted()
    const found = await this.#client.existingTopics(topics)
    const counts = new Map(found.map(({ topic, partitions }) => [topic, partitions.length]))
    const shares = assignor.assign(counts, consumers)
    this.#kept.received(tenure, shares.get(self.id) ?? [])
    return new Map([...shares].map(([id, share]) => [id, encodeAssignment(share)]))
  }

  async #adopt(share: Share): Promise<void> {
    const assignment = decodeAssignment(share.assignment)
    const revoked = without(this.#owned, assignment)
    if (revoked.length > 0) await this.#listener.revoked(revoked)
    this.#owned = assignment
    this.#ownedSince = share
    await this.#listener.assigned(this.#starts)
    // What was given up goes to its new owner in a rebalance of its own
    if (revoked.length > 0 && this.#cooperative) this.#member.requestRejoin()
  }

  /** Where the new partitions of a share begin: at the member's own positions, else at the committed offsets. */
  async #findStarts(share: Share, signal: AbortSignal): Promise<boolean> {
    const assignment = decodeAssignment(share.assignment)
    const added = without(assignment, this.#owned)
    const kept = this.#kept.received(share, added)
    try {
      const committed = await this.#committed(without(added, kept), signal)
      this.#starts = [...kept.map((position) => ({ ...position, committed: false })), ...committed]
      return true
    } catch (error) {
      if (signal.aborted) return false
      throw error
    }
  }

  /** Retries until all offsets are known: `auto.offset.reset` is for partitions that have none. */
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
          const message = `Failed to ${doing}: the coordinator left out ${keyOf(item)}`
          throw new ConnectError('HR_KAFKA_UNAVAILABLE', message)
        }
        return { ...item, offset: offset < 0 ? undefined : offset, committed: true }
      })
    })
  }
}

/** How soon a join that failed is tried again, in milliseconds. */
const REJOIN_WAIT_MS = 100
