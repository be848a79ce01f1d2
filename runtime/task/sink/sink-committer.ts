import {
  messageOf,
  type Logger,
  type PartitionOffset,
  type SinkTask,
  type TopicPartition,
} from '../../../api/index.ts'
import type { ErrorHandler } from '../../errors/index.ts'
import type { Consumer } from '../../kafka/index.ts'
import { attemptCommit, type CommitFailure } from '../commit-attempt.ts'
import { CommitFailures } from '../commit-failures.ts'
import { noteCommit, type TaskMetrics } from '../metrics.ts'
import type { CommitSettings, PluginCalls } from '../ports.ts'
import type { SinkRequests } from './sink-context.ts'
import type { SinkOffsets } from './sink-offsets.ts'

const CLOSING_TRIES = 3

/**
 * Commits the offsets that the task declares safe: periodically in the background, and before partitions are
 * revoked.
 *
 * Source: WorkerSinkTask.commitOffsets.
 */
export class SinkCommitter {
  readonly #task: SinkTask
  readonly #consumer: Consumer
  readonly #offsets: SinkOffsets
  readonly #requests: SinkRequests
  readonly #handler: ErrorHandler
  readonly #settings: CommitSettings
  readonly #metrics: TaskMetrics
  readonly #calls: PluginCalls
  readonly #log: Logger
  readonly #failures: CommitFailures
  #dueAt: number
  /** The commit in flight; the results of earlier commits are ignored. */
  #committing: symbol | undefined

  constructor(parts: {
    readonly task: SinkTask
    readonly consumer: Consumer
    readonly offsets: SinkOffsets
    readonly requests: SinkRequests
    readonly handler: ErrorHandler
    readonly settings: CommitSettings
    readonly metrics: TaskMetrics
    readonly calls: PluginCalls
    readonly log: Logger
  }) {
    this.#task = parts.task
    this.#consumer = parts.consumer
    this.#offsets = parts.offsets
    this.#requests = parts.requests
    this.#handler = parts.handler
    this.#settings = parts.settings
    this.#metrics = parts.metrics
    this.#calls = parts.calls
    this.#log = parts.log
    this.#failures = new CommitFailures(parts.log, parts.metrics)
    this.#dueAt = Date.now() + parts.settings.flushIntervalMs
  }

  /** Milliseconds until the next commit can start, allowing for a commit in flight. */
  get dueInMs(): number {
    const ms = Math.max(0, this.#dueAt - Date.now())
    return this.#committing === undefined ? ms : Math.max(ms, this.#settings.flushTimeoutMs)
  }

  /**
   * Starts a commit when one is due or requested and none is in flight. A commit requested in the meantime
   * starts right afterwards. The task continues during the commit. Throws when a dead letter is lost.
   */
  async commitIfDue(): Promise<void> {
    const requests = this.#requests
    if (this.#committing !== undefined || (!requests.commit && this.dueInMs > 0)) return
    requests.commit = false
    this.#dueAt = Date.now() + this.#settings.flushIntervalMs
    let declared: readonly PartitionOffset[]
    try {
      declared = await this.#declareSafe(this.#offsets.deliveredOffsets())
    } catch (error) {
      this.#rewind(error)
      return
    }
    // Invariant 3: a dead letter is safe before the offset of its record is committed
    await this.#handler.settled()
    const safe = this.#committable(declared)
    if (safe.length > 0) void this.#commitInBackground(safe)
  }

  /**
   * Commits the offsets of partitions that are being revoked. After the commit succeeded or was abandoned,
   * resolves to the offsets to resume from that are not committed in Kafka.
   */
  async commitClosing(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    this.#committing = undefined
    const safe = await this.#closingOffsets(partitions)
    if (safe.length > 0) await this.#commitWithRetries(safe)
    return this.#offsets.uncommitted(partitions, safe)
  }

  async #closingOffsets(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    let declared: readonly PartitionOffset[]
    try {
      declared = await this.#declareSafe(this.#offsets.deliveredOffsets(partitions))
    } catch (error) {
      const reason = messageOf(error)
      this.#log.error(
        'flush or preCommit failed; giving up partitions without a commit, so records may be delivered again',
        {
          reason,
        },
      )
      return []
    }
    try {
      // Invariant 3: when a dead letter is lost, nothing is committed
      await this.#handler.settled()
    } catch (error) {
      this.#log.error(
        'cannot report a failed record; giving up partitions without a commit, so records may be delivered again',
        {
          reason: messageOf(error),
        },
      )
      return []
    }
    return this.#committable(declared)
  }

  async #commitWithRetries(safe: readonly PartitionOffset[]): Promise<void> {
    const deadline = Date.now() + this.#settings.flushTimeoutMs
    for (let attempt = 1; ; attempt++) {
      const failure = await this.#tryCommit(safe, () => true)
      if (failure === undefined) return
      if (attempt < CLOSING_TRIES && Date.now() < deadline) continue
      this.#failures.failedLast('cannot commit offsets; records may be delivered again', failure)
      return
    }
  }

  /** Returns the offsets of the records that the task has made durable. */
  async #declareSafe(delivered: readonly PartitionOffset[]): Promise<readonly PartitionOffset[]> {
    const { preCommit, flush } = this.#task
    if (preCommit !== undefined) return this.#calls.run(() => preCommit.call(this.#task, delivered))
    if (flush !== undefined) await this.#calls.run(() => flush.call(this.#task, delivered))
    return delivered
  }

  /** Returns the declared offsets that need a commit. */
  #committable(declared: readonly PartitionOffset[]): readonly PartitionOffset[] {
    return this.#offsets.committable(declared, (offset, why) => {
      this.#log.warn('ignoring an offset that preCommit returned', { ...offset, why })
    })
  }

  async #commitInBackground(safe: readonly PartitionOffset[]): Promise<void> {
    const mark = Symbol('commit')
    this.#committing = mark
    const isCurrent = () => this.#committing === mark
    const failure = await this.#tryCommit(safe, isCurrent)
    if (failure === undefined) this.#failures.succeeded()
    else this.#failures.failed('cannot commit offsets; retrying with the next commit', failure)
    if (!isCurrent()) return
    this.#committing = undefined
    if (this.#requests.commit) this.#consumer.wake()
  }

  /**
   * Resolves to the reason of a failure, otherwise to undefined. Marks the offsets as committed only if
   * `counts` returns true on completion.
   */
  async #tryCommit(
    offsets: readonly PartitionOffset[],
    counts: () => boolean,
  ): Promise<CommitFailure | undefined> {
    const commit = () => this.#consumer.commit(offsets)
    const failure = await attemptCommit(commit, this.#settings.flushTimeoutMs, this.#metrics)
    if (failure === undefined && counts()) this.#offsets.committed(offsets)
    return failure
  }

  /** Rewinds so that records which the task could not make durable are delivered again. */
  #rewind(error: unknown): void {
    noteCommit(this.#metrics, false, 0)
    const offsets = this.#offsets.restartOffsets()
    this.#log.error('flush or preCommit failed; delivering the records again', {
      reason: messageOf(error),
      err: error,
    })
    this.#consumer.seek(offsets)
    for (const offset of offsets) this.#offsets.seek(offset)
  }
}
