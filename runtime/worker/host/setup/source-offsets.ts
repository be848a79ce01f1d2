import type { Logger, Props, SourceConnectorContext } from '../../../../api/index.ts'
import { parseDistributedConfig, parseValue } from '../../../../config/index.ts'
import { Outages } from '../../../kafka/index.ts'
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

/**
 * Returns the offset store of a source: the worker's, or one that also has a topic of the connector. The
 * caller starts and stops it. `create` determines whether to create a missing topic, or to treat it as empty.
 *
 * Source: Worker.offsetStoreForRegularSourceTask and offsetStoreForRegularSourceConnector.
 */
export function sourceOffsets(
  environment: HostEnvironment,
  { id, connectorProps, log, outages = new Outages(log) }: OffsetsOwner,
  { create }: { readonly create: boolean },
): OffsetStore {
  const { worker } = environment
  const workerStore = storeOfWorker(environment)
  const topic = connectorProps['offsets.storage.topic']?.trim() ?? ''
  if (topic === '') return workerStore
  if (worker['group.id'] === undefined) {
    log.warn('offsets.storage.topic is ignored: a standalone worker stores all offsets in its file', {
      topic,
    })
    return workerStore
  }
  const clients = {
    admin: taskAdminProps(worker, connectorProps, id),
    consumer: consumerProps(worker, connectorProps, id),
    producer: producerProps(worker, connectorProps, id, 'offset-producer'),
    outages,
    right: { lease: environment.lease, afterwards: 'fail' },
  } as const
  const logTopic = connectorOffsetTopic(topic, parseDistributedConfig(worker), worker, log)
  const own = new TopicOffsetStore({ ...logTopic, create }, clients, log)
  const isOfWorker = topic === worker['offset.storage.topic']?.trim() && sameServers(worker, clients.producer)
  return isOfWorker ? own : new ConnectorOffsetStore(own, workerStore, log)
}

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
function storeOfWorker({ herder }: HostEnvironment): OffsetStore {
  return {
    start: async () => {},
    stop: async () => {},
    get: (connector, partitions) => herder.readOffsets(connector, partitions),
    set: (connector, offsets) => herder.writeOffsets(connector, offsets),
    all: (connector) => herder.allOffsets(connector),
  }
}

/** Source: Worker.sameOffsetTopicAsWorker. */
function sameServers(worker: Props, client: Props): boolean {
  const key = 'bootstrap.servers'
  const lists = [worker, client].map(
    (props) => parseValue(key, 'list', props[key] ?? '') as readonly string[],
  )
  const [ours = [], theirs = []] = lists.map((list) => [...new Set(list)].toSorted())
  return ours.join() === theirs.join()
}
