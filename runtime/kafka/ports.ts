import type { ConnectError, PartitionOffset, TopicPartition } from '../../api/index.ts'
import type { Segment } from './fetcher/partition-state.ts'
import type { RawRecord } from './record-batch/index.ts'

export type { Segment } from './fetcher/partition-state.ts'
export type { FetchedHeader, RawHeader, RawRecord } from './record-batch/index.ts'

/**
 * Receives the results of records that were appended to a producer. A record is identified by the index that
 * the caller assigned to it. Consecutive records are reported together, each record once. The methods must
 * not throw; an exception is logged and does not affect other records.
 */
export interface DeliveryListener {
  /**
   * Called when `count` records, from index `first`, are stored from `baseOffset` on; -1 if the offset is
   * unknown.
   */
  acknowledged(first: number, count: number, topic: string, partition: number, baseOffset: number): void
  /** Called when the records are not stored, or when it is unknown whether they are. */
  failed(first: number, count: number, error: ConnectError): void
}

/** Writes records to topics, in order within each partition. */
export interface Producer {
  /**
   * Loads the metadata of a topic, so that records can be appended. Creates the topic if the broker
   * auto-creates topics.
   *
   * Throws `HR_KAFKA_REFUSED`, or `HR_KAFKA_UNAVAILABLE` after `max.block.ms`.
   */
  prepare(topic: string, signal: AbortSignal): Promise<void>
  /**
   * Throws if the record could be written to no topic: `HR_RECORD_TOO_LARGE`, or `HR_ILLEGAL_ARGUMENT` for an
   * invalid partition or timestamp.
   */
  check(partition: number | null, record: RawRecord): void
  /**
   * Appends a record for a prepared topic. If `partition` is null, the record's key, if any, determines the
   * partition.
   *
   * Returns false if the buffer is full. The record is appended, but {@link room} must be awaited before the
   * next one.
   *
   * Throws if the record can never be written, without calling the listener: `HR_RECORD_TOO_LARGE`;
   * `HR_ILLEGAL_ARGUMENT` for an invalid partition or timestamp; `HR_KAFKA_REFUSED` for a partition that is
   * not in the topic's metadata (see {@link refresh}). Throws `HR_ILLEGAL_STATE` after {@link stop} and
   * {@link close}.
   */
  append(
    topic: string,
    partition: number | null,
    record: RawRecord,
    listener: DeliveryListener,
    index: number,
  ): boolean
  /** Refreshes the partition count of a prepared topic. Throws the same errors as {@link prepare}. */
  refresh(topic: string, signal: AbortSignal): Promise<void>
  /**
   * Resolves when the buffer has room. Rejects with `HR_KAFKA_UNAVAILABLE` after `max.block.ms`, and with
   * `HR_ILLEGAL_STATE` after {@link stop}.
   */
  room(signal: AbortSignal): Promise<void>
  /** Sends all buffered records. Resolves when every record appended so far is settled. */
  flush(signal: AbortSignal): Promise<void>
  /**
   * Stops sending. Records that are not in flight fail with `error`. Records in flight are settled by the
   * broker's response, and fail if they would need a retry.
   */
  stop(error: ConnectError): void
  /** Flushes for at most `timeoutMs`, then fails the remaining records and closes all connections. */
  close(timeoutMs: number): Promise<void>
}

/**
 * A producer that writes records in transactions.
 *
 * Between `begin` and `commit` or `abort`, it is used like any producer. Source: KIP-98.
 */
export interface TransactionalProducer extends Producer {
  /** Milliseconds after which the broker aborts an open transaction (`transaction.timeout.ms`). */
  readonly timeoutMs: number
  /**
   * Initializes the transactional id, and fences earlier producers with the same id. Resolves once their transactions
   * have ended. Throws the reason of `signal`, and `HR_KAFKA_REFUSED` without the permission.
   */
  init(signal: AbortSignal): Promise<void>
  begin(): void
  /**
   * Flushes and commits. Throws the error that prevented it, or the reason of `signal`; then call `abort`. The error is
   * `HR_PRODUCER_FENCED` after {@link init} of a newer producer, and `HR_TRANSACTION_EXPIRED` if the transaction was
   * open for too long; these are final.
   */
  commit(signal: AbortSignal): Promise<void>
  /**
   * Fails the records that were never sent, waits for the others, and aborts. Throws the reason of `signal`.
   */
  abort(signal: AbortSignal): Promise<void>
}

/** Reads topics as a member of a group. */
export interface Consumer {
  readonly assignment: readonly TopicPartition[]
  /**
   * Joins a rebalance when one is due, and waits up to `maxWaitMs` for records. Resolves to an empty array if
   * there are none. A join does not delay the result; the next poll continues it.
   *
   * The caller must read `count` records of each segment before the next poll.
   */
  poll(maxWaitMs: number, signal: AbortSignal): Promise<readonly Segment[]>
  /** Commits the next offsets to read. Throws a retriable error if the group has rebalanced. */
  commit(offsets: readonly PartitionOffset[]): Promise<void>
  position(partition: TopicPartition): number | undefined
  lag(partition: TopicPartition): number | undefined
  seek(offsets: readonly PartitionOffset[]): void
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** Pauses all partitions, including those assigned later. The consumer stays in the group. */
  pauseAll(): void
  resumeAll(except: readonly TopicPartition[]): void
  /** Makes a pending `poll` return. */
  wake(): void
  /** Revokes all partitions, leaves the group, and closes all connections. */
  close(): Promise<void>
  /** Leaves the group and closes all connections without calling the listener. {@link close} may follow. */
  abort(): Promise<void>
}
