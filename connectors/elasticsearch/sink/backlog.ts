import type { PartitionOffset, SinkRecord, TopicPartition } from '../../../api/index.ts'

/** The records that were put and are not converted yet. */
export class Backlog {
  #records: SinkRecord[] = []
  #next = 0

  get isEmpty(): boolean {
    return this.#next === this.#records.length
  }

  /** The next record. */
  get first(): SinkRecord | undefined {
    return this.#records[this.#next]
  }

  push(records: readonly SinkRecord[]): void {
    if (records.length === 0) return
    this.#records = this.isEmpty ? [...records] : [...this.#records.slice(this.#next), ...records]
    this.#next = 0
  }

  /** Removes the next record. */
  shift(): void {
    this.#next++
    if (!this.isEmpty) return
    this.#records = []
    this.#next = 0
  }

  /** Removes the records of these partitions. */
  drop(partitions: readonly TopicPartition[]): void {
    this.#records = this.#records.slice(this.#next).filter((record) => !isOf(record, partitions))
    this.#next = 0
  }

  /** Returns the lowest offset of the partition in here, or `offset` if there is no lower one. */
  lowestOffset({ topic, partition, offset }: PartitionOffset): number {
    let lowest = offset
    for (let index = this.#next; index < this.#records.length; index++) {
      const record = this.#records[index] as SinkRecord
      if (record.originalOffset >= lowest) continue
      if (record.originalPartition === partition && record.originalTopic === topic)
        lowest = record.originalOffset
    }
    return lowest
  }
}

/** Whether the record was read from one of the partitions. */
export function isOf(
  { originalTopic, originalPartition }: SinkRecord,
  partitions: readonly TopicPartition[],
): boolean {
  return partitions.some(({ topic, partition }) => partition === originalPartition && topic === originalTopic)
}
