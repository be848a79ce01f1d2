import { isRetriable, messageOf, type PartitionOffset, type TopicPartition } from '../../../api/index.ts'
import { errorTypeOf, kafkaFailure } from '../connection/broker-errors.ts'
import type { KafkaClient, RetryLimits } from '../connection/client.ts'
import type { TopicMetadata } from '../connection/metadata.ts'
import { listOffsets } from '../fetcher/list-offsets.ts'

const TOPIC_RESOURCE = 2

/** What a new topic is to be like. -1: as the broker likes it. */
export interface NewTopic {
  readonly topic: string
  readonly partitions: number
  readonly replicationFactor: number
  readonly configs: Readonly<Record<string, string>>
}

/** `not-permitted`: the broker does not let us create or ask; the topic may still exist. */
export type TopicCreation = 'created' | 'exists' | 'not-permitted'

const NOT_PERMITTED = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
])

/** Looks after topics: which there are, how they are set up, and creating them. Source: TopicAdmin. */
export class TopicAdmin {
  readonly #client: KafkaClient

  constructor(client: KafkaClient) {
    this.#client = client
  }

  /** Those of the topics that exist. */
  async existing(topics: readonly string[], limits: RetryLimits = {}): Promise<TopicMetadata[]> {
    return this.#client.retry('describe topics', limits, () => this.#client.existingTopics(topics))
  }

  /**
   * Creates a topic unless it exists. Brokers that have not all started yet are waited for.
   *
   * Throws `HR_KAFKA_REFUSED` when the topic cannot be as asked.
   */
  async create(topic: NewTopic, limits: RetryLimits): Promise<TopicCreation> {
    const doing = `create topic ${topic.topic}`
    try {
      return await this.#client.retry(doing, limits, async () => {
        const result = await this.#tryCreate(topic, doing)
        if (result instanceof Error) throw result
        return result
      })
    } catch (error) {
      throw kafkaFailure(error, doing)
    }
  }

  /** Its cleanup policies; undefined when the broker does not let us see them. */
  async cleanupPolicy(topic: string, limits: RetryLimits = {}): Promise<string[] | undefined> {
    const doing = `describe the settings of topic ${topic}`
    try {
      const { resources } = await this.#client.retry(doing, limits, () =>
        this.#client.withController(doing, (broker) =>
          broker.describeConfigs({
            resources: [{ type: TOPIC_RESOURCE, name: topic, configNames: ['cleanup.policy'] }],
          }),
        ),
      )
      const entry = resources[0]?.configEntries.find(({ configName }) => configName === 'cleanup.policy')
      return entry?.configValue.split(',').map((policy) => policy.trim())
    } catch (error) {
      if (isRetriable(error)) throw error
      this.#client.log.info('the cleanup policy cannot be read', { topic, reason: messageOf(error) })
      return undefined
    }
  }

  /** The offset after the last record of each partition; after the last committed one where transactions count. */
  async endOffsets(
    partitions: readonly TopicPartition[],
    limits: RetryLimits & { readonly readCommitted?: boolean } = {},
  ): Promise<PartitionOffset[]> {
    const { readCommitted = false } = limits
    const doing = 'find the end of topics'
    return this.#client.retry(doing, limits, () =>
      listOffsets(this.#client, partitions, 'latest', readCommitted),
    )
  }

  /** The offset of the first record that each partition still has. */
  async startOffsets(
    partitions: readonly TopicPartition[],
    limits: RetryLimits = {},
  ): Promise<PartitionOffset[]> {
    return this.#client.retry('find the start of topics', limits, () =>
      listOffsets(this.#client, partitions, 'earliest'),
    )
  }

  async #tryCreate(topic: NewTopic, doing: string): Promise<TopicCreation | Error> {
    try {
      await this.#client.withController(doing, (broker) =>
        broker.createTopics({
          topics: [
            {
              topic: topic.topic,
              numPartitions: topic.partitions,
              replicationFactor: topic.replicationFactor,
              replicaAssignment: [],
              configEntries: Object.entries(topic.configs).map(([name, value]) => ({ name, value })),
            },
          ],
          timeout: this.#client.settings.requestTimeoutMs,
        }),
      )
      return 'created'
    } catch (error) {
      return this.#creationOutcome(error, doing)
    }
  }

  /** kafkajs wraps the error of each topic in one of the whole request. */
  #creationOutcome(error: unknown, doing: string): TopicCreation | Error {
    const { errors = [] } = ((error as Error).cause ?? {}) as { errors?: unknown[] }
    const single = errors[0] ?? error
    const type = errorTypeOf(single)
    if (type === 'TOPIC_ALREADY_EXISTS') return 'exists'
    if (type !== undefined && NOT_PERMITTED.has(type)) return 'not-permitted'
    // With fewer brokers than replicas the rest of the cluster may still be on its way
    if (type === 'INVALID_REPLICATION_FACTOR') {
      return kafkaFailure(Object.assign(new Error(messageOf(single)), { type, retriable: true }), doing)
    }
    return kafkaFailure(single, doing)
  }
}
