import { ConnectError } from '../../../api/index.ts'
import { abortReason, Changes, within } from '../../timing/index.ts'
import { brokerError } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { DeliveryListener, Producer, RawRecord } from '../ports.ts'
import { BatchBuilder, isTimestamp, RECORD_OVERHEAD } from '../record-batch/index.ts'
import { ProducerBatch, type BatchQueue } from './batch.ts'
import type { Identities } from './identities.ts'
import { PartitionQueue } from './partition-queue.ts'
import { Sender } from './sender.ts'
import type { ProducerSettings } from './settings.ts'
import { TopicPartitions } from './topic-partitions.ts'

const FIRST_BUFFER_BYTES = 16 * 1024
/** Room behind `batch.size`, so that the last record's worst case does not make the buffer grow. */
const SLACK_BYTES = 4096
const POOLED_BUFFERS = 8

/** Hooks by which a transactional producer takes part. */
export interface TransactionHooks {
  enlist(queues: readonly BatchQueue[]): Promise<void>
}

/** The record path into Kafka: fills batches, reserves their bytes, and leaves sending to the {@link Sender}. */
export class BatchingProducer implements Producer {
  readonly #client: KafkaClient
  readonly #settings: ProducerSettings
  readonly #sender: Sender
  readonly #topics = new Map<string, TopicPartitions>()
  readonly #preparing = new Map<string, Promise<void>>()
  readonly #pool: Buffer[] = []
  readonly #settled = new Changes()
  #unsettledBytes = 0
  #flushes = 0
  #wakeScheduled = false
  /** Why no more records are taken. */
  #stopped: ConnectError | undefined

  constructor(
    client: KafkaClient,
    settings: ProducerSettings,
    identities: Identities,
    hooks?: TransactionHooks,
  ) {
    this.#client = client
    this.#settings = settings
    this.#sender = new Sender(client, settings, identities, {
      settled: (batch) => this.#onSettled(batch),
      hurry: () => this.#flushes > 0 || this.#isFull(),
      partitions: (topic, count) => this.#grow(topic, count),
      enlist: async (queues) => hooks?.enlist(queues),
    })
  }

  get queues(): BatchQueue[] {
    return [...this.#topics.values()].flatMap((topic) => topic.queues)
  }

  async prepare(topic: string, signal: AbortSignal): Promise<void> {
    if (this.#topics.has(topic)) return
    const find = () => this.#find(topic, signal).finally(() => this.#preparing.delete(topic))
    const preparing = this.#preparing.get(topic) ?? find()
    this.#preparing.set(topic, preparing)
    await preparing
  }

  append(
    topic: string,
    partition: number | null,
    record: RawRecord,
    listener: DeliveryListener,
    index: number,
  ): boolean {
    const partitions = this.#topics.get(topic)
    if (this.#stopped !== undefined) throw stopped(this.#stopped)
    if (partitions === undefined) throw new TypeError(`topic ${topic} is not prepared`)
    const size = recordSize(record)
    const fault = faultOf(record, size, this.#settings.maxRecordBytes)
    if (fault !== undefined) throw fault
    const queue = partitions.queues[partition ?? partitions.choose(record.key, size)]
    if (queue === undefined) throw noPartition(topic, partition, partitions.queues.length)
    this.#write(queue, record, size).owned(listener, index)
    this.#scheduleWake()
    return !this.#isFull()
  }

  async refresh(topic: string, signal: AbortSignal): Promise<void> {
    await this.#find(topic, signal)
  }

  async room(signal: AbortSignal): Promise<void> {
    const { maxBlockMs } = this.#settings
    const ready = () => this.#stopped !== undefined || !this.#isFull()
    const inTime = await this.#settled.waitFor(ready, maxBlockMs, signal)
    if (this.#stopped !== undefined) throw stopped(this.#stopped)
    if (inTime) return
    if (signal.aborted) throw abortReason(signal)
    const message = `No room in the producer's buffer within ${maxBlockMs} ms (buffer.memory)`
    throw new ConnectError('HR_KAFKA_UNAVAILABLE', message, { configKey: 'buffer.memory' })
  }

  async flush(signal: AbortSignal): Promise<void> {
    this.#flushes++
    this.#sender.wake()
    try {
      await this.#settled.until(() => this.queues.every((queue) => queue.empty), signal)
    } finally {
      this.#flushes--
    }
  }

  stop(error: ConnectError): void {
    this.#stopped ??= error
    this.#sender.stop(error)
    this.#settled.notify()
  }

  async close(timeoutMs: number): Promise<void> {
    const error = new ConnectError(
      'HR_KAFKA_UNAVAILABLE',
      'The producer was closed before the records were written',
    )
    this.#stopped ??= error
    const late = new AbortController()
    const flushed = this.flush(late.signal).catch(() => {}) // what is left fails below
    await within(timeoutMs, flushed, () => late.abort())
    this.#sender.close(error)
    await this.#client.close()
  }

  async #find(topic: string, signal: AbortSignal): Promise<void> {
    const doing = `find topic ${topic}`
    const partitions = await this.#client.retry(
      doing,
      { signal, timeoutMs: this.#settings.maxBlockMs },
      async () => {
        const { topics } = await this.#client.refresh([topic], { createMissing: true, signal })
        const [found] = topics
        if (found !== undefined && found.errorCode !== 0) throw brokerError(found.errorCode, doing)
        return found?.partitions ?? []
      },
    )
    const { batchBytes, ignoreKeys } = this.#settings
    if (!this.#topics.has(topic)) this.#topics.set(topic, new TopicPartitions([], batchBytes, ignoreKeys))
    this.#grow(topic, partitions.length)
  }

  /** Drops what was never sent, and resolves once the rest is settled. */
  async discard(error: ConnectError, signal: AbortSignal): Promise<void> {
    this.#sender.discard(error)
    await this.#settled.until(() => this.queues.every((queue) => queue.empty), signal)
  }

  /** Partitions are numbered without gaps, and never get fewer. */
  #grow(topic: string, count: number): void {
    const queues = this.#topics.get(topic)?.queues
    while (queues !== undefined && queues.length < count) {
      const queue = new PartitionQueue<ProducerBatch>(topic, queues.length)
      queues.push(queue)
      this.#sender.add(queue)
    }
  }

  #write(queue: BatchQueue, record: RawRecord, size: number): ProducerBatch {
    const batch = this.#batchFor(queue, size)
    const { builder } = batch
    const before = builder.size
    try {
      builder.append(record)
    } catch (error) {
      queue.dropEmpty()
      throw error
    }
    batch.reservedBytes += builder.size - before
    this.#unsettledBytes += builder.size - before
    return batch
  }

  #batchFor(queue: BatchQueue, size: number): ProducerBatch {
    const { open } = queue
    if (open !== undefined && open.builder.size + size <= this.#settings.batchBytes) return open
    queue.closeBatch()
    const builder = new BatchBuilder(this.#pool.pop() ?? Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES))
    return queue.openBatch((order) => new ProducerBatch(queue, builder, Date.now(), order))
  }

  #onSettled(batch: ProducerBatch): void {
    this.#unsettledBytes -= batch.reservedBytes
    const { buffer } = batch.builder
    const small = buffer.length <= this.#settings.batchBytes * 2 + SLACK_BYTES
    if (small && this.#released(batch) && this.#pool.length < POOLED_BUFFERS) this.#pool.push(buffer)
    this.#settled.notify()
  }

  /** Whether no socket can hold the batch's buffer any more: unsent, or sent once and answered. */
  #released(batch: ProducerBatch): boolean {
    return this.#settings.acks !== 0 && batch.attempts <= 1 && this.#stopped === undefined
  }

  #isFull(): boolean {
    return this.#unsettledBytes >= this.#settings.bufferBytes
  }

  /** Once for all records that are appended in one go. */
  #scheduleWake(): void {
    if (this.#wakeScheduled) return
    this.#wakeScheduled = true
    queueMicrotask(() => {
      this.#wakeScheduled = false
      this.#sender.wake()
    })
  }
}

/** Why a record can never be written; the messages are those of Kafka's producer. */
function faultOf({ timestamp }: RawRecord, size: number, maxBytes: number): ConnectError | undefined {
  if (!isTimestamp(timestamp)) {
    // Source: ConnectUtils.checkAndConvertTimestamp
    const javaClass = 'org.apache.kafka.common.InvalidRecordException'
    return new ConnectError('HR_ILLEGAL_ARGUMENT', `Invalid record timestamp ${timestamp}`, { javaClass })
  }
  if (size <= maxBytes) return undefined
  const limit = `larger than ${maxBytes}, which is the value of the max.request.size configuration.`
  return new ConnectError(
    'HR_RECORD_TOO_LARGE',
    `The message is ${size} bytes when serialized which is ${limit}`,
  )
}

/** Differs: Kafka's producer waits up to `max.block.ms` for a partition that the topic does not have. */
function noPartition(topic: string, partition: number | null, count: number): ConnectError {
  if (partition !== null && !(Number.isInteger(partition) && partition >= 0)) {
    const message = `Invalid partition: ${partition}. Partition number should always be non-negative or null.`
    return new ConnectError('HR_ILLEGAL_ARGUMENT', message)
  }
  const message = `Partition ${partition} of topic ${topic} with partition count ${count} is not present in metadata.`
  return new ConnectError('HR_KAFKA_REFUSED', message, {
    javaClass: 'org.apache.kafka.common.errors.TimeoutException',
  })
}

function stopped(cause: ConnectError): ConnectError {
  return new ConnectError('HR_ILLEGAL_STATE', 'Cannot send records after the producer was stopped', { cause })
}

/** About the bytes that a record will take; texts count as ASCII. */
function recordSize(record: RawRecord): number {
  let size = RECORD_OVERHEAD + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  for (const { key, value } of record.headers) size += key.length + (value?.length ?? 0)
  return size
}
