import type { Serialized } from '../../../api/index.ts'
import { partitionOfKey } from './murmur2.ts'
import type { BatchQueue } from './batch.ts'

/** The partitions of one topic, and the choice of a partition for each record. */
export class TopicPartitions {
  readonly queues: BatchQueue[]
  readonly #stickyBytes: number
  readonly #ignoreKeys: boolean
  #sticky = 0
  #left = 0

  constructor(queues: BatchQueue[], stickyBytes: number, ignoreKeys: boolean) {
    this.queues = queues
    this.#stickyBytes = stickyBytes
    this.#ignoreKeys = ignoreKeys
  }

  /**
   * Returns the partition for a record that does not set one: by its key, or else the same partition until
   * `stickyBytes` bytes are written to it.
   *
   * Source: BuiltInPartitioner (KIP-480, KIP-794).
   */
  choose(key: Serialized, size: number): number {
    const count = this.queues.length
    if (count === 1) return 0
    if (key !== null && !this.#ignoreKeys) return partitionOfKey(key, count)
    if (this.#left <= 0) {
      this.#sticky = Math.floor(Math.random() * count)
      this.#left = this.#stickyBytes
    }
    this.#left -= size
    return this.#sticky
  }
}
