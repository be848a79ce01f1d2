import { isRetriable, messageOf, type PartitionOffset, type TopicPartition } from '../../../api/index.ts'
import { byTopic } from '../by-topic.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { TopicMetadata } from '../connection/metadata.ts'
import type { Assignor } from './assignors.ts'
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts'
import { GroupMember } from './member.ts'
import type { GroupProtocol, JoinedMember } from './ports.ts'
import type { ConsumerGroupSettings } from './settings.ts'

/** What happens to the partitions of a consumer. Each call is awaited before the rebalance goes on. */
export interface RebalanceListener {
  /** They go to someone else in good order: what is done can be committed. */
  revoked(partitions: readonly TopicPartition[]): Promise<void>
  /** They are already gone: nothing can be committed. */
  lost(partitions: readonly TopicPartition[]): Promise<void>
  /** They are new here, each with its committed offset, if there is one. */
  assigned(partitions: readonly (TopicPartition & { readonly offset: number | undefined })[]): Promise<void>
}

/** A topic list, or a rule that says which topics belong. */
export interface TopicSelection {
  readonly topics: readonly string[]
  readonly matches?: (topic: string) => boolean
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
  readonly #selection: TopicSelection
  readonly #listener: RebalanceListener
  readonly #member: GroupMember
  #subscribed: readonly string[]
  #owned: readonly TopicPartition[] = []
  #topicsKnownUntil = 0
  #partitionCounts: string | undefined

  constructor(
    client: KafkaClient,
    settings: ConsumerGroupSettings,
    selection: TopicSelection,
    listener: RebalanceListener,
    onChange: () => void,
  ) {
    this.#client = client
    this.#settings = settings
    this.#selection = selection
    this.#listener = listener
    this.#subscribed = selection.topics
    this.#member = new GroupMember(client, settings, this.#protocol(), onChange)
  }

  get assignment(): readonly TopicPartition[] {
    return this.#owned
  }

  /** Milliseconds until `poll` is to look for topics again. */
  get topicsKnownForMs(): number {
    return Math.max(0, this.#topicsKnownUntil - Date.now())
  }

  /** To be called between batches: takes part in a rebalance when one is due. True when partitions can be read. */
  async poll(): Promise<boolean> {
    await this.#refreshTopics()
    return this.#member.ensureActive()
  }

  /** Stores the next offsets to read. Throws a retriable error when the group has moved on. */
  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
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
    const owned = this.#owned
    if (owned.length > 0) await this.#listener.revoked(owned)
    this.#owned = []
    await this.#member.leave()
  }

  #protocol(): GroupProtocol {
    return {
      type: 'consumer',
      offered: () => this.#offered(),
      assign: (protocol, _self, members) => this.#assign(protocol, members),
      prepare: () => this.#prepare(),
      assigned: ({ assignment }) => this.#adopt(decodeAssignment(assignment)),
      lost: async () => {
        const owned = this.#owned
        this.#owned = []
        if (owned.length > 0) await this.#listener.lost(owned)
      },
    }
  }

  #offered(): { name: string; metadata: Buffer }[] {
    const generation = this.#member.generation
    const metadata = encodeSubscription({ topics: this.#subscribed, owned: this.#owned, generation })
    return this.#settings.assignors.map(({ name }) => ({ name, metadata }))
  }

  /** Cooperative only when all offered assignors are. */
  get #cooperative(): boolean {
    return this.#settings.assignors.every(({ cooperative }) => cooperative)
  }

  async #prepare(): Promise<void> {
    const owned = this.#owned
    if (this.#cooperative || owned.length === 0) return
    await this.#listener.revoked(owned)
    this.#owned = []
  }

  async #assign(protocol: string, members: readonly JoinedMember[]): Promise<Map<string, Buffer>> {
    const assignor: Assignor | undefined = this.#settings.assignors.find(({ name }) => name === protocol)
    if (assignor === undefined) throw new TypeError(`the group chose ${protocol}, which was not offered`)
    const consumers = members.map(({ id, metadata }) => ({ id, ...decodeSubscription(metadata) }))
    const topics = [...new Set(consumers.flatMap((consumer) => consumer.topics))].toSorted()
    const found = await this.#client.existingTopics(topics)
    const counts = new Map(found.map(({ topic, partitions }) => [topic, partitions.length]))
    const shares = assignor.assign(counts, consumers)
    return new Map([...shares].map(([id, share]) => [id, encodeAssignment(share)]))
  }

  async #adopt(assignment: readonly TopicPartition[]): Promise<void> {
    const revoked = without(this.#owned, assignment)
    const added = without(assignment, this.#owned)
    if (revoked.length > 0) await this.#listener.revoked(revoked)
    this.#owned = assignment
    if (added.length > 0) await this.#listener.assigned(await this.#committed(added))
    // What was given up goes to its new owner in a rebalance of its own
    if (revoked.length > 0 && this.#cooperative) this.#member.requestRejoin()
  }

  async #committed(partitions: readonly TopicPartition[]) {
    const topics = [...byTopic(partitions)].map(([topic, items]) => ({
      topic,
      partitions: items.map(({ partition }) => ({ partition })),
    }))
    const doing = 'read committed offsets'
    const { responses } = await this.#client.retry(doing, {}, () =>
      this.#member.withCoordinator(doing, (broker, { groupId }) => broker.offsetFetch({ groupId, topics })),
    )
    const offsets = new Map<string, number>()
    for (const { topic, partitions: found } of responses) {
      for (const { partition, offset } of found) offsets.set(keyOf({ topic, partition }), Number(offset))
    }
    return partitions.map((item) => {
      const offset = offsets.get(keyOf(item)) ?? -1
      return { ...item, offset: offset < 0 ? undefined : offset }
    })
  }

  /** Looks now and then whether topics came or grew; if so, the group is divided anew. */
  async #refreshTopics(): Promise<void> {
    if (Date.now() < this.#topicsKnownUntil) return
    const found = await this.#findTopics()
    if (found === undefined) return
    const first = this.#partitionCounts === undefined
    const counts = found.map(({ topic, partitions }) => `${topic}:${partitions.length}`).toSorted()
    const changed = counts.join() !== this.#partitionCounts
    this.#partitionCounts = counts.join()
    if (changed && !first) this.#member.requestRejoin()
  }

  /** Undefined when no broker could be asked: what is known holds until the next look. */
  async #findTopics(): Promise<readonly TopicMetadata[] | undefined> {
    const { matches, topics } = this.#selection
    this.#topicsKnownUntil = Date.now() + MISSING_TOPIC_MS
    try {
      const createMissing = this.#settings.createsTopics
      const all =
        matches === undefined
          ? await this.#client.existingTopics(topics, { createMissing })
          : await this.#allTopics()
      const found = matches === undefined ? all : all.filter(({ topic }) => matches(topic))
      if (matches !== undefined) this.#subscribed = found.map(({ topic }) => topic)
      const complete = matches !== undefined || found.length === topics.length
      if (complete) this.#topicsKnownUntil = Date.now() + this.#client.settings.metadataMaxAgeMs
      return found
    } catch (error) {
      if (!isRetriable(error)) throw error
      this.#client.log.debug('topics cannot be looked up', { reason: messageOf(error) })
      return undefined
    }
  }

  async #allTopics(): Promise<readonly TopicMetadata[]> {
    const { topics } = await this.#client.refresh(null)
    return topics.filter(({ errorCode }) => errorCode === 0)
  }
}

/** How soon a subscribed topic that does not exist yet is looked for again. */
const MISSING_TOPIC_MS = 1000
