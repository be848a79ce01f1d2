import { isRetriable, type SourceRecord } from '../../../api/index.ts'
import { ConversionFailure, type ErrorHandler } from '../../errors/index.ts'
import type { Producer } from '../../kafka/index.ts'
import { RecordBatch, type Serializer, type TransformChain } from '../../pipeline/index.ts'
import { sleep } from '../../timing/index.ts'
import type { TaskMetrics } from '../metrics.ts'
import type { BatchTicket } from './offset-ledger.ts'
import type { TopicPreparer } from './topic-creation.ts'

const TOPIC_RETRY_MS = 100

export interface SourceSenderParts {
  readonly chain: TransformChain<SourceRecord>
  readonly serializer: Serializer
  readonly producer: Producer
  readonly topics: Pick<TopicPreparer, 'isReady' | 'prepare'>
  readonly handler: ErrorHandler
  readonly metrics: TaskMetrics
  /** A record goes to a topic. */
  readonly topicUsed: (topic: string) => void
}

/** Takes polled batches through transforms and converters to the producer. */
export class SourceSender {
  readonly #parts: SourceSenderParts

  constructor(parts: SourceSenderParts) {
    this.#parts = parts
  }

  /**
   * Sends a batch without waiting for acknowledgements, only for room in the buffer.
   *
   * Throws what ends the task, after the records before the culprit are sent; or the reason of `signal`.
   */
  async send(records: readonly SourceRecord[], ticket: BatchTicket, signal: AbortSignal): Promise<void> {
    const batch = new RecordBatch(records)
    await this.#parts.chain.run(batch)
    let next = 0
    try {
      while (next < batch.limit) {
        next = this.#sendSome(batch, ticket, next)
        if (next < batch.limit || this.#full) next = await this.#overcome(batch, ticket, next, signal)
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

  #failure: ConversionFailure | undefined
  #full = false

  /** Sends records until one needs more than a moment; answers which. */
  #sendSome(batch: RecordBatch<SourceRecord>, ticket: BatchTicket, from: number): number {
    const { serializer, producer, topics, metrics, topicUsed } = this.#parts
    const now = Date.now()
    for (let index = from; index < batch.limit; index++) {
      const record = batch.current[index]
      if (record === null || record === undefined) {
        this.#drop(batch, ticket, index)
        continue
      }
      if (!topics.isReady(record.topic)) return index
      try {
        serializer.convert(record, now)
      } catch (failure) {
        this.#failure = failure as ConversionFailure
        return index
      }
      metrics.bytesOut += (serializer.key?.length ?? 0) + (serializer.value?.length ?? 0)
      topicUsed(record.topic)
      if (!producer.append(record.topic, record.partition, serializer, ticket, index)) {
        this.#full = true
        return index + 1
      }
    }
    return batch.limit
  }

  /** A record that was dropped counts as passed once its report, if there is one, is safe. */
  #drop(batch: RecordBatch<SourceRecord>, ticket: BatchTicket, index: number): void {
    this.#parts.metrics.recordsDropped++
    const report = batch.report(index)
    if (report === undefined) ticket.dropped(index)
    else ticket.droppedAfter(index, report)
  }

  /** Deals with what stopped {@link #sendSome}; answers where to go on. */
  async #overcome(
    batch: RecordBatch<SourceRecord>,
    ticket: BatchTicket,
    index: number,
    signal: AbortSignal,
  ): Promise<number> {
    if (this.#full) {
      this.#full = false
      await this.#parts.producer.room(signal)
      return index
    }
    const failure = this.#failure
    this.#failure = undefined
    if (failure !== undefined) return this.#resolve(batch, ticket, index, failure)
    const topic = batch.current[index]?.topic ?? ''
    await this.#prepare(topic, signal)
    return index
  }

  async #prepare(topic: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      try {
        await this.#parts.topics.prepare(topic, signal)
        return
      } catch (error) {
        if (signal.aborted || !isRetriable(error)) throw error
        await sleep(TOPIC_RETRY_MS, signal)
      }
    }
  }

  async #resolve(
    batch: RecordBatch<SourceRecord>,
    ticket: BatchTicket,
    index: number,
    { stage, executingClass, error }: ConversionFailure,
  ): Promise<number> {
    const { handler, serializer, producer } = this.#parts
    const record = batch.current[index]
    if (record === null || record === undefined) return index + 1
    const original = batch.records[index]
    try {
      const resolved = await handler.resolve({ stage, executingClass, error, record: original }, () =>
        serializer.convert(record, Date.now()),
      )
      if (!('value' in resolved)) {
        batch.skip(index, resolved.safe)
        this.#drop(batch, ticket, index)
      } else {
        this.#full = !producer.append(record.topic, record.partition, resolved.value, ticket, index)
      }
      return index + 1
    } catch (fatal) {
      batch.cut(index, fatal)
      return batch.limit
    }
  }
}
