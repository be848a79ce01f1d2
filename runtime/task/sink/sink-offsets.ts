import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import { topicPartitionKey, type PartitionStart } from '../../kafka/index.ts'

interface PartitionProgress {
  readonly topic: string
  readonly partition: number
  /** Offset after the last record read, delivered or not. */
  read: number | undefined
  /** Offset after the last record that `put` accepted, or that was dropped before it. */
  delivered: number | undefined
  /** The offset last known to be committed in Kafka. */
  stored: number | undefined
  /** Where to resume after a failure: the last committed offset, or where reading began. */
  restart: number | undefined
  /** Whether `restart` still needs a commit. */
  due: boolean
}

/** The progress of a sink task in each of its partitions. Source: WorkerSinkTask's offset maps. */
export class SinkOffsets {
  readonly #partitions = new Map<string, PartitionProgress>()

  /** Adds newly assigned partitions. A start position that is not committed yet needs a commit. */
  add(partitions: readonly PartitionStart[]): void {
    for (const { topic, partition, offset, committed } of partitions) {
      this.#partitions.set(topicPartitionKey(topic, partition), {
        topic,
        partition,
        read: undefined,
        delivered: committed ? undefined : offset,
        stored: committed ? offset : undefined,
        restart: offset,
        due: !committed,
      })
    }
  }

  remove(partitions: readonly TopicPartition[]): void {
    for (const { topic, partition } of partitions)
      this.#partitions.delete(topicPartitionKey(topic, partition))
  }

  /**
   * Called when reading begins at `offset`: without a committed offset, reading resumes there after a
   * failure.
   */
  began(topic: string, partition: number, offset: number): void {
    const progress = this.#partitions.get(topicPartitionKey(topic, partition))
    if (progress !== undefined) progress.restart ??= offset
  }

  /** Called when the record at `offset` has been read. */
  read(topic: string, partition: number, offset: number): void {
    const progress = this.#partitions.get(topicPartitionKey(topic, partition))
    if (progress !== undefined) progress.read = offset + 1
  }

  /** Called when the task has accepted all records read. */
  delivered(): void {
    for (const progress of this.#partitions.values()) progress.delivered = progress.read ?? progress.delivered
  }

  /** Called when the task seeks; also changes the offset to commit and the offset to resume from. */
  seek({ topic, partition, offset }: PartitionOffset): void {
    const progress = this.#partitions.get(topicPartitionKey(topic, partition))
    if (progress !== undefined) progress.read = progress.delivered = progress.restart = offset
  }

  /** Returns the delivered offsets of these partitions; of all partitions by default. */
  deliveredOffsets(only?: readonly TopicPartition[]): PartitionOffset[] {
    return this.#select(only, (progress) => progress.delivered)
  }

  /** Returns the offsets to resume from after a failure. */
  restartOffsets(): PartitionOffset[] {
    return this.#select(undefined, (progress) => progress.restart)
  }

  /**
   * Returns the offsets to read these partitions from, where they differ from the committed ones: the offsets
   * that the task declared safe, else those to resume from after a failure.
   */
  uncommitted(
    partitions: readonly TopicPartition[],
    safe: readonly PartitionOffset[],
  ): readonly PartitionOffset[] {
    const declared = new Map(
      safe.map(({ topic, partition, offset }) => [topicPartitionKey(topic, partition), offset]),
    )
    return this.#select(partitions, ({ topic, partition, stored, restart }) => {
      const offset = declared.get(topicPartitionKey(topic, partition)) ?? restart
      return offset === stored ? undefined : offset
    })
  }

  /**
   * Returns the declared offsets that need a commit. Calls `ignored` for partitions that are not assigned and
   * for offsets beyond the last record delivered.
   *
   * Invariant 3: no offset is committed before its record is with the task, or was dropped on purpose.
   */
  committable(
    offsets: readonly PartitionOffset[],
    ignored: (offset: PartitionOffset, why: string) => void,
  ): PartitionOffset[] {
    return offsets.filter((item) => {
      const progress = this.#partitions.get(topicPartitionKey(item.topic, item.partition))
      if (progress === undefined) ignored(item, 'the partition is not assigned')
      else if (progress.delivered === undefined || item.offset > progress.delivered) {
        ignored(item, `it is beyond the last record delivered, ${progress.delivered}`)
      } else return progress.due || item.offset !== progress.restart
      return false
    })
  }

  committed(offsets: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      const progress = this.#partitions.get(topicPartitionKey(topic, partition))
      if (progress === undefined) continue
      progress.stored = progress.restart = offset
      progress.due = false
    }
  }

  #select(
    only: readonly TopicPartition[] | undefined,
    offsetOf: (progress: PartitionProgress) => number | undefined,
  ): PartitionOffset[] {
    const chosen =
      only === undefined
        ? [...this.#partitions.values()]
        : only.flatMap(
            ({ topic, partition }) => this.#partitions.get(topicPartitionKey(topic, partition)) ?? [],
          )
    return chosen.flatMap((progress) => {
      const offset = offsetOf(progress)
      return offset === undefined ? [] : [{ topic: progress.topic, partition: progress.partition, offset }]
    })
  }
}
