import type { Logger, Props } from '../../../api/index.ts'
import {
  openClient,
  openFetcher,
  openProducer,
  TopicAdmin,
  type Fetcher,
  type Outages,
  type Producer,
} from '../../kafka/index.ts'

/** Kafka properties of the clients that look after a topic, read it and write it. */
export interface LogClients {
  readonly admin: Props
  readonly consumer: Props
  readonly producer: Props
  /** Shared by all clients of the owner. */
  readonly outages: Outages
}

/** The same properties for all: those of the worker. */
export const sameForAll = (props: Props, outages: Outages): LogClients => ({
  admin: props,
  consumer: props,
  producer: props,
  outages,
})

/** Reads assigned partitions, and says how far it has come. */
export interface LogFetcher extends Pick<Fetcher, 'add' | 'wait' | 'take' | 'close'> {
  state(topic: string, partition: number): { readonly position: number | undefined } | undefined
}

/** What a log needs of Kafka. */
export interface LogStorage {
  /** Looks after the topic. */
  readonly admin: Pick<TopicAdmin, 'existing' | 'create' | 'cleanupPolicy'>
  /** Knows its partitions and their ends. */
  readonly reader: Pick<TopicAdmin, 'existing' | 'startOffsets' | 'endOffsets'>
  openProducer(): Promise<Producer>
  openFetcher(): LogFetcher
  close(): Promise<void>
}

/** Clients for a log by their properties. No connection is opened before it is needed. Throws `HR_CONFIG_INVALID`. */
export async function openLogStorage(
  { admin, consumer, producer, outages }: LogClients,
  log: Logger,
): Promise<LogStorage> {
  const client = await openClient(admin, log, outages)
  const reader = consumer === admin ? client : await openClient(consumer, log, outages)
  const readerProps = { ...consumer, 'auto.offset.reset': 'earliest', 'fetch.max.wait.ms': '500' }
  return {
    admin: new TopicAdmin(client),
    reader: new TopicAdmin(reader),
    openProducer: () => openProducer({ ...producer, acks: 'all' }, log, outages),
    openFetcher: () => openFetcher(reader, readerProps),
    close: async () => {
      await Promise.all([client.close(), reader.close()])
    },
  }
}
