import { ConnectError, messageOf, type TopicPartition } from '../../../api/index.ts'
import { errorTypeOf, type NewTopic, type RetryLimits, type TopicCreation } from '../../kafka/index.ts'
import { sleep } from '../../timing/index.ts'
import type { LogStorage } from './log-storage.ts'

/** A topic that holds the state of a store, with the texts for error messages about it. */
export interface LogTopic extends NewTopic {
  /** Setting that names the topic, for error messages: `offset.storage.topic`. */
  readonly setting: string
  /** Setting with the replication factor, for error messages. */
  readonly replicationSetting: string
  /** Whether `setting` belongs to the worker or to a connector. */
  readonly place?: 'worker' | 'connector'
  /** The topic's contents, for error messages: `source connector offsets`. */
  readonly purpose: string
  /** The required number of partitions. */
  readonly exactPartitions?: number
  /** Whether a missing topic is created, as by default; otherwise it counts as empty. */
  readonly create?: boolean
}

const CREATE_TIMEOUT_MS = 60_000
const METADATA_TIMEOUT_MS = 30_000
/**
 * Workers are often started at the same time as their brokers.
 *
 * Differs: Java tries for a minute.
 */
const BROKERS_START_MS = 10_000

/**
 * Ensures that the topic of a log exists and is compacted. Resolves to false when it is missing and is not
 * created.
 *
 * Throws `HR_CONFIG_INVALID` for any other cleanup policy, and for an invalid name. Source: TopicAdmin, KafkaTopicBasedBackingStore.
 */
export async function ensureTopic(
  admin: LogStorage['admin'],
  logTopic: LogTopic,
  signal: AbortSignal,
): Promise<boolean> {
  const { topic, setting, create = true } = logTopic
  const limits = { timeoutMs: CREATE_TIMEOUT_MS, brokersStartMs: BROKERS_START_MS, signal }
  const [existing] = await admin.existing([topic], limits).catch((error: unknown) => {
    if (errorTypeOf(error) !== 'INVALID_TOPIC_EXCEPTION') throw error
    const message = `Invalid value ${topic} for ${setting}: it is not a valid name of a topic, which consists of at most 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-'`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: setting })
  })
  if (existing === undefined && !create) return false
  if (existing === undefined && (await createTopic(admin, logTopic, limits)) === 'created') return true
  const policy = await admin.cleanupPolicy(topic)
  if (policy === undefined || policy.join() === 'compact') return true
  throw new ConnectError('HR_CONFIG_INVALID', wrongPolicyText(logTopic, policy), { configKey: setting })
}

async function createTopic(
  admin: LogStorage['admin'],
  logTopic: LogTopic,
  limits: RetryLimits,
): Promise<TopicCreation> {
  try {
    return await admin.create(logTopic, limits)
  } catch (error) {
    if (errorTypeOf((error as Error).cause) !== 'INVALID_REPLICATION_FACTOR') throw error
    const { replicationSetting: configKey } = logTopic
    const message = `${messageOf(error)} Set ${configKey} to the number of brokers or less, or start more brokers`
    throw new ConnectError('HR_CONFIG_INVALID', message, { configKey }) // a cause would repeat the message
  }
}

/**
 * The partitions of a topic, once each has a leader.
 *
 * Throws `HR_CONFIG_INVALID` when their number is not the required one, and `HR_CONNECT` when they are not
 * found in time.
 */
export async function findPartitions(
  reader: LogStorage['reader'],
  { topic, setting, purpose, exactPartitions }: LogTopic,
  signal: AbortSignal,
): Promise<TopicPartition[]> {
  const deadline = Date.now() + METADATA_TIMEOUT_MS
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 1000)) {
    const [found] = await reader.existing([topic], { timeoutMs: METADATA_TIMEOUT_MS, signal })
    const partitions = found?.partitions ?? []
    if (partitions.length > 0 && partitions.every(({ leader }) => leader >= 0)) {
      if (exactPartitions !== undefined && partitions.length !== exactPartitions) {
        const message = `Topic '${topic}' supplied via the '${setting}' property is required to have a single partition in order to guarantee consistency of ${purpose}, but found ${partitions.length} partitions.`
        throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: setting })
      }
      return partitions.map(({ partition }) => ({ topic, partition }))
    }
    if (Date.now() > deadline) {
      const hint =
        'This could occur if the connect worker does not have permission to access the topic, or it does not exist'
      const message = `Could not look up partition metadata for topic '${topic}' in the allotted period. ${hint}`
      throw new ConnectError('HR_CONNECT', message, { configKey: setting })
    }
    await sleep(waitMs, signal)
  }
}

function wrongPolicyText({ topic, setting, purpose, place }: LogTopic, policy: readonly string[]): string {
  const where = place === 'connector' ? 'configuration of the connector' : 'Connect worker configurations'
  return (
    `Topic '${topic}' supplied via the '${setting}' property is required to have 'cleanup.policy=compact' to guarantee ` +
    `consistency and durability of ${purpose}, but found the topic currently has 'cleanup.policy=${policy.join()}'. ` +
    `Continuing would likely result in eventually losing ${purpose} and problems restarting this Connect cluster in the ` +
    `future. Change the '${setting}' property in the ${where} to use a topic with 'cleanup.policy=compact'.`
  )
}
