import type { Logger, Props } from '../../api/index.ts'
import { unlimitedLease, type Lease } from '../timing/index.ts'
import { KafkaClient } from './connection/client.ts'
import { connectionSettings } from './connection/settings.ts'
import { GroupConsumer } from './consumer/consumer.ts'
import { Fetcher } from './fetcher/fetcher.ts'
import { fetchSettings } from './fetcher/settings.ts'
import type { RebalanceListener } from './group/consumer-group.ts'
import { consumerGroupSettings } from './group/settings.ts'
import type { TopicSelection } from './group/subscribed-topics.ts'
import type { Outages } from './outages/index.ts'
import type { Consumer, Producer, TransactionalProducer } from './ports.ts'
import { idempotentIdentities, noIdentities } from './producer/identities.ts'
import { BatchingProducer } from './producer/producer.ts'
import { unlimitedRight } from './producer/write-right.ts'
import { producerSettings } from './producer/settings.ts'
import { KafkaTransactionalProducer } from './producer/transactional.ts'
import { warnOfUnknown } from './settings/unknown.ts'

/**
 * Creates a client from Kafka's properties. Connections open on first use. All clients of one owner share
 * `outages`. Throws `HR_CONFIG_INVALID`.
 */
export async function openClient(props: Props, log: Logger, outages?: Outages): Promise<KafkaClient> {
  return new KafkaClient(await connectionSettings(props), log, outages)
}

/**
 * Creates a producer from Kafka's properties, which may write while it has the `right` to. For `transactional.id`, use
 * {@link openTransactionalProducer}.
 */
export async function openProducer(
  props: Props,
  log: Logger,
  outages?: Outages,
  right = unlimitedRight,
): Promise<Producer> {
  const settings = { ...producerSettings(props), transactionalId: null }
  warnOfUnknown('producer', props, log)
  const client = await openClient(props, log, outages)
  return new BatchingProducer(
    client,
    settings,
    settings.idempotent ? idempotentIdentities(client) : noIdentities,
    undefined,
    right,
  )
}

/**
 * Creates a transactional producer from Kafka's properties, which may write while it has the `right` to. Throws
 * `HR_CONFIG_INVALID`.
 */
export async function openTransactionalProducer(
  props: Props,
  transactionalId: string,
  log: Logger,
  outages?: Outages,
  right = unlimitedRight,
): Promise<TransactionalProducer> {
  const settings = producerSettings({ ...props, 'transactional.id': transactionalId })
  warnOfUnknown('producer', props, log)
  const client = await openClient(props, log, outages)
  return new KafkaTransactionalProducer(client, settings, transactionalId, right)
}

/**
 * Creates a member of a consumer group from Kafka's properties. While the `lease` of its owner is not held, it leaves
 * the group instead of taking part in a rebalance.
 */
export async function openConsumer(
  props: Props,
  selection: TopicSelection,
  listener: RebalanceListener,
  log: Logger,
  outages?: Outages,
  lease: Pick<Lease, 'held'> = unlimitedLease(),
): Promise<Consumer> {
  const settings = { fetch: fetchSettings(props), group: consumerGroupSettings(props) }
  warnOfUnknown('consumer', props, log)
  return new GroupConsumer(await openClient(props, log, outages), settings, selection, listener, lease)
}

/** Creates a reader of assigned partitions, without a consumer group. */
export function openFetcher(client: KafkaClient, props: Props): Fetcher {
  return new Fetcher(client, fetchSettings(props))
}
