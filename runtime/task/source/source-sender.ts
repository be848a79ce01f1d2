import { ConnectError, isConnectError, isRetriable, type SourceRecord } from '../../../api/index.ts'
import { ConversionFailure, type ErrorHandler, type Resolution } from '../../errors/index.ts'
import type { Producer } from '../../kafka/index.ts'
import {
  RecordBatch,
  type ConverterWaits,
  type Serializer,
  type TransformChain,
} from '../../pipeline/index.ts'
import { sleep } from '../../timing/index.ts'
import type { TaskMetrics } from '../metrics.ts'
import type { BatchTicket } from './batch-ticket.ts'
import { isRejection, rejectedRecord } from './rejected-records.ts'
import type { TopicPreparer } from './topic-creation.ts'

const TOPIC_RETRY_MS = 100

export interface SourceSenderParts {
  readonly chain: TransformChain<SourceRecord>
  readonly serializer: Serializer
  readonly producer: Pick<Producer, 'check' | 'append' | 'refresh' | 'room'>
  readonly topics: Pick<TopicPreparer, 'isReady' | 'create' | 'findPartitions'>
  readonly handler: ErrorHandler
  readonly metrics: TaskMetrics
  /** Called when a record is sent to a topic. */
  readonly topicUsed: (topic: string) => void
}

const FULL = Symbol('the buffer is full')
const UNPREPARED = Symbol('the topic is not prepared')

/**
 * The reason why a record cannot be sent at once; an error comes from its conversion or from the producer.
 */
type Obstacle = typeof FULL | typeof UNPREPARED | { readonly error: unknown }

/** The next record to process, and what blocks it. */
interface Step {
  readonly index: number
  readonly obstacle?: Obstacle
}

/** Passes polled batches through transforms and converters to the producer. */
export class SourceSender {
  readonly #parts: SourceSenderParts
  readonly #waits: ConverterWaits

  constructor(parts: SourceSenderParts, waits: ConverterWaits) {
    this.#parts = parts
    this.#waits = waits
  }

  /**
   * Sends a batch. Waits for room in the buffer, but not for acknowledgements.
   *
   * Throws the error that ends the task, after sending the records before the failed one; or the reason of
   * `signal`.
   */
  async send(records: readonly SourceRecord[], ticket: BatchTicket, signal: AbortSignal): Promise<void> {
    const batch = new RecordBatch(records)
    await this.#parts.chain.run(batch)
    let next = 0
    try {
      while (next < batch.limit) {
        let step = this.#sendSome(batch, ticket, next)
        for (next = step.index; step.obstacle !== undefined; next = step.index) {
          step = await this.#handleObstacle(batch, ticket, step.index, step.obstacle, signal)
        }
      }
    } catch (error) {
      ticket.abandoned(next)
      throw error
    }
    if (batch.fatal !== undefined) {
      ticket.abandoned(batch.limit)
      throw batch.fatal
    }
  }

  /** Sends records synchronously until one cannot be sent at once. */
  #sendSome(batch: RecordBatch<SourceRecord>, ticket: BatchTicket, from: number): Step {
    const { serializer, topics } = this.#parts
    const now = Date.now()
    /** Consecutive records mostly share a topic. */
    let ready: string | undefined
    for (let index = from; index < batch.limit; index++) {
      const record = batch.current[index]
      if (record === null || record === undefined) {
        this.#drop(batch, ticket, index)
        continue
      }
      try {
        serializer.convert(record, now)
        if (record.topic !== ready && !topics.isReady(record.topic)) {
          return this.#unprepared(record, serializer, index)
        }
        ready = record.topic
        if (!this.#append(record, serializer, ticket, index)) return fullAfter(index)
      } catch (error) {
        return { index, obstacle: { error } }
      }
    }
    return { index: batch.limit }
  }

  /**
   * Has the record's topic prepared. Throws instead when the record can never be written: neither it nor one that
   * cannot be converted creates an empty topic.
   */
  #unprepared({ partition }: SourceRecord, bytes: Serializer, index: number): Step {
    this.#parts.producer.check(partition, bytes)
    return { index, obstacle: UNPREPARED }
  }

  /**
   * Appends a record to the producer's buffer. Returns false when the buffer is then full. Throws when the
   * producer rejects the record.
   */
  #append(record: SourceRecord, bytes: Serializer, ticket: BatchTicket, index: number): boolean {
    const { producer, metrics, topicUsed } = this.#parts
    const room = producer.append(record.topic, record.partition, bytes, ticket, index)
    metrics.bytesOut += (bytes.key?.length ?? 0) + (bytes.value?.length ?? 0)
    topicUsed(record.topic)
    return room
  }

  /** Settles a dropped record, after its report is safe if there is one. */
  #drop(batch: RecordBatch<SourceRecord>, ticket: BatchTicket, index: number): void {
    this.#parts.metrics.recordsDropped++
    const report = batch.report(index)
    if (report === undefined) ticket.dropped(index)
    else ticket.droppedAfter(index, report)
  }

  /** Handles the obstacle that stopped {@link #sendSome}. */
  async #handleObstacle(
    batch: RecordBatch<SourceRecord>,
    ticket: BatchTicket,
    index: number,
    obstacle: Obstacle,
    signal: AbortSignal,
  ): Promise<Step> {
    if (obstacle === FULL) await this.#parts.producer.room(signal)
    else if (obstacle === UNPREPARED) return this.#prepare(batch, ticket, index, signal)
    else return this.#resolve(batch, ticket, index, obstacle.error, signal)
    return { index }
  }

  /**
   * Prepares the topic of a record. A topic that Kafka rejects is a rejected record, as in Kafka's own
   * producer.
   */
  async #prepare(
    batch: RecordBatch<SourceRecord>,
    ticket: BatchTicket,
    index: number,
    signal: AbortSignal,
  ): Promise<Step> {
    const topic = batch.current[index]?.topic
    if (typeof topic !== 'string') throw new ConnectError('HR_ILLEGAL_ARGUMENT', 'Topic cannot be null.')
    await this.#create(topic, signal)
    try {
      await this.#parts.topics.findPartitions(topic, signal)
      return { index }
    } catch (error) {
      if (signal.aborted || !isConnectError(error)) throw error
      return this.#refused(batch, ticket, index, error)
    }
  }

  async #create(topic: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#parts.topics.create(topic, signal)
        return
      } catch (error) {
        if (signal.aborted || !isRetriable(error)) throw error
        await sleep(TOPIC_RETRY_MS, signal)
      }
    }
  }

  #refused(batch: RecordBatch<SourceRecord>, ticket: BatchTicket, index: number, error: ConnectError): Step {
    if (!this.#parts.handler.tolerates) return cutAt(batch, index, rejectedRecord(error))
    ticket.failed(index, 1, error)
    return { index: index + 1 }
  }

  /**
   * Handles a record that failed conversion, or that the producer rejected.
   *
   * Differs: `errors.tolerance=all` covers invalid timestamps and partitions.
   */
  async #resolve(
    batch: RecordBatch<SourceRecord>,
    ticket: BatchTicket,
    index: number,
    error: unknown,
    signal: AbortSignal,
  ): Promise<Step> {
    const record = batch.current[index]
    if (record === null || record === undefined) return { index: index + 1 }
    if (error instanceof ConversionFailure) return this.#convertAgain(batch, ticket, index, error)
    if (!isRejection(error)) return cutAt(batch, index, error)
    if (error.code === 'HR_KAFKA_REFUSED') {
      const step = await this.#appendAgain(record, ticket, index, signal)
      if (step !== undefined) return step
    }
    return this.#refused(batch, ticket, index, error)
  }

  /**
   * Retries after a metadata refresh, since the partition may be new. Resolves to undefined when the record
   * is rejected again.
   */
  async #appendAgain(
    record: SourceRecord,
    ticket: BatchTicket,
    index: number,
    signal: AbortSignal,
  ): Promise<Step | undefined> {
    const { producer, serializer } = this.#parts
    await producer.refresh(record.topic, signal)
    try {
      return this.#append(record, serializer, ticket, index) ? { index: index + 1 } : fullAfter(index)
    } catch (error) {
      return isRejection(error) ? undefined : { index, obstacle: { error } }
    }
  }

  /** Waits for a converter that is not ready, or handles the failure. */
  async #convertAgain(
    batch: RecordBatch<SourceRecord>,
    ticket: BatchTicket,
    index: number,
    failure: ConversionFailure,
  ): Promise<Step> {
    const { handler, serializer, topics } = this.#parts
    const record = batch.current[index]
    if (record === null || record === undefined) return { index: index + 1 }
    const about = { record: batch.records[index] }
    let resolved: Resolution<Serializer>
    try {
      resolved = await this.#waits.resolve(handler, failure, about, () =>
        serializer.convert(record, Date.now()),
      )
    } catch (fatal) {
      return cutAt(batch, index, fatal)
    }
    if (!('value' in resolved)) {
      batch.skip(index, resolved.safe)
      this.#drop(batch, ticket, index)
      return { index: index + 1 }
    }
    try {
      if (!topics.isReady(record.topic)) return this.#unprepared(record, resolved.value, index)
      return this.#append(record, resolved.value, ticket, index) ? { index: index + 1 } : fullAfter(index)
    } catch (refusal) {
      return { index, obstacle: { error: refusal } }
    }
  }
}

const fullAfter = (index: number): Step => ({ index: index + 1, obstacle: FULL })

/** Cuts a batch before a record that ends the task. */
function cutAt(batch: RecordBatch<SourceRecord>, index: number, error: unknown): Step {
  batch.cut(index, error)
  return { index: batch.limit }
}
