import type { SourceOffset, SourcePartition, SourceRecord } from './record.ts'
import type { TaskContext } from './task-context.ts'

/** What a source task can ask of the worker. */
export interface SourceTaskContext extends TaskContext {
  /** Resolves to the stored offset of a partition; undefined if nothing is stored. */
  lastOffset(partition: SourcePartition): Promise<SourceOffset | undefined>
  /** Resolves to the stored offset of each partition, by position; undefined if nothing is stored. */
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
  /** Reserved for transaction boundaries that the connector defines (TransactionContext, KIP-618). Always null. */
  readonly transaction: null
}

/** A record that the source task returned from `poll`, and where it went: null if it was filtered or skipped. */
export interface Delivery {
  readonly record: SourceRecord
  readonly destination: { readonly topic: string; readonly partition: number; readonly offset: number } | null
}

/**
 * An offset that is stored, with its source partition, both as the task gave them in a record. Each is null only if the
 * task gave null.
 */
export type StoredOffset = readonly [partition: SourcePartition | null, offset: SourceOffset | null]

/**
 * A started source task, as `openTask` returned it.
 *
 * `poll`, `delivered` and `committed` run independently: each is called once at a time, but the others may be called
 * while it runs. The last calls come in this order: `poll`, `delivered`, `committed`, `close`. Nothing is called
 * after `close`.
 */
export interface SourceTask {
  /**
   * Resolves to the next batch of records, or to an empty batch if there are none yet. Each record's `sourceOffset` is
   * the position *after* it. Source partitions and offsets must be objects of strings, numbers, booleans and nulls;
   * anything that cannot be stored fails the task.
   *
   * When: called again as soon as the last batch has been handed to the producer. After an empty batch the next call
   * comes 100 ms after the start of the last one, or at once if that has passed: a task that waits for data should do
   * so in `poll`. Not called while the task is paused.
   *
   * Concurrency: never called while an earlier call is pending. `delivered` and `committed` may run at the same time.
   *
   * Waking: `signal` is new for each call. It is aborted when the task is paused, stopped or has failed. Return within a
   * second: stop waiting, and resolve to the records already read, or to `[]`. After a pause the worker keeps these
   * records and sends them first once the task is resumed; if the task is stopped before that, they have to be polled
   * again after the next start. After a stop they are still sent. After a failure they are dropped.
   *
   * Errors: after a retriable `ConnectError` (`HR_RETRIABLE`) the worker calls `poll` again. Any other error fails the
   * task, unless `signal` is aborted and the error is its reason, an `AbortError` or retriable. When the task fails,
   * records that were sent before are still awaited and their offsets stored.
   *
   * Source: SourceTask.poll. Differs: `null` is not allowed, and a stop is a signal.
   */
  poll(signal: AbortSignal): Promise<readonly SourceRecord[]>
  /**
   * Called with records, as returned by `poll`, that Kafka has acknowledged, or that were filtered or skipped. Records of
   * one source partition may arrive in a different order if they go to different Kafka partitions.
   *
   * Concurrency: never called while an earlier call is pending. The worker stops polling while more than 10,000 records
   * wait for this method.
   *
   * Errors are logged; the task continues, and the records are not passed again.
   *
   * At the end, pending calls get `offset.flush.timeout.ms`. If the task does not stop in time, some records may
   * never be passed.
   *
   * Source: SourceTask.commitRecord.
   */
  delivered?(deliveries: readonly Delivery[]): void | Promise<void>
  /**
   * Called after each commit of offsets with what is now stored: the newest offset of each source partition that has
   * changed since the last call that succeeded. The list is empty if nothing new was stored. Not called after a commit
   * that failed.
   *
   * Use it to acknowledge data to the source system, which may then forget it: the task will never have to read again
   * what lies before these offsets.
   *
   * Concurrency: never called while an earlier call is pending. A call that takes longer than
   * `offset.flush.timeout.ms` does not delay later commits; what they store is passed to the next call.
   *
   * Errors are logged; the task continues, and the next call gets the same offsets again unless newer ones have been
   * stored.
   *
   * At the end, the last call follows the last commit. If the task does not stop in time, it may not come.
   *
   * Source: SourceTask.commit. Differs: the method gets the stored offsets.
   */
  committed?(offsets: readonly StoredOffset[]): void | Promise<void>
  /**
   * Releases everything the task holds. Called once, as the last call, after a stop and after a failure; also if a call
   * of another method did not return in time. Errors are logged. Source: SourceTask.stop.
   */
  close?(): void | Promise<void>
}
