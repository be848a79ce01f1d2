import {
  messageOf,
  type Logger,
  type PartitionOffset,
  type SinkTask,
  type TopicPartition,
} from '../../../api/index.ts'
import type { Consumer } from '../../kafka/index.ts'
import { within } from '../../timing/index.ts'
import { noteCommit, type TaskMetrics } from '../metrics.ts'
import type { CommitSettings, PluginCalls } from '../ports.ts'
import type { SinkOffsets } from './sink-offsets.ts'

const LATE = Symbol('late')
const CLOSING_TRIES = 3

/**
 * Commits what the task declares safe: now and then in the background, and before partitions are given up.
 *
 * Source: WorkerSinkTask.commitOffsets.
 */
export class SinkCommitter {
  readonly #task: SinkTask
  readonly #consumer: Consumer
  readonly #offsets: SinkOffsets
  readonly #settings: CommitSettings
  readonly #metrics: TaskMetrics
  readonly #calls: PluginCalls
  readonly #log: Logger
  #dueAt: number
  /** The commit under way; a late answer to an older one is not heard. */
  #underWay: symbol | undefined

  constructor(parts: {
    readonly task: SinkTask
    readonly consumer: Consumer
    readonly offsets: SinkOffsets
    readonly settings: CommitSettings
    readonly metrics: TaskMetrics
    readonly calls: PluginCalls
    readonly log: Logger
  }) {
    this.#task = parts.task
    this.#consumer = parts.consumer
    this.#offsets = parts.offsets
    this.#settings = parts.settings
    this.#metrics = parts.metrics
    this.#calls = parts.calls
    this.#log = parts.log
    this.#dueAt = Date.now() + parts.settings.flushIntervalMs
  }

  /** Milliseconds until the next commit can start; one that is under way is waited for. */
  get dueInMs(): number {
    const ms = Math.max(0, this.#dueAt - Date.now())
    return this.#underWay === undefined ? ms : Math.max(ms, this.#settings.flushTimeoutMs)
  }

  /** Starts a commit when one is due or asked for, and none is under way. The task goes on meanwhile. */
  async commitIfDue(asked: boolean): Promise<void> {
    if (this.#underWay !== undefined || (!asked && this.dueInMs > 0)) return
    this.#dueAt = Date.now() + this.#settings.flushIntervalMs
    let safe: readonly PartitionOffset[]
    try {
      safe = await this.#safeOffsets(this.#offsets.deliveredOffsets())
    } catch (error) {
      this.#rewind(error)
      return
    }
    if (safe.length > 0) void this.#commitInBackground(safe)
  }

  /** Commits for partitions that are given up; resolves when that is done or hopeless. */
  async commitClosing(partitions: readonly TopicPartition[]): Promise<void> {
    let safe: readonly PartitionOffset[]
    try {
      safe = await this.#safeOffsets(this.#offsets.deliveredOffsets(partitions))
    } catch (error) {
      const reason = messageOf(error)
      this.#log.error('the task could not say what is safe; its partitions are given up without a commit', {
        reason,
      })
      return
    }
    for (let attempt = 1; safe.length > 0; attempt++) {
      const startedAt = Date.now()
      const failure = await this.#tryCommit(safe)
      noteCommit(this.#metrics, failure === undefined, Date.now() - startedAt)
      if (failure === undefined) return
      if (attempt < CLOSING_TRIES) continue
      this.#log.error('offsets could not be committed; records will be delivered again', { reason: failure })
      return
    }
  }

  /** Offsets that the task has made durable and that are worth a commit. */
  async #safeOffsets(delivered: readonly PartitionOffset[]): Promise<readonly PartitionOffset[]> {
    const { preCommit, flush } = this.#task
    let safe: readonly PartitionOffset[] = delivered
    if (preCommit !== undefined) safe = await this.#calls.run(() => preCommit.call(this.#task, delivered))
    else if (flush !== undefined) await this.#calls.run(() => flush.call(this.#task, delivered))
    return this.#offsets.committable(safe, (offset, why) => {
      this.#log.warn('an offset that the task declared safe is ignored', { ...offset, why })
    })
  }

  async #commitInBackground(safe: readonly PartitionOffset[]): Promise<void> {
    const mark = Symbol('commit')
    this.#underWay = mark
    const startedAt = Date.now()
    const failure = await this.#tryCommit(safe)
    noteCommit(this.#metrics, failure === undefined, Date.now() - startedAt)
    if (failure !== undefined)
      this.#log.error('offsets could not be committed; the next commit tries again', { reason: failure })
    if (this.#underWay === mark) this.#underWay = undefined
  }

  async #tryCommit(offsets: readonly PartitionOffset[]): Promise<string | undefined> {
    const { flushTimeoutMs } = this.#settings
    try {
      const result = await within(flushTimeoutMs, this.#consumer.commit(offsets), () => LATE)
      if (result === LATE) return `it took longer than ${flushTimeoutMs} ms (offset.flush.timeout.ms)`
      this.#offsets.committed(offsets)
      return undefined
    } catch (error) {
      return messageOf(error)
    }
  }

  /** What the task could not make durable is delivered again. */
  #rewind(error: unknown): void {
    noteCommit(this.#metrics, false, 0)
    const offsets = this.#offsets.committedOffsets()
    this.#log.error('the task could not make its records durable; they are delivered again', {
      reason: messageOf(error),
      err: error,
    })
    this.#consumer.seek(offsets)
    for (const offset of offsets) this.#offsets.seek(offset)
  }
}
