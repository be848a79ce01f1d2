import type { PartitionOffset, SinkRecord, TopicPartition } from '../../../api/index.ts'
import { PartitionOffsets } from './partition-offsets.ts'

/**
 * Tracks which records are settled, for each partition that they were read from.
 *
 * Source: AsyncOffsetTracker. Differs: it tracks the coordinates before transforms, so a transform may rename topics.
 */
export class OffsetTracker {
  readonly #topics = new Map<string, Map<number, PartitionOffsets>>()
  #length = 0

  /** Number of records that are not settled or follow one that is not. */
  get length(): number {
    return this.#length
  }

  /** Adds a record. Call {@link isRewound} before. */
  add({ originalTopic, originalPartition, originalOffset }: SinkRecord): void {
    this.#partition(originalTopic, originalPartition).add(originalOffset)
    this.#length++
  }

  /**
   * Whether the partition is read again from an earlier offset while records of the previous reading are pending. Such a
   * record must not be added yet: both would have the same offsets.
   */
  isRewound({ originalTopic, originalPartition, originalOffset }: SinkRecord): boolean {
    const offsets = this.#find(originalTopic, originalPartition)
    return offsets !== undefined && offsets.length > 0 && originalOffset <= offsets.last
  }

  /** Marks a record as written, reported or skipped. Ignores records of closed partitions. */
  settle({ originalTopic, originalPartition, originalOffset }: SinkRecord): void {
    this.#length -= this.#find(originalTopic, originalPartition)?.settle(originalOffset) ?? 0
  }

  /**
   * Returns the offset that is safe to commit for a partition, of which everything before `offset` has been received: the
   * first record that is not settled, if there is one.
   */
  safeOffset({ topic, partition, offset }: PartitionOffset): number {
    return Math.min(offset, this.#find(topic, partition)?.firstPending ?? offset)
  }

  /** Offset of the last record added of a partition; -1 if there is none. */
  lastOffset(topic: string, partition: number): number {
    return this.#find(topic, partition)?.last ?? -1
  }

  close(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions) {
      this.#length -= this.#find(topic, partition)?.length ?? 0
      this.#topics.get(topic)?.delete(partition)
    }
  }

  #find(topic: string, partition: number): PartitionOffsets | undefined {
    return this.#topics.get(topic)?.get(partition)
  }

  #partition(topic: string, partition: number): PartitionOffsets {
    let partitions = this.#topics.get(topic)
    if (partitions === undefined) this.#topics.set(topic, (partitions = new Map<number, PartitionOffsets>()))
    let offsets = partitions.get(partition)
    if (offsets === undefined) partitions.set(partition, (offsets = new PartitionOffsets()))
    return offsets
  }
}
