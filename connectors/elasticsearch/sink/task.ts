import {
  isRetriable,
  type PartitionOffset,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
} from '../../../api/index.ts'
import { openBulkWriter, type BulkWriterParts } from '../bulk/index.ts'
import { OffsetTracker, RemadeTopics } from '../offsets/index.ts'
import type {
  BulkWriter,
  Operation,
  OperationBuilder,
  Outcome,
  SearchServer,
  TargetOf,
  Targets,
} from '../ports.ts'
import type { Wording } from '../wording.ts'
import { isOf } from './backlog.ts'
import { sinkMetrics, type SinkMetrics } from './metrics.ts'
import { Putting } from './putting.ts'
import { RecordErrors } from './record-errors.ts'
import type { SinkTaskSettings } from './settings.ts'
import { resolvedWithin } from './waits.ts'

/** How long `put` waits for room. Then it pauses the partitions and returns, so that the task stays in its group. */
const PUT_WAIT_MS = 5000
/** When `put` is called again while records wait for room. Source: PartitionPauser. */
const PAUSED_MS = 100
const PREPARE_RETRY_MS = 1000
/** How long the last commit of a task that stops waits for what is being written. */
const STOP_WAIT_MS = 30_000
/** How long closing partitions waits for requests with their records. */
const CLOSE_WAIT_MS = 5000

/** What a sink task works with. */
export interface SinkTaskParts {
  readonly context: SinkTaskContext
  readonly settings: SinkTaskSettings
  /** Closed by the task. */
  readonly server: SearchServer
  readonly targetOf: TargetOf
  readonly targets: Targets
  readonly operations: OperationBuilder
  readonly wording: Wording
  /** For tests. */
  readonly openWriter?: (parts: BulkWriterParts) => BulkWriter
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/**
 * Opens a sink task that writes records as documents.
 *
 * Source: ElasticsearchSinkTask. Differs: if there is no room for more records, the task pauses its partitions, however long
 * that lasts; Java fails after `flush.timeout.ms`. Transforms may rename topics in any mode.
 */
export function openSinkTask(parts: SinkTaskParts): SinkTask {
  return new DocumentSinkTask(parts)
}

class DocumentSinkTask implements SinkTask {
  readonly #parts: SinkTaskParts
  readonly #tracker = new OffsetTracker()
  readonly #metrics: SinkMetrics
  readonly #writer: BulkWriter
  readonly #errors: RecordErrors
  readonly #remade: RemadeTopics
  readonly #putting: Putting
  readonly #closeWriter = () => void this.#writer.close()
  /** The records of a call that failed with a retriable error: the worker puts them again, but they are not lost. */
  #failedBatch: ReadonlySet<SinkRecord> = new Set()
  #paused = false
  #failure: { readonly error: unknown } | undefined

  constructor(parts: SinkTaskParts) {
    const { context, settings, server, wording, openWriter = openBulkWriter, now = Date.now } = parts
    this.#parts = parts
    this.#metrics = sinkMetrics(context.metrics)
    this.#errors = new RecordErrors(parts, this.#metrics)
    this.#remade = new RemadeTopics({ context, wording, conflicts: this.#metrics.remade, now })
    this.#writer = openWriter({
      server,
      settings: settings.bulk,
      context,
      settled: (operation, outcome) => this.#settled(operation, outcome),
      failed: (error) => this.#failed(error),
    })
    this.#putting = new Putting({
      ...parts,
      writer: this.#writer,
      tracker: this.#tracker,
      errors: this.#errors,
      metrics: this.#metrics,
    })
    context.hardStop.addEventListener('abort', this.#closeWriter, { once: true })
  }

  async put(records: readonly SinkRecord[], signal: AbortSignal): Promise<void> {
    this.#throwFailure()
    const again = this.#failedBatch
    this.#failedBatch = new Set()
    this.#putting.backlog.push(again.size === 0 ? records : records.filter((record) => !again.has(record)))
    try {
      await this.#putting.pass(PUT_WAIT_MS, signal)
    } catch (error) {
      this.#throwFailure()
      if (!isRetriable(error)) throw error
      this.#failedBatch = new Set(records)
      this.#parts.context.retryAfter(PREPARE_RETRY_MS)
      throw error
    }
    this.#pauseOrResume()
    this.#metrics.tracked.set(this.#tracker.length)
  }

  async preCommit(offsets: readonly PartitionOffset[]): Promise<readonly PartitionOffset[]> {
    await this.#flush()
    const { backlog } = this.#putting
    return offsets.map((position) => {
      const offset = Math.min(this.#tracker.safeOffset(position), backlog.lowestOffset(position))
      return { ...position, offset }
    })
  }

  async closePartitions(partitions: readonly TopicPartition[]): Promise<void> {
    const { hardStop } = this.#parts.context
    this.#putting.backlog.drop(partitions)
    this.#tracker.close(partitions)
    // Their next owner writes these records: late requests could replace newer documents
    const dropped = this.#writer.drop(({ record }) => isOf(record, partitions), CLOSE_WAIT_MS, hardStop)
    await dropped.catch(() => {})
  }

  async close(): Promise<void> {
    this.#parts.context.hardStop.removeEventListener('abort', this.#closeWriter)
    await this.#writer.close()
    await this.#parts.server.close()
  }

  /** Sends what waits for a full batch. Waits for it if that is set, and when the task stops. */
  async #flush(): Promise<void> {
    const { context, settings } = this.#parts
    const { flushSynchronously, flushTimeoutMs } = settings
    const stopping = context.signal.aborted && this.#failure === undefined
    const ended = new AbortController()
    const flushed = flushSynchronously ? this.#writeAll(ended.signal) : this.#writer.flush(ended.signal)
    flushed.catch(() => {})
    if (!flushSynchronously && !stopping) return
    const waitMs = flushSynchronously ? flushTimeoutMs : Math.min(STOP_WAIT_MS, flushTimeoutMs)
    const all = await resolvedWithin(flushed, waitMs, context.hardStop)
    ended.abort(new Error('the flush has ended'))
    if (all || this.#failure !== undefined || context.hardStop.aborted) return
    const message = 'not all records are written; committing the offsets of those that are'
    context.log.warn(message, { timeoutMs: waitMs, pending: this.#writer.pending })
  }

  /** Writes everything that was put. */
  async #writeAll(signal: AbortSignal): Promise<void> {
    const { backlog } = this.#putting
    while (!backlog.isEmpty) {
      await this.#putting.pass(this.#parts.settings.flushTimeoutMs, signal)
      signal.throwIfAborted()
      if (!backlog.isEmpty) await this.#writer.flush(signal)
    }
    await this.#writer.flush(signal)
  }

  #settled(operation: Operation, outcome: Outcome): Promise<void> | undefined {
    const { record } = operation
    if (outcome.kind === 'refused') {
      const reported = this.#errors.refused(operation, outcome)
      if (reported !== undefined) return reported.then(() => this.#tracker.settle(record))
    } else if (outcome.kind === 'superseded') {
      this.#superseded(operation, outcome.storedVersion)
    }
    this.#tracker.settle(record)
    return undefined
  }

  #superseded(operation: Operation, storedVersion: number | bigint | undefined): void {
    this.#metrics.superseded.add()
    if (storedVersion === undefined || !this.#parts.settings.versionsAreOffsets) return
    const { originalTopic, originalPartition } = operation.record
    const lastOffset = this.#tracker.lastOffset(originalTopic, originalPartition)
    this.#remade.conflict(operation, storedVersion, lastOffset)
  }

  #failed(error: unknown): void {
    this.#failure ??= { error }
    this.#parts.context.fail(error)
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Pauses all partitions, including new ones, while records wait; asks for another call then. */
  #pauseOrResume(): void {
    const { context } = this.#parts
    if (!this.#putting.backlog.isEmpty) {
      context.pause(context.assignment())
      context.putWithin(PAUSED_MS)
      this.#paused = true
    } else if (this.#paused) {
      context.resume(context.assignment())
      this.#paused = false
    }
  }
}
