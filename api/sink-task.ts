import type { SinkRecord, TopicPartition } from './record.ts'
import type { TaskContext } from './task-context.ts'

/** Reports single records that a sink could not write. Source: ErrantRecordReporter (KIP-610). */
export interface ErrantRecordReporter {
  /** Resolves once the record is safe in the dead-letter queue; rejects when it is not, or is not tolerated. */
  report(record: SinkRecord, error: unknown): Promise<void>
}

/** What a sink task can ask of the worker. Every method may be called at any time. */
export interface SinkTaskContext extends TaskContext {
  /** Returns the partitions that are assigned to the task. */
  assignment(): readonly TopicPartition[]
  /**
   * Moves the task to other offsets of its partitions. A call in `open` takes effect before the first record of these
   * partitions is put. Any other call takes effect before the next records are read; a batch that is waiting to be put
   * again keeps its records.
   *
   * Throws `HR_ILLEGAL_STATE` for a partition that is not assigned to the task. Source: SinkTaskContext.offset.
   */
  seek(offsets: readonly (TopicPartition & { readonly offset: number })[]): void
  /** Sets how long the worker waits before it puts a batch again that failed retriably. Applies to the next failure. */
  retryAfter(ms: number): void
  /**
   * Stops reading some partitions until they are resumed or revoked. They stay paused if the next rebalance assigns
   * them to the task again. Throws `HR_ILLEGAL_STATE` like {@link seek}.
   */
  pause(partitions: readonly TopicPartition[]): void
  /** Reads paused partitions again. Throws `HR_ILLEGAL_STATE` like {@link seek}. */
  resume(partitions: readonly TopicPartition[]): void
  /**
   * Asks for `put` to be called within `ms` milliseconds: with an empty batch if no records arrive by then. For tasks that
   * buffer records and write them by time as well as by size. The next call of `put` fulfils all requests; of several,
   * the earliest counts. Works while the task or its partitions are paused. While a batch waits to be put again, its
   * next attempt is that call. No `put` follows once the task is stopping: `flush` or `preCommit` comes instead.
   *
   * Throws `HR_ILLEGAL_ARGUMENT` if `ms` is not a number from 0.
   */
  putWithin(ms: number): void
  /** Requests a commit of offsets before the next batch; during a commit, another one right after it. */
  requestCommit(): void
  /** Null if neither a dead-letter queue nor logging of errors is configured. */
  readonly errantRecords: ErrantRecordReporter | null
}

/** A position in a Kafka partition: the next offset to be read. */
export type PartitionOffset = TopicPartition & { readonly offset: number }

/**
 * A started sink task, as `openTask` returned it.
 *
 * Only one method runs at a time; the next is called once the promise of the last has settled. After `open` come calls
 * of `put`, with `flush` or `preCommit` in between. The worker commits offsets in the background: the next batch may be
 * put before the commit is complete.
 *
 * When partitions are revoked, and for all partitions when the task stops or fails, the last calls are `flush` or
 * `preCommit`, then `closePartitions` once the offsets are committed. Partitions that are lost get `closePartitions`
 * only. `close` is the last call; nothing is called after it.
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
   * Takes the next records, in order per partition. The offsets of records count as delivered once `put` has returned.
   *
   * When: called with each batch of records, and at times with an empty batch (see {@link SinkTaskContext.putWithin}). While the task is paused it gets empty
   * batches only. Not called any more once the task is stopping.
   *
   * Waking: `signal` is aborted when the task is stopped or has failed. Return, or throw the signal's reason, as soon as
   * possible; records of a batch that was not put are delivered again after the next start.
   *
   * Errors: after a retriable `ConnectError` (`HR_RETRIABLE`) the worker waits (see {@link SinkTaskContext.retryAfter})
   * and puts the same batch again. Any other error fails the task.
   */
  put(records: readonly SinkRecord[], signal: AbortSignal): void | Promise<void>
  /**
   * Makes everything put so far durable. Called before offsets are committed, unless the task has `preCommit`. `offsets`
   * are those that will be committed. Records reported during the call are safe in the dead-letter queue before the
   * commit.
   *
   * After an error nothing is committed, and the records since the last commit are put again. If that happens for
   * revoked partitions or at the end, the next owner of the partitions gets these records again.
   */
  flush?(offsets: readonly PartitionOffset[]): void | Promise<void>
  /**
   * Replaces `flush`: called instead of it, with the offsets of everything put so far. Returns the offsets that are safe
   * to commit: those given, older ones, or none. Errors have the same effect as for `flush`.
   */
  preCommit?(
    offsets: readonly PartitionOffset[],
  ): readonly PartitionOffset[] | Promise<readonly PartitionOffset[]>
  /**
   * Called after partitions were revoked or lost, and at the end. What was safe is committed by then. Drop buffered
   * records of these partitions: their next owner gets them. Errors are logged.
   */
  closePartitions?(partitions: readonly TopicPartition[]): void | Promise<void>
  /** Releases everything the task holds. Called once, as the last call, after a stop and after a failure. Errors are logged. */
  close?(): void | Promise<void>
}
