import type { ConnectError, PartitionOffset, TopicPartition } from '../../api/index.ts'
import type { Segment } from './fetcher/partition-state.ts'
import type { RawRecord } from './record-batch/index.ts'

export type { Segment } from './fetcher/partition-state.ts'
export type { FetchedHeader, RawHeader, RawRecord } from './record-batch/index.ts'

/**
 * Is told what became of records given to a producer. Records are named by the index that their owner gave them;
 * neighbours are reported together. Each record is reported once. The methods must not throw: an exception is logged
 * and affects no other records.
 */
export interface DeliveryListener {
  /** `count` records from index `first` on are stored, from `baseOffset` on (-1: the broker does not remember). */
  acknowledged(first: number, count: number, topic: string, partition: number, baseOffset: number): void
  /** They are not stored, or it will never be known. */
  failed(first: number, count: number, error: ConnectError): void
}

/** Writes records to topics, in order per partition. */
export interface Producer {
  /**
   * Makes a topic known, so that records can be appended. Creates it where the broker does that by itself.
   *
   * Throws `HR_KAFKA_REFUSED`, or `HR_KAFKA_UNAVAILABLE` after `max.block.ms`.
   */
  prepare(topic: string, signal: AbortSignal): Promise<void>
  /**
   * Takes a record of a prepared topic; with `partition` null its key decides, if it has one.
   *
   * Returns false when the buffer is full: the record is taken, but {@link room} is to be awaited before the next.
   *
   * Throws when the record can never be written; it is not taken then, and its listener is told nothing:
   * `HR_RECORD_TOO_LARGE`, `HR_ILLEGAL_ARGUMENT` for a partition or timestamp that cannot be, and `HR_KAFKA_REFUSED` for a
   * partition that the topic is not known to have (see {@link refresh}). Throws `HR_ILLEGAL_STATE` after
   * {@link stop} and {@link close}.
   */
  append(
    topic: string,
    partition: number | null,
    record: RawRecord,
    listener: DeliveryListener,
    index: number,
  ): boolean
  /** Asks the brokers again how many partitions a prepared topic has. Throws as {@link prepare}. */
  refresh(topic: string, signal: AbortSignal): Promise<void>
  /**
   * Resolves once the buffer has room. Rejects with `HR_KAFKA_UNAVAILABLE` after `max.block.ms`, and with
   * `HR_ILLEGAL_STATE` after {@link stop}.
   */
  room(signal: AbortSignal): Promise<void>
  /** Sends all that waits, and resolves when every record taken so far is settled. */
  flush(signal: AbortSignal): Promise<void>
  /**
   * Sends nothing more, from this call on: what is not in flight fails with `error`. What is in flight cannot be
   * recalled; its answer settles it, and it fails if it would have to be sent again.
   */
  stop(error: ConnectError): void
  /** Waits for what is under way, at most `timeoutMs`; then fails the rest and lets go of all connections. */
  close(timeoutMs: number): Promise<void>
}

/**
 * A producer whose records become visible together, or not at all.
 *
 * Between `begin` and `commit` or `abort` it is used like any producer. Source: KIP-98.
 */
export interface TransactionalProducer extends Producer {
  /** Takes over the transactional id; whoever had it before is fenced off. */
  init(): Promise<void>
  begin(): void
  /** Flushes and commits. Throws what prevented it, or the reason of `signal`; then only `abort` is left. */
  commit(signal: AbortSignal): Promise<void>
  /** Drops what is not in flight, waits for the rest, and aborts. Throws the reason of `signal`. */
  abort(signal: AbortSignal): Promise<void>
}

/** Reads topics as a member of a group. */
export interface Consumer {
  readonly assignment: readonly TopicPartition[]
  /**
   * Takes part in a rebalance when one is due, and waits up to `maxWaitMs` for records. Empty when none came. Joining the
   * group never keeps it from returning: a join that takes longer is continued by the next poll.
   *
   * Each segment is to be read to its `count` before the next poll.
   */
  poll(maxWaitMs: number, signal: AbortSignal): Promise<readonly Segment[]>
  /** Stores the next offsets to read. Throws a retriable error when the group has moved on. */
  commit(offsets: readonly PartitionOffset[]): Promise<void>
  position(partition: TopicPartition): number | undefined
  lag(partition: TopicPartition): number | undefined
  seek(offsets: readonly PartitionOffset[]): void
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** Stops giving out records while membership goes on, also for partitions that come later. */
  pauseAll(): void
  resumeAll(except: readonly TopicPartition[]): void
  /** Makes a waiting `poll` return. */
  wake(): void
  /** Gives up all partitions in good order, leaves the group and closes all connections. */
  close(): Promise<void>
  /** Leaves the group at once and closes all connections, without a call of the listener. {@link close} may follow. */
  abort(): Promise<void>
}
