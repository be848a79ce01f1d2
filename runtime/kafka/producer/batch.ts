import type { ConnectError } from '../../../api/index.ts'
import type { BatchBuilder } from '../record-batch/index.ts'
import type { DeliveryListener } from '../ports.ts'
import type { PartitionQueue } from './partition-queue.ts'

/** Some records of one listener, next to each other in a batch. */
interface Run {
  readonly listener: DeliveryListener
  readonly first: number
  count: number
}

/** The batches of one partition. */
export type BatchQueue = PartitionQueue<ProducerBatch>

/** A record batch on its way: filled, closed, sent, perhaps sent again, and settled exactly once. */
export class ProducerBatch {
  readonly queue: BatchQueue
  readonly builder: BatchBuilder
  readonly createdAt: number
  /** Place among the batches of its partition, for as long as it lives; the halves of a split share its span. */
  readonly order: number
  readonly span: number
  /** Closed, compressed and ready to be stamped. */
  bytes: Buffer | undefined
  /** Of its first record; taken when it is first sent and kept on every retry. */
  sequence: number | undefined
  attempts = 0
  /** Bytes that it takes of `buffer.memory`. */
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

  /** Notes whose record was just appended. */
  owned(listener: DeliveryListener, index: number): void {
    const last = this.#runs.at(-1)
    if (last !== undefined && last.listener === listener && last.first + last.count === index) last.count++
    else this.#runs.push({ listener, first: index, count: 1 })
  }

  /** True once its owners know what became of it; nothing may happen to it after that. */
  get settled(): boolean {
    return this.#settled
  }

  /**
   * Tells the owners that their records are stored from `baseOffset` on; -1 when the broker did not say.
   *
   * Returns what listeners threw: each run of records is reported, whatever happens to the others.
   */
  acknowledged(baseOffset: number): unknown[] {
    return this.#settle(({ listener, first, count }, place) => {
      const offset = baseOffset < 0 ? baseOffset : baseOffset + place
      listener.acknowledged(first, count, this.topic, this.partition, offset)
    })
  }

  /** Tells the owners that their records are not stored. Returns what listeners threw. */
  failed(error: ConnectError): unknown[] {
    return this.#settle(({ listener, first, count }) => listener.failed(first, count, error))
  }

  /** Owners of all records, one entry a record; for a batch that is split in two. */
  owners(): { listener: DeliveryListener; index: number }[] {
    return this.#runs.flatMap(({ listener, first, count }) =>
      Array.from({ length: count }, (_, step) => ({ listener, index: first + step })),
    )
  }

  #settle(tell: (run: Run, place: number) => void): unknown[] {
    if (this.#settled) throw new TypeError('a batch is settled twice')
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
