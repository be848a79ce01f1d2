import { messageOf, type Logger, type SourcePartition } from '../../api/index.ts'
import { offsetKey } from './offset-entries.ts'
import type { OffsetStore, OffsetWriter, PartitionOffsetEntry, StoredOffset } from './ports.ts'

/**
 * Writes the offsets of a source that has its own offsets topic to the worker's store, in two steps around the write to
 * that topic. They are ordered so that a crash between them neither loses an offset nor restores an old one.
 */
export class WorkerCopies {
  readonly #worker: OffsetWriter
  readonly #log: Logger

  constructor(worker: OffsetWriter, log: Logger) {
    this.#worker = worker
    this.#log = log
  }

  /** Deletes offsets, before they are deleted from the own topic. */
  async deleteFirst(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    const deleted = offsets.filter(([, offset]) => offset === null)
    if (deleted.length > 0) await this.#worker.set(connector, deleted)
  }

  /** Copies offsets that are in the own topic. A failure is only logged. */
  async copy(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    const kept = offsets.filter(([, offset]) => offset !== null)
    if (kept.length === 0) return
    try {
      await this.#worker.set(connector, kept)
    } catch (error) {
      const reason = messageOf(error)
      this.#log.warn("cannot copy offsets to the worker's store; they are stored in the connector's topic", {
        reason,
      })
    }
  }
}

/**
 * Offset store of a source that has its own offsets topic in addition to the worker's store. The own topic
 * takes precedence; the worker's store has the offsets stored before that topic existed.
 *
 * A failed write to the worker's store is only logged, unless it deletes offsets: then the whole write fails.
 *
 * Differs: a partition without an offset in the own topic falls back to the worker's store, as KIP-618
 * specifies; in Kafka Connect 4.3.1 it has no offset. Source: ConnectorOffsetBackingStore, KIP-618.
 */
export class ConnectorOffsetStore implements OffsetStore {
  readonly #own: OffsetStore
  readonly #worker: OffsetStore
  readonly #copies: WorkerCopies

  /** Starts and stops `own` only; the worker manages its own store. */
  constructor(own: OffsetStore, worker: OffsetStore, log: Logger) {
    this.#own = own
    this.#worker = worker
    this.#copies = new WorkerCopies(worker, log)
  }

  start(): Promise<void> {
    return this.#own.start()
  }

  stop(timeoutMs?: number): Promise<void> {
    return this.#own.stop(timeoutMs)
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

  /** Resolves once all offsets are stored in the own topic. */
  async set(connector: string, offsets: readonly PartitionOffsetEntry[]): Promise<void> {
    await this.#copies.deleteFirst(connector, offsets)
    await this.#own.set(connector, offsets)
    void this.#copies.copy(connector, offsets)
  }

  async all(connector: string): Promise<PartitionOffsetEntry[]> {
    const all = await Promise.all([this.#worker.all(connector), this.#own.all(connector)])
    return [...new Map(all.flat().map((entry) => [offsetKey(connector, entry[0]), entry])).values()]
  }
}
