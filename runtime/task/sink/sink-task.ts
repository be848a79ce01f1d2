import {
  ConnectError,
  isRetriable,
  messageOf,
  type Logger,
  type SinkRecord,
  type SinkTask,
  type TopicPartition,
} from '../../../api/index.ts'
import { RecordError, type ErrorHandler } from '../../errors/index.ts'
import type { Consumer, RebalanceListener, Segment } from '../../kafka/index.ts'
import { passBatchOn, RecordBatch, type SinkReader, type TransformChain } from '../../pipeline/index.ts'
import { closeTask } from '../closing.ts'
import { noteBatch, type TaskMetrics } from '../metrics.ts'
import type { CommitSettings, PluginCalls, TaskEvents } from '../ports.ts'
import { readingOrder } from './reading-order.ts'
import { SinkCommitter } from './sink-committer.ts'
import type { SinkRequests } from './sink-context.ts'
import type { SinkOffsets } from './sink-offsets.ts'
import type { TaskControl } from '../stop.ts'

const DEFAULT_RETRY_MS = 500

export interface SinkTaskParts {
  /** Opens the connector's task; called when the task is first to run. */
  open(): Promise<SinkTask>
  /** Joins the consumer group; partitions come and go through the listener. */
  openConsumer(listener: RebalanceListener): Promise<Consumer>
  readonly reader: SinkReader
  readonly chain: TransformChain<SinkRecord>
  readonly offsets: SinkOffsets
  readonly requests: SinkRequests
  readonly handler: ErrorHandler
  readonly calls: PluginCalls
  readonly settings: CommitSettings
  readonly metrics: TaskMetrics
  readonly log: Logger
  /** The task reads from a topic for the first time. */
  readonly topicUsed: (topic: string) => void
}

/**
 * The whole life of a sink task. Returns on a clean stop; throws what made it fail.
 *
 * Source: WorkerSinkTask. Differs: the records before one that may not be skipped are put
 * before the task fails.
 */
export async function runSinkTask(
  parts: SinkTaskParts,
  control: TaskControl,
  events: TaskEvents,
): Promise<void> {
  if (control.paused) {
    events.paused()
    await control.whileResting()
  }
  if (control.stopping) return
  const task = await parts.calls.run(() => parts.open())
  try {
    const loop = new SinkLoop(task, parts, control, events)
    await loop.run()
  } finally {
    await closeTask(task, parts)
  }
}

class SinkLoop {
  readonly #task: SinkTask
  readonly #parts: SinkTaskParts
  readonly #control: TaskControl
  readonly #events: TaskEvents
  #consumer: Consumer | undefined
  #committer: SinkCommitter | undefined
  /** Records that `put` is to take, again after a retriable failure. */
  #batch: readonly SinkRecord[] = []
  /** The batch failed retriably and all partitions are paused until it goes through. */
  #retrying = false
  #retryAt = 0
  #resting = false
  /** Ends the task once the records before the culprit are put. */
  #fatal: unknown
  /** What the task threw when partitions came; thrown again where the loop can end with it. */
  #rebalanceFailure: unknown

  constructor(task: SinkTask, parts: SinkTaskParts, control: TaskControl, events: TaskEvents) {
    this.#task = task
    this.#parts = parts
    this.#control = control
    this.#events = events
  }

  async run(): Promise<void> {
    const consumer = await this.#parts.openConsumer(this.#listener())
    this.#consumer = consumer
    this.#committer = new SinkCommitter({ ...this.#parts, task: this.#task, consumer })
    this.#control.onChange(() => consumer.wake())
    this.#events.running()
    try {
      while (!this.#control.stopping) await this.#turn(consumer, this.#committer)
    } finally {
      await consumer.close()
    }
  }

  async #turn(consumer: Consumer, committer: SinkCommitter): Promise<void> {
    this.#restOrResume(consumer)
    const { requests } = this.#parts
    await this.#commit(committer, requests)
    this.#applySeeks(consumer, requests)
    const segments = await consumer.poll(this.#waitMs(committer), this.#control.stop.soft)
    if (this.#rebalanceFailure !== undefined) throw this.#rebalanceFailure
    if (this.#control.stopping) return
    if (!this.#retrying) await this.#read(segments)
    if (this.#retrying && Date.now() < this.#retryAt) return
    await this.#put(consumer)
    if (this.#fatal !== undefined && !this.#retrying && !this.#control.stopping) throw this.#fatal
    this.#parts.metrics.lag = lagOf(consumer)
  }

  /** How long a poll may wait: until something else is due. */
  #waitMs(committer: SinkCommitter): number {
    return this.#retrying
      ? Math.min(committer.dueInMs, Math.max(0, this.#retryAt - Date.now()))
      : committer.dueInMs
  }

  /** Paused: no records are read, but membership goes on and `put` still gets its empty batches. */
  #restOrResume(consumer: Consumer): void {
    if (this.#control.paused === this.#resting) return
    this.#resting = this.#control.paused
    if (this.#resting) {
      consumer.pauseAll()
      this.#parts.requests.commit = true
      this.#events.paused()
    } else {
      if (!this.#retrying) consumer.resumeAll([...this.#parts.requests.paused.values()])
      this.#events.running()
    }
  }

  async #commit(committer: SinkCommitter, requests: SinkRequests): Promise<void> {
    const asked = requests.commit
    if (!asked && committer.dueInMs > 0) return
    requests.commit = false
    // Invariant 3: a dead letter is safe before its offset counts
    await this.#parts.handler.settled()
    await committer.commitIfDue(asked)
  }

  #applySeeks(consumer: Consumer, requests: SinkRequests): void {
    if (requests.seeks.length === 0) return
    consumer.seek(requests.seeks)
    for (const offset of requests.seeks) this.#parts.offsets.seek(offset)
    requests.seeks = []
  }

  async #read(segments: readonly Segment[]): Promise<void> {
    const { reader, chain, handler, metrics, offsets } = this.#parts
    handler.hold()
    for (const { topic, partition, records: fetched, fromOffset } of segments) {
      metrics.bytesIn += fetched.bytes.length
      offsets.began(topic, partition, fromOffset)
    }
    const { records, fatal } = await reader.read(segments)
    metrics.recordsIn += records.length
    const batch = new RecordBatch(records)
    await chain.run(batch)
    const kept: SinkRecord[] = []
    for (let index = 0; index < batch.limit; index++) {
      const record = batch.current[index]
      if (record === null || record === undefined) continue
      if (reader.keepsBytes) passBatchOn(batch.records[index] ?? record, record)
      kept.push(record)
    }
    metrics.recordsDropped += batch.limit - kept.length
    this.#batch = kept
    if (batch.fatal === undefined) this.#fatal = fatal
    else this.#cutBehind(batch.records.slice(batch.limit), batch.fatal)
    const last = this.#fatal instanceof RecordError ? this.#fatal.failure : undefined
    await handler.release(readingOrder(segments), last)
    this.#noteTopics(records)
  }

  /** A topic is in use from the first record on that could be converted. Source: WorkerSinkTask.recordActiveTopic. */
  #noteTopics(records: readonly SinkRecord[]): void {
    let noted: string | undefined
    for (const { originalTopic } of records) {
      if (originalTopic === noted) continue
      noted = originalTopic
      this.#parts.topicUsed(originalTopic)
    }
  }

  /** What was read from the culprit on, in any partition, does not count as read: the task does not get it. */
  #cutBehind(left: readonly SinkRecord[], fatal: unknown): void {
    this.#fatal = fatal
    for (const { originalTopic, originalPartition, originalOffset } of left.toReversed()) {
      this.#parts.offsets.read(originalTopic, originalPartition, originalOffset - 1)
    }
  }

  async #put(consumer: Consumer): Promise<void> {
    const { metrics, calls, handler, offsets } = this.#parts
    const batch = this.#batch
    const startedAt = Date.now()
    try {
      await calls.run(() => this.#task.put(batch, this.#control.stop.soft))
      handler.check()
    } catch (error) {
      if (!isRetriable(error)) throw unrecoverable(error)
      this.#retryLater(consumer, error)
      return
    }
    metrics.recordsOut += batch.length
    noteBatch(metrics, batch.length, Date.now() - startedAt)
    offsets.delivered()
    this.#batch = []
    if (!this.#retrying) return
    this.#retrying = false
    if (!this.#resting) consumer.resumeAll([...this.#parts.requests.paused.values()])
  }

  #retryLater(consumer: Consumer, error: unknown): void {
    const { requests, log } = this.#parts
    const waitMs = requests.retryAfterMs ?? DEFAULT_RETRY_MS
    requests.retryAfterMs = undefined
    this.#retryAt = Date.now() + waitMs
    log.warn('the batch could not be written and is put again', { reason: messageOf(error), waitMs })
    if (this.#retrying) return
    this.#retrying = true
    consumer.pauseAll()
  }

  #listener(): RebalanceListener {
    const { offsets, calls } = this.#parts
    return {
      assigned: async (partitions) => {
        offsets.add(partitions)
        if (this.#retrying || this.#resting) this.#consumer?.pauseAll()
        const opened = partitions.map(({ topic, partition }) => ({ topic, partition }))
        await calls
          .run(async () => this.#task.open?.(opened))
          .catch((error: unknown) => {
            this.#rebalanceFailure ??= error
          })
      },
      revoked: async (partitions) => {
        if (!this.#control.stop.hard.aborted) {
          await this.#commitClosing(partitions)
        }
        await this.#closePartitions(partitions)
      },
      lost: (partitions) => this.#closePartitions(partitions),
    }
  }

  /** Invariant 3: where a dead letter is lost, nothing is committed. */
  async #commitClosing(partitions: readonly TopicPartition[]): Promise<void> {
    const { handler, log } = this.#parts
    try {
      await handler.settled()
    } catch (error) {
      log.error('a failed record was not reported; partitions are given up without a commit', {
        reason: messageOf(error),
      })
      return
    }
    await this.#committer?.commitClosing(partitions)
  }

  async #closePartitions(partitions: readonly TopicPartition[]): Promise<void> {
    const { calls, offsets, log } = this.#parts
    const gone = new Set(partitions.map(({ topic, partition }) => `${topic}-${partition}`))
    this.#batch = this.#batch.filter(
      (record) => !gone.has(`${record.originalTopic}-${record.originalPartition}`),
    )
    offsets.remove(partitions)
    await calls
      .run(async () => this.#task.closePartitions?.(partitions))
      .catch((error: unknown) =>
        log.error('the task failed on closing partitions', { reason: messageOf(error), err: error }),
      )
  }
}

function lagOf(consumer: Consumer): number | null {
  let sum: number | null = null
  for (const partition of consumer.assignment) {
    const lag = consumer.lag(partition)
    if (lag !== undefined) sum = (sum ?? 0) + lag
  }
  return sum
}

function unrecoverable(cause: unknown): ConnectError {
  return new ConnectError('HR_CONNECT', 'Exiting WorkerSinkTask due to unrecoverable exception.', { cause })
}
