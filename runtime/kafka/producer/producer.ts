import { ConnectError } from '../../../api/index.ts'
import { abortReason, Changes, within } from '../../timing/index.ts'
import { brokerError } from '../connection/broker-errors.ts'
import type { KafkaClient } from '../connection/client.ts'
import type { DeliveryListener, Producer, RawRecord } from '../ports.ts'
import { BatchBuilder, isTimestamp, RECORD_OVERHEAD } from '../record-batch/index.ts'
import { ProducerBatch, type BatchQueue } from './batch.ts'
import { BufferPool } from './buffer-pool.ts'
import type { Identities } from './identities.ts'
import { PartitionQueue } from './partition-queue.ts'
import { Sender } from './sender.ts'
import type { ProducerSettings } from './settings.ts'
import { TopicPartitions } from './topic-partitions.ts'
import { leaseEnded, unlimitedRight, type WriteRight } from './write-right.ts'

const FIRST_BUFFER_BYTES = 16 * 1024
/**
 * Extra space beyond `batch.size`, so that the worst-case size of the last record does not grow the buffer.
 */
const SLACK_BYTES = 4096
const pool = new BufferPool()

/** Hooks for a transactional producer. */
export interface TransactionHooks {
  addPartitions(queues: readonly BatchQueue[]): Promise<void>
  /** Called when a record is rejected, and before a batch fails. Returns the error for its sender or its listeners. */
  failing(error: ConnectError): ConnectError
}

/** Appends records to batches and accounts for their bytes. The {@link Sender} sends the batches. */
export class BatchingProducer implements Producer {
  readonly #client: KafkaClient
  readonly #settings: ProducerSettings
  readonly #sender: Sender
  readonly #right: WriteRight
  /** Called with each error that a record or a batch fails with. Returns the error to report. */
  readonly #failing: (error: ConnectError) => ConnectError
  readonly #topics = new Map<string, TopicPartitions>()
  readonly #preparing = new Map<string, Promise<void>>()
  readonly #settled = new Changes()
  readonly #ignoreLease: () => void
  #unsettledBytes = 0
  #flushes = 0
  #wakeScheduled = false
  /** The reason why the producer accepts no more records. */
  #stopped: ConnectError | undefined

  constructor(
    client: KafkaClient,
    settings: ProducerSettings,
    identities: Identities,
    hooks?: TransactionHooks,
    right = unlimitedRight,
  ) {
    this.#client = client
    this.#settings = settings
    this.#right = right
    this.#failing = (error) => hooks?.failing(error) ?? error
    const events = {
      settled: (batch: ProducerBatch) => this.#onSettled(batch),
      failing: this.#failing,
      sendsAtOnce: () => this.#flushes > 0 || this.#isFull(),
      partitions: (topic: string, count: number) => this.#grow(topic, count),
      addPartitions: async (queues: readonly BatchQueue[]) => hooks?.addPartitions(queues),
    }
    this.#sender = new Sender(client, settings, identities, events, right)
    this.#ignoreLease = right.lease.onEnd(() => void client.reset(leaseEnded()))
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

  check(partition: number | null, record: RawRecord): void {
    if (isImpossible(partition)) throw invalidPartition(partition)
    const fault = faultOf(record, recordSize(record), this.#settings.maxRecordBytes)
    if (fault !== undefined) throw fault
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
    if (partitions === undefined) throw new TypeError(`topic ${topic} was not prepared`)
    const size = recordSize(record)
    const fault = faultOf(record, size, this.#settings.maxRecordBytes)
    if (fault !== undefined) throw this.#failing(fault)
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
    for (;;) {
      const inTime = await this.#settled.waitFor(ready, maxBlockMs, signal)
      if (this.#stopped !== undefined) throw stopped(this.#stopped)
      if (inTime) return
      if (signal.aborted) throw abortReason(signal)
      if (this.#right.lease.held) break // else the wait for the lease does not count
    }
    const message = `No space in the producer's buffer (buffer.memory) within ${maxBlockMs} ms (max.block.ms)`
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
    const flushed = this.flush(late.signal).catch(() => {}) // the remaining batches fail below
    await within(this.#right.lease.held ? timeoutMs : 0, flushed, () => late.abort())
    this.#ignoreLease()
    const isInFlight = this.queues.some((queue) => queue.inFlight > 0)
    this.#sender.close(error)
    if (isInFlight) await this.#client.reset(error) // records that are reported as failed must not arrive later
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

  /** Fails the batches that were never sent, and resolves once the others are settled. */
  async discard(error: ConnectError, signal: AbortSignal): Promise<void> {
    this.#sender.discard(error)
    await this.#settled.until(() => this.queues.every((queue) => queue.empty), signal)
  }

  /**
   * Adds queues up to `count` partitions. Partition numbers have no gaps, and their count never decreases.
   */
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
    const builder = new BatchBuilder(pool.take() ?? Buffer.allocUnsafeSlow(FIRST_BUFFER_BYTES))
    return queue.openBatch((order) => new ProducerBatch(queue, builder, Date.now(), order))
  }

  #onSettled(batch: ProducerBatch): void {
    this.#unsettledBytes -= batch.reservedBytes
    const { buffer } = batch.builder
    const small = buffer.length <= this.#settings.batchBytes * 2 + SLACK_BYTES
    if (small && this.#released(batch)) pool.give(buffer)
    this.#settled.notify()
  }

  /**
   * Whether no socket can still use the batch's buffer: the batch was never sent, or sent once and
   * acknowledged.
   */
  #released(batch: ProducerBatch): boolean {
    return this.#settings.acks !== 0 && batch.attempts <= 1 && this.#stopped === undefined
  }

  #isFull(): boolean {
    return this.#unsettledBytes >= this.#settings.bufferBytes
  }

  /** Wakes the sender once for all records that are appended in the same turn. */
  #scheduleWake(): void {
    if (this.#wakeScheduled) return
    this.#wakeScheduled = true
    queueMicrotask(() => {
      this.#wakeScheduled = false
      this.#sender.wake()
    })
  }
}

/** Returns the error for a record that can never be written. The messages are those of Kafka's producer. */
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

const isImpossible = (partition: number | null): boolean =>
  partition !== null && !(Number.isInteger(partition) && partition >= 0)

/** Source: the constructor of ProducerRecord. */
function invalidPartition(partition: number | null): ConnectError {
  const message = `Invalid partition: ${partition}. Partition number should always be non-negative or null.`
  return new ConnectError('HR_ILLEGAL_ARGUMENT', message)
}

/** Differs: Kafka's producer waits up to `max.block.ms` for a partition that the topic does not have. */
function noPartition(topic: string, partition: number | null, count: number): ConnectError {
  if (isImpossible(partition)) return invalidPartition(partition)
  const message = `Partition ${partition} of topic ${topic} with partition count ${count} is not present in metadata.`
  return new ConnectError('HR_KAFKA_REFUSED', message, {
    javaClass: 'org.apache.kafka.common.errors.TimeoutException',
  })
}

function stopped(cause: ConnectError): ConnectError {
  return new ConnectError('HR_ILLEGAL_STATE', 'Cannot send records after the producer was stopped', { cause })
}

/** Estimates the serialized size of a record in bytes. Strings count as ASCII. */
function recordSize(record: RawRecord): number {
  let size = RECORD_OVERHEAD + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  if (record.headers.length === 0) return size
  for (const { key, value } of record.headers) size += key.length + (value?.length ?? 0)
  return size
}
