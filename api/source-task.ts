import type { JsonFormat } from './json-value.ts'
import type { SourceOffset, SourcePartition, SourceRecord } from './record.ts'
import type { TaskContext } from './task-context.ts'

/**
 * Defines the transactions of a source task whose connector has `transaction.boundary=connector`. Requests can be made at
 * any time before the records that they concern are returned by `poll`, and during that call.
 *
 * Source: TransactionContext (KIP-618).
 */
export interface TransactionContext {
  /**
   * Requests that the transaction is committed: right after `record`, or without one, after the next batch that `poll`
   * returns. The record must be the object in that batch.
   *
   * Throws `HR_ILLEGAL_STATE` if an abort was requested at the same place.
   */
  commit(record?: SourceRecord): void
  /**
   * Requests that the transaction is aborted, at the same places as {@link commit}. Readers of committed records do not
   * see its records. Its offsets are stored nevertheless, so that the task does not read the same data again.
   */
  abort(record?: SourceRecord): void
}

/** Services of the worker for a source task. */
export interface SourceTaskContext extends TaskContext {
  /** Resolves to the stored offset of a partition; undefined if there is none. */
  lastOffset(partition: SourcePartition): Promise<SourceOffset | undefined>
  /** Resolves to the stored offsets, in the order of `partitions`; undefined for a partition without one. */
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
  /**
   * Whether records and offsets are written in one transaction (`exactly.once.source.support=enabled`): if no offset is
   * stored, consumers of committed records have none of the records either, unless offsets were reset or the support was
   * enabled later. False in a preview.
   */
  readonly exactlyOnce: boolean
  /**
   * Null unless the connector defines transaction boundaries (`transaction.boundary=connector`) and the worker has
   * exactly-once support for sources enabled. Null in a preview.
   */
  readonly transaction: TransactionContext | null
  /**
   * How values of records are written, if the value converter writes JSON and the connector has no transforms; otherwise
   * undefined. The value of a record may then be a {@link JsonValue}. Undefined in a preview.
   */
  readonly valueJson?: JsonFormat | undefined
}

/** A record that `poll` returned, and its position in Kafka; null if it was filtered or skipped. */
export interface Delivery {
  readonly record: SourceRecord
  readonly destination: { readonly topic: string; readonly partition: number; readonly offset: number } | null
}

/** A stored offset and its source partition, as in a record of the task. Either is null only if it was null there. */
export type StoredOffset = readonly [partition: SourcePartition | null, offset: SourceOffset | null]

/**
 * A started source task, as returned by `openTask`.
 *
 * `poll`, `delivered`, `updateOffsets` and `committed` run independently: calls of one method never overlap, but those
 * of different methods may. The last calls have this order: `poll`, `delivered`, `updateOffsets`, `committed`, `close`.
 * Nothing is called after `close`.
 */
export interface SourceTask {
  /**
   * Resolves to the next batch of records, or to an empty batch if there are none yet. Each record's `sourceOffset` is
   * the position *after* it. Source partitions and offsets must be objects of strings, numbers, booleans and nulls;
   * anything that cannot be stored fails the task.
   *
   * When: called again as soon as the previous batch has been passed to the producer. After an empty batch, the next
   * call starts 100 ms after the start of the previous one, or immediately if that took longer. To wait for data, wait
   * in `poll`. Not called while the task is paused.
   *
   * Concurrency: never called while an earlier call is pending. `delivered` and `committed` may run at the same time.
   *
   * Waking: `signal` is new for each call. It is aborted when the task is paused, stopped or has failed. Return within
   * a second: stop waiting, and resolve to the records already read, or to `[]`. After a pause, the worker keeps these
   * records and sends them first when the task is resumed. If the task is stopped before that, it must return them
   * again after the next start. After a stop they are still sent. After a failure they are dropped.
   *
   * Errors: after a retriable `ConnectError` (`HR_RETRIABLE`) the worker calls `poll` again. Any other error fails the
   * task, unless `signal` is aborted and the error is its reason, an `AbortError` or retriable. When the task fails,
   * the worker still waits for records in flight and stores their offsets.
   *
   * Source: SourceTask.poll. Differs: `null` is not allowed, and a signal announces a stop.
   */
  poll(signal: AbortSignal): Promise<readonly SourceRecord[]>
  /**
   * Called with records returned by `poll` that Kafka has acknowledged, or that were filtered or skipped. Records of
   * one source partition may be in a different order if they were written to different Kafka partitions.
   *
   * Concurrency: never called while an earlier call is pending. While more than 10,000 records wait for this method,
   * the worker does not poll.
   *
   * Errors are logged, and the task continues; the method is not called again with the same records.
   *
   * If the worker writes records and offsets in transactions, the method is called after the commit.
   *
   * At the end, the worker waits up to `offset.flush.timeout.ms` for the remaining calls. If the task does not stop in
   * time, the method may not be called for some records.
   *
   * Source: SourceTask.commitRecord.
   */
  delivered?(deliveries: readonly Delivery[]): void | Promise<void>
  /**
   * Returns offsets that the worker stores without a record, each with its source partition. Use it when the source
   * system moves on without producing records for the task, so that a restart does not read all of that again, and
   * `committed` can acknowledge it.
   *
   * Return a position only if all records before it were returned by polls that have resolved: the worker then knows
   * that they are in Kafka. Records that the task still holds, or that the pending `poll` is about to return, do not
   * count. Return `[]` if there is nothing new; positions must never move backward.
   *
   * When: only while nothing is in flight, that is while all records that the task has returned are acknowledged,
   * filtered or skipped; at most every 10 seconds, whatever `offset.flush.interval.ms` is. Also while the task is
   * paused, and once before the last commit unless the task has failed. The offsets are stored immediately, in order
   * with those of records, and then passed to `committed`. Not called by a preview.
   *
   * Must not return a promise: a record that is returned meanwhile would make the positions wrong. Errors are logged,
   * also that a position cannot be stored, and the task continues.
   *
   * Source: KIP-910. Differs: Kafka Connect stores offsets only with records.
   */
  updateOffsets?(): readonly StoredOffset[]
  /**
   * Returns false where a start of the task would not continue after the last record that `poll` has returned, but return
   * records again: for example in the middle of a snapshot. Tasks without this method are resumable after each record.
   *
   * If the worker writes records and offsets in transactions, it commits the records up to the next resumable one
   * together, so that consumers of committed records get them once: it keeps the transaction open, and a stop aborts it. It
   * cannot do so if that takes longer than half of `transaction.timeout.ms` of the producer, or if `delivered` has to be
   * called in between; then it logs a warning, and commits as usual. Not called with `transaction.boundary=connector`, nor
   * without exactly-once support.
   *
   * When: after all records of a poll were sent, before the next poll. An error fails the task.
   */
  resumable?(): boolean
  /**
   * Called after each successful commit, with the newest stored offset of each source partition that has changed since
   * the last successful call. The list is empty if nothing new was stored.
   *
   * Use it to acknowledge data to the source system, which may then delete it: the task will never need to read data
   * before these offsets again.
   *
   * Concurrency: never called while an earlier call is pending. A call that takes longer than `offset.flush.timeout.ms`
   * does not delay later commits; the next call gets their offsets.
   *
   * Errors are logged; the task continues, and the next call gets the same offsets again unless newer ones have been
   * stored.
   *
   * The last call follows the last commit. It may be omitted if the task does not stop in time.
   *
   * Source: SourceTask.commit. Differs: the method gets the stored offsets.
   */
  committed?(offsets: readonly StoredOffset[]): void | Promise<void>
  /**
   * Releases all resources of the task. Called once, as the last method, after a stop or a failure, even if a call of
   * another method did not return in time. Errors are logged. Source: SourceTask.stop.
   */
  close?(): void | Promise<void>
}
