import type { Logger } from '../../../api/index.ts'
import {
  distributedWorkerConfig,
  standaloneWorkerConfig,
  withPrefix,
  type DistributedWorkerConfig,
} from '../../../config/index.ts'
import type { LogTopic } from './log-topic.ts'

type Store = 'config' | 'offset' | 'status'

const purposes: Readonly<Record<Store, string>> = {
  config: 'connector configurations',
  offset: 'source connector offsets',
  status: 'connector and task statuses',
}

/** `<store>.storage.*` settings of workers, which are not topic configs in Kafka, for any of the stores. */
const ownSuffixes = new Set(
  Object.keys({ ...distributedWorkerConfig, ...standaloneWorkerConfig }).flatMap(
    (key) => /^(?:config|offset|status)\.storage\.(.+)$/.exec(key)?.[1] ?? [],
  ),
)

/**
 * The topic to create for a store when it is missing: compacted, with the other topic configs from
 * `<store>.storage.*`.
 *
 * Source: DistributedConfig.topicSettings.
 */
export function storageTopic(
  store: Store,
  config: DistributedWorkerConfig,
  props: Readonly<Record<string, string>>,
  log: Logger,
): LogTopic {
  const prefix = `${store}.storage.`
  const configs = Object.entries(withPrefix(props, prefix)).filter(([key]) => !ownSuffixes.has(key))
  const kept = configs.filter(([key]) => key !== 'cleanup.policy')
  if (kept.length < configs.length)
    log.warn(`${prefix}cleanup.policy is ignored: the topic must be compacted`)
  if (store === 'config' && props[`${prefix}partitions`] !== undefined) {
    log.warn(`${prefix}partitions is ignored: the topic must have one partition`)
  }
  return {
    topic: config[`${store}.storage.topic`],
    setting: `${prefix}topic`,
    replicationSetting: `${prefix}replication.factor`,
    purpose: purposes[store],
    partitions: store === 'config' ? 1 : config[`${store}.storage.partitions`],
    replicationFactor: config[`${store}.storage.replication.factor`],
    configs: { ...Object.fromEntries(kept), 'cleanup.policy': 'compact' },
    ...(store === 'config' ? { exactPartitions: 1 } : {}),
  }
}

/**
 * The offsets topic of one connector, `offsets.storage.topic`: created like the worker's, except for its
 * name.
 *
 * Source: KafkaOffsetBackingStore.newTopicDescription, KIP-618.
 */
export function connectorOffsetTopic(
  topic: string,
  config: DistributedWorkerConfig,
  props: Readonly<Record<string, string>>,
  log: Logger,
): LogTopic {
  return {
    ...storageTopic('offset', config, props, log),
    topic,
    setting: 'offsets.storage.topic',
    place: 'connector',
  }
}
