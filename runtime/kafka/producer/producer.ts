import { ConnectError } from '../../../api/index.ts'
import { abortReason, Changes, within } from '../../timing/index.ts'
import { brokerError } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { DeliveryListener, Producer, RawRecord } from '../ports.ts'
import { BatchBuilder, RECORD_OVERHEAD } from '../record-batch/index.ts'
import type { ProducerBatch } from './batch.ts'
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
  enlist(queues: readonly PartitionQueue[]): Promise<void>
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

  get queues(): PartitionQueue[] {
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
    if (partitions === undefined) throw new TypeError(`topic ${topic} is not prepared`)
    const size = recordSize(record)
    const queue = partitions.queues[partition ?? partitions.choose(record.key, size)]
    const fault = this.#faultOf(queue, partition, partitions.queues.length, size)
    if (queue === undefined || fault !== undefined) {
      listener.failed(index, 1, fault ?? new ConnectError('HR_ILLEGAL_ARGUMENT', 'no partition'))
      return !this.#isFull()
    }
    const batch = this.#batchFor(queue, size)
    const before = batch.builder.size
    batch.builder.append(record)
    batch.owned(listener, index)
    this.#unsettledBytes += batch.builder.size - before
    this.#scheduleWake()
    return !this.#isFull()
  }

  async room(signal: AbortSignal): Promise<void> {
    const { maxBlockMs } = this.#settings
    if (await this.#settled.waitFor(() => !this.#isFull(), maxBlockMs, signal)) return
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

  async close(timeoutMs: number): Promise<void> {
    const late = new AbortController()
    const flushed = this.flush(late.signal).catch(() => {}) // what is left fails below
    await within(timeoutMs, flushed, () => late.abort())
    this.#sender.close(
      new ConnectError('HR_KAFKA_UNAVAILABLE', 'The producer was closed before the records were written'),
    )
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
    this.#topics.set(topic, new TopicPartitions([], batchBytes, ignoreKeys))
    this.#grow(topic, partitions.length)
  }

  /** Drops what is not yet sent, and resolves once the rest is settled. */
  async discard(error: ConnectError): Promise<void> {
    for (const queue of this.queues)
      for (const batch of queue.takeUnsent()) {
        batch.failed(error)
        this.#onSettled(batch)
      }
    await this.#settled.until(() => this.queues.every((queue) => queue.empty))
  }

  /** Partitions are numbered without gaps, and never get fewer. */
  #grow(topic: string, count: number): void {
    const queues = this.#topics.get(topic)?.queues
    while (queues !== undefined && queues.length < count) {
      const queue = new PartitionQueue(topic, queues.length)
      queues.push(queue)
      this.#sender.add(queue)
    }
  }

  #faultOf(queue: PartitionQueue | undefined, partition: number | null, count: number, size: number) {
    if (queue === undefined) {
      const message = `Invalid partition given with record: ${partition} is not in the range [0...${count}).`
      return new ConnectError('HR_ILLEGAL_ARGUMENT', message)
    }
    const { maxRecordBytes } = this.#settings
    if (size <= maxRecordBytes) return undefined
    const limit = `larger than ${maxRecordBytes}, which is the value of the max.request.size configuration.`
    return new ConnectError(
      'HR_RECORD_TOO_LARGE',
      `The message is ${size} bytes when serialized which is ${limit}`,
    )
  }

  #batchFor(queue: PartitionQueue, size: number): ProducerBatch {
    const { open } = queue
    if (open !== undefined && open.builder.size + size <= this.#settings.batchBytes) return open
    queue.closeBatch()
    return queue.openBatch(new BatchBuilder(this.#pool.pop() ?? Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES)))
  }

  #onSettled(batch: ProducerBatch): void {
    this.#unsettledBytes -= batch.builder.recordBytes
    const { buffer } = batch.builder
    // With acks=0 the socket may still hold the buffer
    const reusable = this.#settings.acks !== 0 && buffer.length <= this.#settings.batchBytes * 2 + SLACK_BYTES
    if (reusable && this.#pool.length < POOLED_BUFFERS) this.#pool.push(buffer)
    this.#settled.notify()
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

/** About the bytes that a record will take; texts count as ASCII. */
function recordSize(record: RawRecord): number {
  let size = RECORD_OVERHEAD + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  for (const { key, value } of record.headers) size += key.length + (value?.length ?? 0)
  return size
}
