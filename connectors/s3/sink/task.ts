import {
  ConnectError,
  reasonOf,
  type PartitionOffset,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
  type TopicPartition,
} from '../../../api/index.ts'
import type { ObjectWriter, SinkPlan } from '../ports.ts'
import { destinations } from './batch/destinations.ts'
import { sinkMetrics } from './metrics.ts'
import { PartitionWriter, type WriterParts } from './partition-writer.ts'
import { Putting } from './putting.ts'
import { Storing } from './storing/storing.ts'
import { settledWithin } from './waits.ts'

/** How long a commit, or a `put` that fails, waits until closed objects are stored. */
const STORED_WAIT_MS = 30_000
/** How long closing partitions waits until uploads are aborted; that goes on in the background. */
const CLOSE_WAIT_MS = 5000
const LEFTOVERS_WAIT_MS = 10_000
/** Number of open objects at which a warning is logged. */
const MANY_OBJECTS = 500

/** What a sink task works with. */
export interface SinkTaskParts {
  readonly plan: SinkPlan
  /** Closed by the task. */
  readonly objects: ObjectWriter
  readonly context: SinkTaskContext
  /** Memory in bytes that encoders may hold together; beyond it the largest ones pass on what they hold. */
  readonly maxHeldBytes: number
  /**
   * Aborts the uploads to objects of these partitions, left behind by earlier tasks; null if that is not wanted. A
   * rejection is logged.
   */
  readonly abortLeftovers:
    ((partitions: readonly TopicPartition[], signal: AbortSignal) => Promise<void>) | null
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

/**
 * Opens a sink task that writes as the plan says.
 *
 * Source: S3SinkTask.
 */
export function openSinkTask(parts: SinkTaskParts): SinkTask {
  return new ObjectSinkTask(parts)
}

class ObjectSinkTask implements SinkTask {
  readonly #options: SinkTaskParts
  readonly #parts: WriterParts
  readonly #putting: Putting
  readonly #writers = new Map<string, PartitionWriter>()
  /** Aborted when nothing more may be stored. */
  readonly #ended = new AbortController()
  /** Ends asking for calls of `put`. */
  readonly #forget: () => void
  #warned = false

  constructor(options: SinkTaskParts) {
    const { plan, objects, context, now = Date.now } = options
    const metrics = sinkMetrics(context.metrics)
    const storing = new Storing(plan, context, metrics)
    this.#options = options
    this.#parts = { plan, objects, context, storing, metrics, destinationOf: destinations(plan), now }
    this.#putting = new Putting(this.#parts, options.maxHeldBytes, this.#ended.signal)
    this.#forget = storing.onChange(() => {
      if (this.#putting.waiting || this.#all().some(({ mustSeek }) => mustSeek)) context.putWithin(0)
    })
    context.hardStop.addEventListener('abort', () => void this.#end(), { once: true })
  }

  async open(partitions: readonly TopicPartition[]): Promise<void> {
    await this.closePartitions(partitions)
    for (const { topic, partition } of partitions) {
      this.#writers.set(keyOf(topic, partition), new PartitionWriter({ topic, partition }, this.#parts))
    }
    await this.#abortLeftovers(partitions)
  }

  async put(records: readonly SinkRecord[], signal: AbortSignal): Promise<void> {
    this.#throwFailure()
    this.#add(records)
    this.#sendBack()
    const writers = this.#all()
    try {
      await this.#putting.write(writers, this.#parts.now(), signal)
    } catch (error) {
      // Objects that are complete do not depend on the record that fails the task
      await settledWithin(whenStored(writers), STORED_WAIT_MS, signal)
      throw error
    }
    this.#sendBack()
    this.#show(writers)
    this.#throwFailure()
  }

  async preCommit(offsets: readonly PartitionOffset[]): Promise<readonly PartitionOffset[]> {
    const { plan, context, storing } = this.#parts
    const writers = offsets.map(({ topic, partition }) => this.#writers.get(keyOf(topic, partition)))
    const stopping = context.signal.aborted && storing.failure === undefined
    if (plan.rotation.atCommit || stopping) {
      if (plan.rotation.atCommit) this.#closeObjects(writers)
      await settledWithin(whenStored(writers), STORED_WAIT_MS, context.hardStop)
    }
    return offsets.flatMap((position, index) => {
      const writer = writers[index]
      if (writer === undefined) return []
      // It is beyond the position if records were stored before one of the same batch failed
      return [{ ...position, offset: Math.min(writer.safeOffset(position.offset), position.offset) }]
    })
  }

  async closePartitions(partitions: readonly TopicPartition[]): Promise<void> {
    const closed: PartitionWriter[] = []
    for (const { topic, partition } of partitions) {
      const key = keyOf(topic, partition)
      const writer = this.#writers.get(key)
      if (writer !== undefined) closed.push(writer)
      this.#writers.delete(key)
    }
    this.#putting.forget(closed)
    const done = Promise.all(closed.map((writer) => writer.close()))
    await settledWithin(done, CLOSE_WAIT_MS, this.#parts.context.hardStop)
  }

  async close(): Promise<void> {
    await settledWithin(this.#end(), CLOSE_WAIT_MS, this.#parts.context.hardStop)
    await this.#parts.objects.close()
  }

  /** Drops everything that is not stored. Never rejects. */
  async #end(): Promise<void> {
    this.#forget()
    this.#parts.storing.close()
    this.#ended.abort(new Error('the task has ended'))
    await Promise.all(this.#all().map((writer) => writer.close()))
  }

  /** Fails the task if records cannot be written. The worker would only try the commit again. */
  #closeObjects(writers: readonly (PartitionWriter | undefined)[]): void {
    try {
      for (const writer of writers) writer?.closeObjects()
    } catch (error) {
      this.#parts.storing.fail(error)
    }
  }

  #throwFailure(): void {
    const { failure } = this.#parts.storing
    if (failure !== undefined) throw failure.error
  }

  #all(): PartitionWriter[] {
    return [...this.#writers.values()]
  }

  /** Gives each record to the writer of the partition it was read from; those of a partition follow one another. */
  #add(records: readonly SinkRecord[]): void {
    let writer: PartitionWriter | undefined
    for (const record of records) {
      const { originalTopic, originalPartition } = record
      if (writer?.id.topic !== originalTopic || writer.id.partition !== originalPartition) {
        writer = this.#writers.get(keyOf(originalTopic, originalPartition))
        if (writer === undefined) throw notAssigned(originalTopic, originalPartition)
      }
      writer.add(record)
    }
  }

  /** Only during `put`: a batch that was being read at the time of the call would arrive as if it came from there. */
  #sendBack(): void {
    const offsets: PartitionOffset[] = []
    for (const writer of this.#writers.values()) {
      const offset = writer.takeSeek()
      if (offset !== undefined) offsets.push({ ...writer.id, offset })
    }
    if (offsets.length > 0) this.#parts.context.seek(offsets)
  }

  #show(writers: readonly PartitionWriter[]): void {
    const { metrics, storing, context } = this.#parts
    const openObjects = writers.reduce((sum, writer) => sum + writer.openCount, 0)
    const { closedObjects } = storing
    metrics.show({ openObjects, closedObjects, heldBytes: this.#putting.heldBytes })
    if (openObjects < MANY_OBJECTS || this.#warned) return
    this.#warned = true
    context.log.warn(
      'many objects are open, each of which takes up memory; partition into fewer directories',
      {
        objects: openObjects,
      },
    )
  }

  async #abortLeftovers(partitions: readonly TopicPartition[]): Promise<void> {
    const { abortLeftovers, context } = this.#options
    if (abortLeftovers === null || partitions.length === 0) return
    const signal = AbortSignal.any([context.signal, AbortSignal.timeout(LEFTOVERS_WAIT_MS)])
    try {
      await abortLeftovers(partitions, signal)
    } catch (error) {
      if (context.signal.aborted) return
      context.log.warn('cannot abort uploads that earlier tasks left behind', { reason: reasonOf(error) })
    }
  }
}

/** Never rejects. */
async function whenStored(writers: readonly (PartitionWriter | undefined)[]): Promise<void> {
  await Promise.all(writers.map(async (writer) => writer?.whenStored()))
}

function keyOf(topic: string, partition: number): string {
  return `${topic}\0${partition}`
}

function notAssigned(topic: string, partition: number): ConnectError {
  return new ConnectError(
    'HR_ILLEGAL_STATE',
    `found a record of ${topic}-${partition}, which is not assigned`,
  )
}
