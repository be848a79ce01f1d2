import type { Logger, SourcePartition } from '../../../api/index.ts'
import { offsetKey, offsetRecords } from '../offset-entries.ts'
import { OffsetTable } from '../offset-table.ts'
import type { OffsetStore, PartitionOffsetEntry, StoredOffset } from '../ports.ts'
import type { LogClients } from './log-storage.ts'
import type { LogTopic } from './log-topic.ts'
import { TopicLog } from './topic-log.ts'

const READ_TIMEOUT_MS = 60_000

/** The offset topic, in the formats of Kafka Connect. Source: KafkaOffsetBackingStore. */
export class TopicOffsetStore implements OffsetStore {
  readonly #log: TopicLog
  readonly #table = new OffsetTable()

  constructor(topic: LogTopic, clients: LogClients, log: Logger) {
    this.#log = new TopicLog(topic, clients, log, ({ key, value, offset }) => {
      if (key !== null && !this.#table.set(key, value)) {
        log.warn('ignoring a record of the offset topic: its key is not ["connector",{partition}]', {
          offset,
        })
      }
    })
  }

  start(): Promise<void> {
    return this.#log.start()
  }

  stop(timeoutMs?: number): Promise<void> {
    return this.#log.stop(timeoutMs)
  }

  async get(
    connector: string,
    partitions: readonly SourcePartition[],
  ): Promise<(StoredOffset | undefined)[]> {
    await this.#log.readToEnd(READ_TIMEOUT_MS)
    return partitions.map((partition) => this.#table.get(offsetKey(connector, partition)))
  }

  async set(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    await this.#log.write(offsetRecords(connector, offsets))
  }

  async all(connector: string): Promise<PartitionOffsetEntry[]> {
    await this.#log.readToEnd(READ_TIMEOUT_MS)
    return this.#table.all(connector)
  }
}
