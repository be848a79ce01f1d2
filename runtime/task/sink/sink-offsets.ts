import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import type { PartitionStart } from '../../kafka/index.ts'

interface PartitionProgress {
  readonly topic: string
  readonly partition: number
  /** Behind the last record that was read, delivered or not. */
  read: number | undefined
  /** Behind the last record that `put` took, or that was dropped before it. */
  delivered: number | undefined
  /** What is in Kafka, as far as it is known here. */
  stored: number | undefined
  /** Where to go on after a failure: as last committed, or where reading began. */
  restart: number | undefined
  /** A commit at `restart` is still to be made. */
  due: boolean
}

const keyOf = (topic: string, partition: number): string => `${topic}-${partition}`

/** How far each partition of a sink task has come. Source: WorkerSinkTask's offset maps. */
export class SinkOffsets {
  readonly #partitions = new Map<string, PartitionProgress>()

  /** Partitions that are new here. One that begins at a position of its own still has to be committed there. */
  add(partitions: readonly PartitionStart[]): void {
    for (const { topic, partition, offset, committed } of partitions) {
      this.#partitions.set(keyOf(topic, partition), {
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
    for (const { topic, partition } of partitions) this.#partitions.delete(keyOf(topic, partition))
  }

  /** Reading begins at `offset`. Where nothing is committed yet, that is where to go back to after a failure. */
  began(topic: string, partition: number, offset: number): void {
    const progress = this.#partitions.get(keyOf(topic, partition))
    if (progress !== undefined) progress.restart ??= offset
  }

  /** The record at `offset` was read. */
  read(topic: string, partition: number, offset: number): void {
    const progress = this.#partitions.get(keyOf(topic, partition))
    if (progress !== undefined) progress.read = offset + 1
  }

  /** Everything read is now with the task. */
  delivered(): void {
    for (const progress of this.#partitions.values()) progress.delivered = progress.read ?? progress.delivered
  }

  /** The task goes on elsewhere; that is also where a commit would stand. */
  seek({ topic, partition, offset }: PartitionOffset): void {
    const progress = this.#partitions.get(keyOf(topic, partition))
    if (progress !== undefined) progress.read = progress.delivered = progress.restart = offset
  }

  /** Delivered offsets of those partitions, of all by default. */
  deliveredOffsets(only?: readonly TopicPartition[]): PartitionOffset[] {
    return this.#select(only, (progress) => progress.delivered)
  }

  /** Where reading is to go on after a failure. */
  restartOffsets(): PartitionOffset[] {
    return this.#select(undefined, (progress) => progress.restart)
  }

  /**
   * Where those partitions are to be read from, as far as Kafka does not know: at offsets that the task declared safe,
   * else where they would go on after a failure.
   */
  uncommitted(
    partitions: readonly TopicPartition[],
    safe: readonly PartitionOffset[],
  ): readonly PartitionOffset[] {
    const declared = new Map(safe.map(({ topic, partition, offset }) => [keyOf(topic, partition), offset]))
    return this.#select(partitions, ({ topic, partition, stored, restart }) => {
      const offset = declared.get(keyOf(topic, partition)) ?? restart
      return offset === stored ? undefined : offset
    })
  }

  /**
   * Of offsets that the task declares safe, those worth a commit. Others are named by `ignored`: partitions that are
   * not assigned, and offsets beyond what was delivered.
   *
   * Invariant 3: no offset is committed before its record is with the task, or was dropped on purpose.
   */
  committable(
    offsets: readonly PartitionOffset[],
    ignored: (offset: PartitionOffset, why: string) => void,
  ): PartitionOffset[] {
    return offsets.filter((item) => {
      const progress = this.#partitions.get(keyOf(item.topic, item.partition))
      if (progress === undefined) ignored(item, 'the partition is not assigned')
      else if (progress.delivered === undefined || item.offset > progress.delivered) {
        ignored(item, `it is beyond the last record delivered, ${progress.delivered}`)
      } else return progress.due || item.offset !== progress.restart
      return false
    })
  }

  committed(offsets: readonly PartitionOffset[]): void {
    for (const { topic, partition, offset } of offsets) {
      const progress = this.#partitions.get(keyOf(topic, partition))
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
        : only.flatMap(({ topic, partition }) => this.#partitions.get(keyOf(topic, partition)) ?? [])
    return chosen.flatMap((progress) => {
      const offset = offsetOf(progress)
      return offset === undefined ? [] : [{ topic: progress.topic, partition: progress.partition, offset }]
    })
  }
}
