import type { Logger } from '../../../api/index.ts'
import { withPrefix, type DistributedWorkerConfig } from '../../../config/index.ts'
import type { LogTopic } from './log-topic.ts'

type Store = 'config' | 'offset' | 'status'

const purposes: Readonly<Record<Store, string>> = {
  config: 'connector configurations',
  offset: 'source connector offsets',
  status: 'connector and task statuses',
}

/** Settings of a storage topic that are not settings of the topic itself in Kafka. */
const ownSuffixes = new Set(['topic', 'replication.factor', 'partitions', 'file.filename'])

/**
 * The topic of a store as it is to be created, where it is absent: compacted, with what else
 * `<store>.storage.*` says.
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
    log.warn(`${prefix}cleanup.policy is not followed: the topic has to be compacted`)
  if (store === 'config' && props[`${prefix}partitions`] !== undefined) {
    log.warn(`${prefix}partitions is not followed: the topic has to have one partition`)
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
 * The offset topic of one connector, `offsets.storage.topic`: in all but its name as the worker's is to be.
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
