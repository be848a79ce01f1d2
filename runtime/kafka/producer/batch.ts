import type { ConnectError } from '../../../api/index.ts'
import type { BatchBuilder } from '../record-batch/index.ts'
import type { DeliveryListener } from '../ports.ts'
import type { PartitionQueue } from './partition-queue.ts'

/** Consecutive records in a batch that have the same listener. */
interface Run {
  readonly listener: DeliveryListener
  readonly first: number
  count: number
}

/** The batches of one partition. */
export type BatchQueue = PartitionQueue<ProducerBatch>

/** A record batch of the producer: filled, closed, sent, possibly retried, and settled exactly once. */
export class ProducerBatch {
  readonly queue: BatchQueue
  readonly builder: BatchBuilder
  readonly createdAt: number
  /**
   * Position among the batches of the partition; never changes. The halves of a split batch share its span.
   */
  readonly order: number
  readonly span: number
  /** The closed and compressed batch, ready to be stamped. */
  bytes: Buffer | undefined
  /** Sequence of the first record. Assigned when the batch is first sent, and kept for every retry. */
  sequence: number | undefined
  attempts = 0
  /** Bytes that the batch uses of `buffer.memory`. */
  reservedBytes = 0
  readonly #runs: Run[] = []
  #settled = false

  constructor(queue: BatchQueue, builder: BatchBuilder, createdAt: number, order: number, span = 1) {
    this.queue = queue
    this.builder = builder
    this.createdAt = createdAt
    this.order = order
    this.span = span
  }

  get topic(): string {
    return this.queue.topic
  }
  get partition(): number {
    return this.queue.partition
  }
  get count(): number {
    return this.builder.count
  }

  /** Stores the listener and the index of the record that was just appended. */
  owned(listener: DeliveryListener, index: number): void {
    const last = this.#runs.at(-1)
    if (last !== undefined && last.listener === listener && last.first + last.count === index) last.count++
    else this.#runs.push({ listener, first: index, count: 1 })
  }

  /** Whether the listeners have received the result. The batch must not change after that. */
  get settled(): boolean {
    return this.#settled
  }

  /**
   * Reports to the listeners that their records are stored, from `baseOffset` on; -1 when the offset is
   * unknown.
   *
   * Returns the exceptions that listeners threw. An exception does not keep other listeners from being
   * called.
   */
  acknowledged(baseOffset: number): unknown[] {
    return this.#settle(({ listener, first, count }, place) => {
      const offset = baseOffset < 0 ? baseOffset : baseOffset + place
      listener.acknowledged(first, count, this.topic, this.partition, offset)
    })
  }

  /** Reports to the listeners that their records failed. Returns the exceptions that listeners threw. */
  failed(error: ConnectError): unknown[] {
    return this.#settle(({ listener, first, count }) => listener.failed(first, count, error))
  }

  /** The listener and index of each record, for splitting the batch. */
  owners(): { listener: DeliveryListener; index: number }[] {
    return this.#runs.flatMap(({ listener, first, count }) =>
      Array.from({ length: count }, (_, step) => ({ listener, index: first + step })),
    )
  }

  #settle(tell: (run: Run, place: number) => void): unknown[] {
    if (this.#settled) throw new TypeError('a batch was settled twice')
    this.#settled = true
    const thrown: unknown[] = []
    let place = 0
    for (const run of this.#runs) {
      try {
        tell(run, place)
      } catch (error) {
        thrown.push(error)
      }
      place += run.count
    }
    return thrown
  }
}
