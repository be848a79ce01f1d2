import type { SourceOffset, SourcePartition, SourceRecord } from './record.ts'
import type { TaskContext } from './task-context.ts'

/** What a source task can ask of the worker. */
export interface SourceTaskContext extends TaskContext {
  /** The stored offset of a partition; undefined where nothing is stored. */
  lastOffset(partition: SourcePartition): Promise<SourceOffset | undefined>
  /** By position; undefined where nothing is stored. */
  lastOffsets(partitions: readonly SourcePartition[]): Promise<readonly (SourceOffset | undefined)[]>
}

/** A record that the source task polled, and where it went: null when it was filtered or skipped. */
export interface Delivery {
  readonly record: SourceRecord
  readonly destination: { readonly topic: string; readonly partition: number; readonly offset: number } | null
}

/**
 * A started source task. The worker polls it for batches, one call at a time.
 *
 * The hooks may be called while a poll waits. At the end the calls come in this order: the last `poll`, the last
 * `delivered`, the last `committed`, `close`.
 */
export interface SourceTask {
  /**
   * Resolves to the next batch of records; to an empty one when there are none yet. Each record's `sourceOffset` is the
   * position *after* it. Source partitions and offsets must be objects of strings, numbers, booleans and nulls; anything
   * that cannot be stored fails the task.
   *
   * Never called concurrently with itself. After an empty batch the next call comes 100 ms after the start of the last
   * one, or at once if that has passed: a task that waits for data should do so in `poll`.
   *
   * `signal` is new for each call. It is aborted when the task is paused or stopped, and when a record fails the task.
   * Honor it within a second: stop waiting, and resolve to what is already read, or to `[]`. After a pause these records
   * are delivered once the task is resumed; if it is stopped first, they are polled again after the next start.
   * After a stop they are still delivered.
   *
   * A retriable `ConnectError` makes the worker poll again; any other error fails the task, except that of the aborted
   * `signal`.
   *
   * Source: SourceTask.poll. Differs: `null` is not allowed, and a stop is a signal.
   */
  poll(signal: AbortSignal): Promise<readonly SourceRecord[]>
  /**
   * Called with records, as polled, that Kafka has acknowledged, or that were filtered or skipped. Records of one source
   * partition may come in another order if they go to different Kafka partitions.
   *
   * Never called concurrently with itself, nor after `close`: the next call waits for the promise of the last one. The
   * worker polls no further while more than 10,000 records wait for it. Errors are only logged. At the end, calls get
   * `offset.flush.timeout.ms`; after a task failed to stop in time there may be no more.
   *
   * Source: SourceTask.commitRecord.
   */
  delivered?(deliveries: readonly Delivery[]): void | Promise<void>
  /**
   * Called after each commit of offsets, also when there was nothing to store, but not after one that failed.
   *
   * Never called concurrently with itself, nor after `close`. A call that takes longer than `offset.flush.timeout.ms`
   * holds up nothing; commits in the meantime call nothing. Errors are only logged.
   *
   * Source: SourceTask.commit.
   */
  committed?(): void | Promise<void>
  /** Releases what the task holds; the last call. Errors are only logged. Source: SourceTask.stop. */
  close?(): void | Promise<void>
}
