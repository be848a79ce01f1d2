import {
  ConnectError,
  isRetriable,
  messageOf,
  type PartitionOffset,
  type TopicPartition,
} from '../../../api/index.ts'
import { brokerError, errorKind } from '../connection/broker-errors.ts'
import type { KafkaClient, RetryLimits } from '../connection/client.ts'
import type { TopicMetadata } from '../connection/metadata.ts'
import { listOffsets } from '../fetcher/list-offsets.ts'
import { createTopicRequest, readCreateTopicResponse, type NewTopic } from './create-topic.ts'

const TOPIC_RESOURCE = 2

export interface CreationLimits extends RetryLimits {
  /**
   * Time for which the creation of a topic with more replicas than brokers is retried, in milliseconds,
   * because other brokers may still be starting. By default, it fails immediately.
   */
  readonly brokersStartMs?: number
}

/** `not-permitted`: the broker does not allow creating or describing the topic, which may exist. */
export type TopicCreation = 'created' | 'exists' | 'not-permitted'

const NOT_PERMITTED = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
])

/** Creates topics and reads their metadata, settings, and offsets. Source: TopicAdmin. */
export class TopicAdmin {
  readonly #client: KafkaClient

  constructor(client: KafkaClient) {
    this.#client = client
  }

  /** Resolves to the given topics that exist. */
  async existing(topics: readonly string[], limits: RetryLimits = {}): Promise<TopicMetadata[]> {
    return this.#client.retry('describe topics', limits, () => this.#client.existingTopics(topics))
  }

  /**
   * Creates a topic unless it exists.
   *
   * Throws `HR_KAFKA_REFUSED` with the broker's message if the broker rejects the topic. Source:
   * TopicAdmin.createOrFindTopics.
   */
  async create(topic: NewTopic, limits: CreationLimits): Promise<TopicCreation> {
    const doing = `create topic ${topic.topic}`
    const startedBy = Date.now() + (limits.brokersStartMs ?? 0)
    const created = this.#client.retry(doing, limits, async () => {
      const answer = await this.#client.sendToController(
        doing,
        createTopicRequest(topic, this.#client.settings),
      )
      const { errorCode, message } = readCreateTopicResponse(answer)
      const { type } = errorKind(errorCode)
      if (errorCode === 0) return 'created'
      if (type === 'TOPIC_ALREADY_EXISTS') return 'exists'
      if (NOT_PERMITTED.has(type)) return 'not-permitted'
      if (type === 'NOT_CONTROLLER') await this.#client.refresh([])
      const error = brokerError(errorCode, doing, message)
      const tooFewBrokers = type === 'INVALID_REPLICATION_FACTOR'
      if (tooFewBrokers && Date.now() < startedBy) {
        this.#client.outages.failing(topic, refused(topic.topic, error, message), true)
        throw brokersStarting(error)
      }
      throw isRetriable(error) ? error : refused(topic.topic, error, message)
    })
    return created.finally(() => this.#client.outages.recovered(topic))
  }

  /** Resolves to the cleanup policies of a topic; undefined if they cannot be read. */
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
      this.#client.log.info('cannot read the cleanup policy of a topic; assuming that it is correct', {
        topic,
        reason: messageOf(error),
      })
      return undefined
    }
  }

  /**
   * Resolves to the offset after the last record of each partition; with `readCommitted`, after the last
   * committed one.
   */
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

  /** Resolves to the offset of the first record in each partition. */
  async startOffsets(
    partitions: readonly TopicPartition[],
    limits: RetryLimits = {},
  ): Promise<PartitionOffset[]> {
    return this.#client.retry('find the start of topics', limits, () =>
      listOffsets(this.#client, partitions, 'earliest'),
    )
  }
}

function refused(topic: string, cause: ConnectError, message: string | null): ConnectError {
  const javaClass = 'org.apache.kafka.connect.errors.ConnectException'
  const text = `Unable to create topic(s) '${topic}': ${message ?? cause.message}`
  return new ConnectError('HR_KAFKA_REFUSED', text, { cause, javaClass })
}

function brokersStarting(cause: ConnectError): ConnectError {
  return new ConnectError('HR_KAFKA_UNAVAILABLE', cause.message, { cause, javaClass: cause.javaClass })
}
