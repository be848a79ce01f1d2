import { messageOf, type Logger, type SourcePartition } from '../../api/index.ts'
import { offsetKey } from './offset-entries.ts'
import type { OffsetStore, PartitionOffsetEntry, StoredOffset } from './ports.ts'

/**
 * Offsets of a source that has a topic of its own for them, beside the worker's store: the own topic counts, and the
 * worker's store has what was stored before there was one.
 *
 * Each write takes two steps, in the order in which a crash between them neither loses an offset nor brings an old one
 * back: an offset first goes to the own topic, but is first taken away from the worker's store. A write to the worker's
 * store that fails is logged, except that no offset is taken away then.
 *
 * Differs: a partition without an offset in the own topic has the worker's, as KIP-618 says; in Kafka Connect 4.3.1 it
 * has none. Source: ConnectorOffsetBackingStore, KIP-618.
 */
export class ConnectorOffsetStore implements OffsetStore {
  readonly #own: OffsetStore
  readonly #worker: OffsetStore
  readonly #log: Logger

  /** Starts and stops `own`; the worker's store is the worker's business. */
  constructor(own: OffsetStore, worker: OffsetStore, log: Logger) {
    this.#own = own
    this.#worker = worker
    this.#log = log
  }

  start(): Promise<void> {
    return this.#own.start()
  }

  stop(): Promise<void> {
    return this.#own.stop()
  }

  async get(
    connector: string,
    partitions: readonly SourcePartition[],
  ): Promise<(StoredOffset | undefined)[]> {
    const [own, worker] = await Promise.all([
      this.#own.get(connector, partitions),
      this.#worker.get(connector, partitions),
    ])
    return own.map((offset, index) => offset ?? worker[index])
  }

  /** Resolves once the own topic has them all. */
  async set(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    const deleted = offsets.filter(([, offset]) => offset === null)
    const kept = offsets.filter(([, offset]) => offset !== null)
    if (deleted.length > 0) await this.#worker.set(connector, deleted)
    await this.#own.set(connector, offsets)
    if (kept.length > 0) void this.#copy(connector, kept)
  }

  async all(connector: string): Promise<PartitionOffsetEntry[]> {
    const all = await Promise.all([this.#worker.all(connector), this.#own.all(connector)])
    return [...new Map(all.flat().map((entry) => [offsetKey(connector, entry[0]), entry])).values()]
  }

  async #copy(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    try {
      await this.#worker.set(connector, offsets)
    } catch (error) {
      const reason = messageOf(error)
      this.#log.warn("offsets could not be copied to the worker's store; the connector's topic has them", {
        reason,
      })
    }
  }
}
