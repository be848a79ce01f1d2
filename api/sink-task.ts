import type { SinkRecord, TopicPartition } from './record.ts'
import type { TaskContext } from './task-context.ts'

/** Reports single records that a sink could not write. Source: ErrantRecordReporter (KIP-610). */
export interface ErrantRecordReporter {
  /** Resolves once the record is safe in the dead-letter queue; rejects when it is not, or is not tolerated. */
  report(record: SinkRecord, error: unknown): Promise<void>
}

/** What a sink task can ask of the worker. */
export interface SinkTaskContext extends TaskContext {
  /** The partitions that the task has now. */
  assignment(): readonly TopicPartition[]
  /**
   * Moves the task to other offsets of its partitions. In `open` that takes effect before the first record of these
   * partitions is put; at any other time, before the next records are read, while a batch that is to be put again keeps
   * its records.
   *
   * Throws `HR_ILLEGAL_STATE` for a partition that the task does not have. Source: SinkTaskContext.offset.
   */
  seek(offsets: readonly (TopicPartition & { readonly offset: number })[]): void
  /** How long to wait before a batch that failed retriably is put again. */
  retryAfter(ms: number): void
  /**
   * Stops reading some partitions until they are resumed, or given up: they stay paused when the next rebalance gives
   * them straight back. Throws `HR_ILLEGAL_STATE` as {@link seek}.
   */
  pause(partitions: readonly TopicPartition[]): void
  resume(partitions: readonly TopicPartition[]): void
  /** Asks for offsets to be committed before the next batch; during a commit, for another one right after it. */
  requestCommit(): void
  /** Null when neither a dead-letter queue nor logging of errors is set up. */
  readonly errantRecords: ErrantRecordReporter | null
}

/** A position in a Kafka partition: the next offset to be read. */
export type PartitionOffset = TopicPartition & { readonly offset: number }

/**
 * A started sink task: a loop gives it batches, one at a time.
 *
 * All calls come one after the other, each once the last has resolved: `open`, then `put` with `flush` or `preCommit`
 * in between. Partitions that are given up get a last `flush` or `preCommit`, a commit, and `closePartitions`, also when
 * the task stops; lost ones get `closePartitions` alone. `close` is the last call. A commit may still be under way
 * while the next batch is put.
 */
export interface SinkTask {
  /** New partitions are about to deliver. Called before the first `put` and after rebalances. */
  open?(partitions: readonly TopicPartition[]): void | Promise<void>
  /**
   * Takes the next records, in order per partition; an empty batch comes at times as a heartbeat.
   *
   * A retriable `ConnectError` makes the worker pause and put the same batch again; anything else fails the task.
   */
  put(records: readonly SinkRecord[], signal: AbortSignal): void | Promise<void>
  /**
   * Makes everything put so far durable. Called before offsets are committed, unless `preCommit` is there. Records that
   * it reports are safe in the dead-letter queue before the commit. When it fails, the records since the last commit are
   * put again.
   */
  flush?(offsets: readonly PartitionOffset[]): void | Promise<void>
  /** Like `flush`, and returns which offsets are safe to commit: those given, older ones, or none. Replaces `flush`. */
  preCommit?(
    offsets: readonly PartitionOffset[],
  ): readonly PartitionOffset[] | Promise<readonly PartitionOffset[]>
  /** Partitions are given up, or lost. What was safe is committed; forget about them. */
  closePartitions?(partitions: readonly TopicPartition[]): void | Promise<void>
  /** Called once, as the last call. */
  close?(): void | Promise<void>
}
