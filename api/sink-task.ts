import type { SinkRecord, TopicPartition } from './record.ts'
import type { TaskContext } from './task-context.ts'

/** Reports single records that a sink could not write. Source: ErrantRecordReporter (KIP-610). */
export interface ErrantRecordReporter {
  /**
   * Resolves once the record is stored in the dead-letter queue. Rejects if it cannot be stored, or if the error is not
   * tolerated.
   */
  report(record: SinkRecord, error: unknown): Promise<void>
}

/** Services of the worker for a sink task. All methods can be called at any time. */
export interface SinkTaskContext extends TaskContext {
  /** Returns the partitions assigned to the task. */
  assignment(): readonly TopicPartition[]
  /**
   * Continues reading at other offsets. A call in `open` takes effect before the first records of these partitions are
   * put, any other call before the next records are read. A batch that waits for a retry keeps its records.
   *
   * Throws `HR_ILLEGAL_STATE` for a partition that is not assigned to the task. Source: SinkTaskContext.offset.
   */
  seek(offsets: readonly (TopicPartition & { readonly offset: number })[]): void
  /**
   * Sets how long the worker waits before it retries a batch after a retriable error. Applies to the next failure only.
   */
  retryAfter(ms: number): void
  /**
   * Stops reading partitions until they are resumed or revoked. They stay paused if the next rebalance assigns them to
   * the task again. Throws `HR_ILLEGAL_STATE` like {@link seek}.
   */
  pause(partitions: readonly TopicPartition[]): void
  /** Resumes reading paused partitions. Throws `HR_ILLEGAL_STATE` like {@link seek}. */
  resume(partitions: readonly TopicPartition[]): void
  /**
   * Requests a call of `put` within `ms` milliseconds, with an empty batch if no records arrive before. For tasks that
   * write buffered records after a time limit as well as a size limit. Of several requests, the earliest counts, and
   * the next call of `put` fulfils them all. Also works while the task or its partitions are paused. While a batch
   * waits for a retry, the retry is that call. Once the task is stopping, `put` is no longer called; `flush` or
   * `preCommit` is.
   *
   * Throws `HR_ILLEGAL_ARGUMENT` unless `ms` is at least 0.
   */
  putWithin(ms: number): void
  /** Requests a commit of offsets before the next batch. During a commit, another one follows immediately. */
  requestCommit(): void
  /** Null if neither a dead-letter queue nor logging of errors is configured. */
  readonly errantRecords: ErrantRecordReporter | null
}

/** A position in a Kafka partition: the next offset to be read. */
export type PartitionOffset = TopicPartition & { readonly offset: number }

/**
 * A started sink task, as returned by `openTask`.
 *
 * Only one method runs at a time; the next is called once the promise of the previous one has settled. After `open`,
 * `put` is called repeatedly, with `flush` or `preCommit` in between. The worker commits offsets in the background: the
 * next batch may be put before the commit is complete.
 *
 * When partitions are revoked, and for all partitions when the task stops or fails, the last calls are `flush` or
 * `preCommit`, then `closePartitions` once the offsets are committed. For lost partitions, only `closePartitions` is
 * called. `close` is the last call; nothing is called after it.
 */
export interface SinkTask {
  /**
   * Called with newly assigned partitions, before their first records are put: after the start and after each rebalance
   * that assigns partitions.
   *
   * An error fails the task.
   */
  open?(partitions: readonly TopicPartition[]): void | Promise<void>
  /**
   * Receives the next records, in order per partition. Records count as delivered once `put` has returned.
   *
   * When: called with each batch of records, and sometimes with an empty one (see {@link SinkTaskContext.putWithin}).
   * All batches are empty while the task is paused. No longer called once the task is stopping.
   *
   * Waking: `signal` is aborted when the task is stopped or has failed. Return, or throw the signal's reason, as soon
   * as possible; the records of this batch are then delivered again after the next start.
   *
   * Errors: after a retriable `ConnectError` (`HR_RETRIABLE`) the worker waits (see {@link SinkTaskContext.retryAfter})
   * and retries the same batch. Any other error fails the task.
   */
  put(records: readonly SinkRecord[], signal: AbortSignal): void | Promise<void>
  /**
   * Makes all records received so far durable. Called before a commit, with the offsets to commit, unless the task has
   * `preCommit`. Records reported during the call are stored in the dead-letter queue before the commit.
   *
   * After an error, nothing is committed, and the records since the last commit are delivered again. If that happens
   * for revoked partitions or at the end, the next owner of the partitions receives these records.
   */
  flush?(offsets: readonly PartitionOffset[]): void | Promise<void>
  /**
   * Called instead of `flush`, with the offsets of all records received so far. Returns the offsets that are safe to
   * commit: the given ones, older ones, or none. Errors have the same effect as for `flush`.
   */
  preCommit?(
    offsets: readonly PartitionOffset[],
  ): readonly PartitionOffset[] | Promise<readonly PartitionOffset[]>
  /**
   * Called after partitions were revoked or lost, and at the end. Safe offsets are already committed. Drop buffered
   * records of these partitions: their next owner receives them. Errors are logged.
   */
  closePartitions?(partitions: readonly TopicPartition[]): void | Promise<void>
  /**
   * Releases all resources of the task. Called once, as the last method, after a stop or a failure. Errors are logged.
   */
  close?(): void | Promise<void>
}
