import type { Logger, Props, SourceConnectorContext } from '../../../../api/index.ts'
import { exactlyOnceMode, parseDistributedConfig, parseValue } from '../../../../config/index.ts'
import { Outages, type Producer } from '../../../kafka/index.ts'
import {
  connectorOffsetTopic,
  ConnectorOffsetStore,
  TopicOffsetStore,
  type OffsetStore,
  type TaskId,
} from '../../../stores/index.ts'
import type { HostEnvironment } from '../environment.ts'
import { consumerProps, producerProps, taskAdminProps } from './client-props.ts'

/** The owner of the offsets, and the settings of the connector with variables resolved. */
export interface OffsetsOwner {
  readonly id: TaskId
  readonly connectorProps: Props
  readonly log: Logger
  /** Shared by all Kafka clients of the owner. */
  readonly outages?: Outages
}

/** The topic with the offsets of a source. */
export interface SourceOffsetsTopic {
  readonly topic: string
  /** Whether it is the topic of the worker, in the same Kafka cluster. */
  readonly isOfWorker: boolean
}

/**
 * Returns the topic that a source names, or with exactly-once support the one that its producer has to write to;
 * undefined if only the worker's store is used.
 *
 * Source: Worker.sameOffsetTopicAsWorker, Worker.offsetStoreForExactlyOnceSourceTask.
 */
export function offsetsTopicOf(
  worker: Readonly<Record<string, string>>,
  { id, connectorProps }: Pick<OffsetsOwner, 'id' | 'connectorProps'>,
): SourceOffsetsTopic | undefined {
  if (worker['group.id'] === undefined) return undefined
  const ofWorker = worker['offset.storage.topic']?.trim() ?? ''
  const named = ownTopic(connectorProps)
  const topic = named === '' && exactlyOnceMode(worker) === 'enabled' ? ofWorker : named
  if (topic === '') return undefined
  const isOfWorker = topic === ofWorker && sameServers(worker, producerProps(worker, connectorProps, id))
  return { topic, isOfWorker }
}

/**
 * Returns the offset store of a source: the worker's, or one that also has a topic of the connector. The
 * caller starts and stops it. `create` determines whether to create a missing topic, or to treat it as empty. With
 * `producer`, the topic of the connector is written through it.
 *
 * Source: Worker.offsetStoreForRegularSourceTask and offsetStoreForRegularSourceConnector.
 */
export function sourceOffsets(
  environment: HostEnvironment,
  { id, connectorProps, log, outages = new Outages(log) }: OffsetsOwner,
  { create, producer }: { readonly create: boolean; readonly producer?: Producer },
): OffsetStore {
  const { worker } = environment
  const workerStore = storeOfWorker(environment)
  const named = ownTopic(connectorProps)
  if (named !== '' && worker['group.id'] === undefined) {
    log.warn('offsets.storage.topic is ignored: a standalone worker stores all offsets in its file', {
      topic: named,
    })
  }
  const found = offsetsTopicOf(worker, { id, connectorProps })
  if (found === undefined || (found.isOfWorker && named === '')) return workerStore
  const clients = {
    admin: taskAdminProps(worker, connectorProps, id),
    consumer: consumerProps(worker, connectorProps, id),
    producer: producerProps(worker, connectorProps, id, 'offset-producer'),
    ...(producer === undefined ? {} : { sharedProducer: producer }),
    outages,
    right: { lease: environment.lease, afterwards: 'fail' },
  } as const
  const logTopic = connectorOffsetTopic(found.topic, parseDistributedConfig(worker), worker, log)
  const own = new TopicOffsetStore({ ...logTopic, create }, clients, log)
  return found.isOfWorker ? own : new ConnectorOffsetStore(own, workerStore, log)
}

const ownTopic = (connectorProps: Props): string => connectorProps['offsets.storage.topic']?.trim() ?? ''

/** Opens the offsets of a source for a single use. */
export async function withSourceOffsets<T>(
  environment: HostEnvironment,
  owner: OffsetsOwner,
  { create }: { readonly create: boolean },
  use: (offsets: OffsetStore) => Promise<T>,
): Promise<T> {
  const offsets = sourceOffsets(environment, owner, { create })
  try {
    await offsets.start()
    return await use(offsets)
  } finally {
    await offsets.stop()
  }
}

/** Returns a function for the context of a connector that opens its offsets at each call. */
export const lastOffsetsOf =
  (environment: HostEnvironment, owner: OffsetsOwner): SourceConnectorContext['lastOffsets'] =>
  (partitions) =>
    withSourceOffsets(environment, owner, { create: false }, (offsets) =>
      offsets.get(owner.id.connector, partitions),
    )

/** Returns the worker's store, which is in the herder's process. */
export function storeOfWorker({ herder }: HostEnvironment): OffsetStore {
  return {
    start: async () => {},
    stop: async () => {},
    get: (connector, partitions) => herder.readOffsets(connector, partitions),
    set: (connector, offsets) => herder.writeOffsets(connector, offsets),
    all: (connector) => herder.allOffsets(connector),
  }
}

function sameServers(worker: Props, client: Props): boolean {
  const key = 'bootstrap.servers'
  const lists = [worker, client].map(
    (props) => parseValue(key, 'list', props[key] ?? '') as readonly string[],
  )
  const [ours = [], theirs = []] = lists.map((list) => [...new Set(list)].toSorted())
  return ours.join() === theirs.join()
}
