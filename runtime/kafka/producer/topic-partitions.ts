import type { Serialized } from '../../../api/index.ts'
import { partitionOfKey } from './murmur2.ts'
import type { BatchQueue } from './batch.ts'

/** The partitions of one topic, and how records are spread over them. */
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
   * The partition for a record that does not name one: by its key, else the same one for a batch's worth of bytes.
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
