import type { TaskProps } from './connector.ts'
import type { Logger } from './logger.ts'
import type { SinkRecord, SourceOffset, SourcePartition, SourceRecord, TopicPartition } from './record.ts'

interface TaskContext {
  readonly connector: string
  /** Number of the task within its connector, from 0. */
  readonly task: number
  /** The task's settings as written, variables resolved. */
  readonly props: TaskProps
  readonly log: Logger
}

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
