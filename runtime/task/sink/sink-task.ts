import type { Logger, SinkRecord, SinkTask } from '../../../api/index.ts'
import { ConversionInterrupted, RecordError, type ErrorHandler } from '../../errors/index.ts'
import type { Consumer, RebalanceListener, Segment } from '../../kafka/index.ts'
import {
  ConverterWaits,
  copyBatchRef,
  RecordBatch,
  waitAtMost,
  type SinkReader,
  type TransformChain,
  type Wait,
  type WaitReports,
} from '../../pipeline/index.ts'
import { onAbort, startTimer, type Lease, type Timer } from '../../timing/index.ts'
import { closeTask } from '../closing.ts'
import type { Retries } from '../context/retries.ts'
import type { TaskMetrics } from '../metrics.ts'
import type { CommitSettings, PluginCalls, TaskEvents } from '../ports.ts'
import type { TaskControl } from '../stop.ts'
import { readingOrder } from './reading-order.ts'
import { SinkCommitter } from './sink-committer.ts'
import { applySeeks, type SinkRequests } from './sink-context.ts'
import { SinkDelivery } from './sink-delivery.ts'
import type { SinkOffsets } from './sink-offsets.ts'
import { SinkRebalances } from './sink-rebalances.ts'

/** How long a failed task waits for the current `put` to honor its signal. */
const PUT_GRACE_MS = 5000
/** Time between two polls of a task that may not put, in milliseconds. */
const LEASE_CHECK_MS = 50
/**
 * How long reading a fetched batch waits for converters in total. Then the records read so far are put, and the consumer
 * is polled again, so that the group can rebalance and `max.poll.interval.ms` is not exceeded.
 */
const LONGEST_CONVERTER_WAIT_MS = 5000

export interface SinkTaskParts {
  /** Opens the connector's task; called when the task first runs. */
  open(): Promise<SinkTask>
  /** Joins the consumer group; the listener handles rebalances. */
  openConsumer(listener: RebalanceListener): Promise<Consumer>
  readonly reader: SinkReader
  readonly chain: TransformChain<SinkRecord>
  readonly offsets: SinkOffsets
  readonly requests: SinkRequests
  readonly handler: ErrorHandler
  /** Shows long waits for converters. */
  readonly outages: WaitReports
  readonly calls: PluginCalls
  readonly settings: CommitSettings
  /** Held while no other worker may have the task. */
  readonly lease: Pick<Lease, 'held'>
  readonly metrics: TaskMetrics
  readonly retries: Retries
  readonly log: Logger
  /** Called when the task reads from a topic. */
  readonly topicUsed: (topic: string) => void
}

/**
 * Runs a sink task from start to end. Resolves on a clean stop; rejects with the error that failed it.
 *
 * Source: WorkerSinkTask. Differs: before a task fails on a record that may not be skipped, the records before it are
 * put.
 */
export async function runSinkTask(
  parts: SinkTaskParts,
  control: TaskControl,
  events: TaskEvents,
): Promise<void> {
  if (control.paused) {
    events.paused()
    await control.whilePaused()
  }
  if (control.stopping) return
  const task = await parts.calls.run(() => parts.open())
  try {
    if (!control.ending.aborted) await new SinkLoop(task, parts, control, events).run()
    control.throwFailure()
  } finally {
    await closeTask(task, parts)
  }
}

class SinkLoop {
  readonly #parts: SinkTaskParts
  readonly #control: TaskControl
  readonly #events: TaskEvents
  readonly #delivery: SinkDelivery
  readonly #rebalances: SinkRebalances
  readonly #waits: ConverterWaits
  readonly #task: SinkTask
  #consumer: Consumer | undefined
  #committer: SinkCommitter | undefined
  #resting = false
  /** Aborted when the task has to pause, stop or fail. Replaced for each batch. */
  #interrupt = new AbortController()
  /** When reading the current batch stops waiting for converters, in milliseconds since the epoch. */
  #readUntil = 0
  /** The error that ends the task after the records before the failed one are put. */
  #fatal: unknown

  constructor(task: SinkTask, parts: SinkTaskParts, control: TaskControl, events: TaskEvents) {
    this.#task = task
    this.#parts = parts
    this.#control = control
    this.#events = events
    this.#delivery = new SinkDelivery({ ...parts, task })
    this.#waits = new ConverterWaits(this.#unlessInterrupted, parts.outages)
    this.#rebalances = new SinkRebalances({
      ...parts,
      task,
      delivery: this.#delivery,
      consumer: () => this.#consumer,
      committer: () => this.#committer,
      abandoned: () => control.stop.hard.aborted || !parts.lease.held,
      pauseOrResume: () => this.#pauseOrResume(),
    })
  }

  async run(): Promise<void> {
    const consumer = await this.#parts.openConsumer(this.#rebalances)
    this.#consumer = consumer
    const committer = new SinkCommitter({ ...this.#parts, task: this.#task, consumer })
    this.#committer = committer
    this.#control.onChange(() => {
      this.#interrupt.abort()
      consumer.wake()
    })
    this.#events.running()
    try {
      while (!this.#control.ending.aborted) await this.#turn(consumer, committer)
    } catch (error) {
      this.#control.end(error)
      throw error
    } finally {
      this.#waits.forget()
      await consumer.close()
    }
  }

  async #turn(consumer: Consumer, committer: SinkCommitter): Promise<void> {
    const delivery = this.#delivery
    const { ending } = this.#control
    if (!this.#parts.lease.held) return this.#rest(consumer)
    this.#followPause()
    await committer.commitIfDue()
    applySeeks(this.#parts.requests, consumer, this.#parts.offsets)
    const segments = await this.#poll(consumer, this.#waitMs(committer))
    this.#rebalances.check()
    if (ending.aborted) return
    if (!delivery.retrying) await this.#read(segments)
    if (delivery.dueInMs > 0) return
    await this.#put(ending)
    if (this.#fatal !== undefined && !delivery.retrying && !ending.aborted) throw this.#fatal
    this.#parts.metrics.lag = lagOf(consumer)
  }

  /**
   * Invariant 5: a task that another worker may have neither puts nor commits. It keeps its batch and its partitions
   * until its consumer leaves the group.
   */
  async #rest(consumer: Consumer): Promise<void> {
    consumer.pauseAll()
    await consumer.poll(LEASE_CHECK_MS, this.#control.ending)
    this.#rebalances.check()
    this.#pauseOrResume()
  }

  async #poll(consumer: Consumer, waitMs: number): Promise<readonly Segment[]> {
    const { requests } = this.#parts
    requests.waitsUntil = Date.now() + waitMs
    try {
      return await consumer.poll(waitMs, this.#control.ending)
    } finally {
      requests.waitsUntil = undefined
    }
  }

  async #put(signal: AbortSignal): Promise<void> {
    const wasRetrying = this.#delivery.retrying
    this.#parts.requests.putAt = undefined
    try {
      await this.#unlessOverdue(this.#delivery.put(signal))
    } catch (error) {
      if (this.#control.failure === undefined) throw error // else that failure caused it
    }
    if (this.#delivery.retrying !== wasRetrying) this.#pauseOrResume()
  }

  /** Settles as `put` does. After the task called `fail`, abandons a `put` that does not return in time. */
  #unlessOverdue(put: Promise<void>): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: Timer | undefined
      const forget = onAbort(this.#control.ending, () => {
        if (this.#control.failure === undefined) return
        timer = startTimer(PUT_GRACE_MS, () => {
          this.#parts.log.warn(
            'put() has not returned after the failure of the task; no more offsets are committed',
            {
              timeoutMs: PUT_GRACE_MS,
            },
          )
          this.#control.abandon()
          resolve()
        })
      })
      const settled = () => {
        timer?.cancel()
        forget()
      }
      void put.finally(settled).then(resolve, reject)
    })
  }

  /** Returns how long a poll may wait before something else is due. */
  #waitMs(committer: SinkCommitter): number {
    const { retrying, dueInMs } = this.#delivery
    if (retrying) return Math.min(committer.dueInMs, dueInMs)
    const { putAt } = this.#parts.requests
    if (putAt === undefined) return committer.dueInMs
    // Never 0: otherwise a task that always requests an immediate call would starve its process
    return Math.min(committer.dueInMs, Math.max(1, putAt - Date.now()))
  }

  /** While paused, no records are read, but group membership continues and `put` still gets empty batches. */
  #followPause(): void {
    if (this.#control.paused === this.#resting) return
    this.#resting = this.#control.paused
    this.#pauseOrResume()
    if (this.#resting) {
      this.#parts.requests.commit = true
      this.#events.paused()
    } else {
      this.#events.running()
    }
  }

  /**
   * Pauses all partitions while the task is paused or retries a batch; otherwise only those that the task
   * paused.
   */
  #pauseOrResume(): void {
    if (this.#resting || this.#delivery.retrying) this.#consumer?.pauseAll()
    else this.#consumer?.resumeAll([...this.#parts.requests.paused.values()])
  }

  async #read(segments: readonly Segment[]): Promise<void> {
    const { reader, chain, handler, metrics, offsets } = this.#parts
    handler.hold()
    this.#readUntil = Date.now() + LONGEST_CONVERTER_WAIT_MS
    this.#interrupt = new AbortController()
    if (this.#control.paused !== this.#resting) this.#interrupt.abort() // it was paused during the poll
    for (const { topic, partition, records: fetched, fromOffset } of segments) {
      metrics.bytesIn += fetched.bytes.length
      offsets.began(topic, partition, fromOffset)
    }
    const { records, fatal, unread } = await reader.read(segments, this.#waits)
    if (unread.length === 0) this.#waits.forget()
    else this.#consumer?.seek(unread)
    metrics.recordsIn += records.length
    const batch = new RecordBatch(records)
    await chain.run(batch)
    const kept: SinkRecord[] = []
    for (let index = 0; index < batch.limit; index++) {
      const record = batch.current[index]
      if (record === null || record === undefined) continue
      if (reader.keepsBytes) copyBatchRef(batch.records[index] ?? record, record)
      kept.push(record)
    }
    metrics.recordsDropped += batch.limit - kept.length
    this.#delivery.take(kept)
    if (batch.fatal === undefined) this.#fatal = fatal
    else this.#cutBehind(batch.records.slice(batch.limit), batch.fatal)
    const last = this.#fatal instanceof RecordError ? this.#fatal.failure : undefined
    await handler.release(readingOrder(segments), last)
    this.#noteTopics(records)
  }

  readonly #unlessInterrupted: Wait = (until) => {
    const leftMs = Math.max(0, this.#readUntil - Date.now())
    return waitAtMost(leftMs, this.#interrupt.signal, () => new ConversionInterrupted())(until)
  }

  /**
   * A topic counts as used after the first successful conversion. Source: WorkerSinkTask.recordActiveTopic.
   */
  #noteTopics(records: readonly SinkRecord[]): void {
    let noted: string | undefined
    for (const { originalTopic } of records) {
      if (originalTopic === noted) continue
      noted = originalTopic
      this.#parts.topicUsed(originalTopic)
    }
  }

  /**
   * Resets the read offsets to exclude the failed record and those read after it, in any partition: the task
   * does not receive them.
   */
  #cutBehind(left: readonly SinkRecord[], fatal: unknown): void {
    this.#fatal = fatal
    for (const { originalTopic, originalPartition, originalOffset } of left.toReversed()) {
      this.#parts.offsets.read(originalTopic, originalPartition, originalOffset - 1)
    }
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
