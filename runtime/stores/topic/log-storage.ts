import type { Logger, Props } from '../../../api/index.ts'
import {
  openClient,
  openFetcher,
  openProducer,
  TopicAdmin,
  type Fetcher,
  type Outages,
  type Producer,
  type WriteRight,
} from '../../kafka/index.ts'

/** Kafka properties of the admin client, consumer and producer of a log topic. */
export interface LogClients {
  readonly admin: Props
  readonly consumer: Props
  readonly producer: Props
  /** When given, the log writes through this producer, which its owner closes, and opens none of its own. */
  readonly sharedProducer?: Producer
  /** Shared by all clients of the owner. */
  readonly outages: Outages
  /** When the log may be written; always by default. */
  readonly right?: WriteRight
}

/** The same properties for all three clients: those of the worker. */
export const sameForAll = (props: Props, outages: Outages): LogClients => ({
  admin: props,
  consumer: props,
  producer: props,
  outages,
})

/** Reads assigned partitions and reports its position. */
export interface LogFetcher extends Pick<Fetcher, 'add' | 'wait' | 'take' | 'close'> {
  state(topic: string, partition: number): { readonly position: number | undefined } | undefined
}

/** The Kafka operations that a log needs. */
export interface LogStorage {
  /** Creates and checks the topic. */
  readonly admin: Pick<TopicAdmin, 'existing' | 'create' | 'cleanupPolicy'>
  /** Looks up its partitions and their start and end offsets. */
  readonly reader: Pick<TopicAdmin, 'existing' | 'startOffsets' | 'endOffsets'>
  openProducer(): Promise<Producer>
  openFetcher(): LogFetcher
  close(): Promise<void>
}

/**
 * Creates the clients of a log. They connect lazily. Throws `HR_CONFIG_INVALID`.
 *
 * Differs: Java reads uncommitted records too unless exactly-once support is enabled.
 */
export async function openLogStorage(
  { admin, consumer, producer, outages, right }: LogClients,
  log: Logger,
): Promise<LogStorage> {
  const client = await openClient(admin, log, outages)
  const reader = consumer === admin ? client : await openClient(consumer, log, outages)
  // Any other worker may write to the topic in transactions
  const isolation = { 'isolation.level': 'read_committed' }
  const readerProps = {
    ...consumer,
    ...isolation,
    'auto.offset.reset': 'earliest',
    'fetch.max.wait.ms': '500',
  }
  return {
    admin: new TopicAdmin(client),
    reader: new TopicAdmin(reader),
    openProducer: () => openProducer({ ...producer, acks: 'all' }, log, outages, right),
    openFetcher: () => openFetcher(reader, readerProps),
    close: async () => {
      await Promise.all([client.close(), reader.close()])
    },
  }
}
