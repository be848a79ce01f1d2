import {
  ConnectError,
  isRetriable,
  type SinkRecord,
  type SinkTask,
  type TopicPartition,
} from '../../../api/index.ts'
import type { ErrorHandler } from '../../errors/index.ts'
import type { Lease } from '../../timing/index.ts'
import type { Retries } from '../context/retries.ts'
import { noteBatch, type TaskMetrics } from '../metrics.ts'
import type { PluginCalls } from '../ports.ts'
import type { SinkRequests } from './sink-context.ts'
import type { SinkOffsets } from './sink-offsets.ts'
import { keyOf, topicPartitionKey } from '../../kafka/index.ts'

const DEFAULT_RETRY_MS = 500

interface DeliveryParts {
  readonly task: SinkTask
  readonly offsets: SinkOffsets
  readonly requests: SinkRequests
  readonly handler: ErrorHandler
  readonly calls: PluginCalls
  readonly metrics: TaskMetrics
  readonly retries: Retries
  readonly lease: Pick<Lease, 'held'>
}

/** Puts batches, retrying each on retriable errors. Source: WorkerSinkTask.deliverMessages. */
export class SinkDelivery {
  readonly #parts: DeliveryParts
  #batch: readonly SinkRecord[] = []
  /** When to retry the batch; undefined when no retry is pending. */
  #retryAt: number | undefined

  constructor(parts: DeliveryParts) {
    this.#parts = parts
  }

  /** Whether the batch failed and awaits a retry. No other records may be read meanwhile. */
  get retrying(): boolean {
    return this.#retryAt !== undefined
  }

  /** Milliseconds until the batch may be put. */
  get dueInMs(): number {
    return this.#retryAt === undefined ? 0 : Math.max(0, this.#retryAt - Date.now())
  }

  take(batch: readonly SinkRecord[]): void {
    this.#batch = batch
  }

  /** Drops records of revoked partitions, and cancels the retry when none are left. */
  drop(partitions: readonly TopicPartition[]): void {
    const gone = new Set(partitions.map(keyOf))
    this.#batch = this.#batch.filter(
      (record) => !gone.has(topicPartitionKey(record.originalTopic, record.originalPartition)),
    )
    if (this.#batch.length > 0) return
    this.#retryAt = undefined
    this.#parts.retries.callCancelled()
  }

  /** Throws `HR_CONNECT` when the task fails with an error that is not retriable. */
  async put(signal: AbortSignal): Promise<void> {
    const { task, metrics, calls, handler, offsets, retries, lease } = this.#parts
    const batch = this.#batch
    if (!lease.held) {
      this.#retryAt = Date.now() // the batch waits like one that failed
      return
    }
    const startedAt = Date.now()
    try {
      await calls.run(() => task.put(batch, signal))
      handler.check()
    } catch (error) {
      if (!isRetriable(error)) throw unrecoverable(error)
      this.#retryLater(error)
      return
    }
    retries.callSucceeded('put')
    metrics.recordsOut += batch.length
    noteBatch(metrics, batch.length, Date.now() - startedAt)
    offsets.delivered()
    this.#batch = []
    this.#retryAt = undefined
  }

  #retryLater(error: unknown): void {
    const { requests, retries } = this.#parts
    const waitMs = requests.retryAfterMs ?? DEFAULT_RETRY_MS
    requests.retryAfterMs = undefined
    this.#retryAt = Date.now() + waitMs
    retries.callFailed('put failed with a retriable error; retrying the batch', error, this.#retryAt)
  }
}

function unrecoverable(cause: unknown): ConnectError {
  return new ConnectError('HR_CONNECT', 'Exiting WorkerSinkTask due to unrecoverable exception.', { cause })
}
