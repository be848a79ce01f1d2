import type { PartitionOffset, TopicPartition } from '../../../../api/index.ts'
import type { Consumer, RebalanceListener, Segment } from '../../../kafka/index.ts'
import { BatchRecords, readBatch } from '../../../kafka/record-batch/index.ts'
import { rawRecord, sealedBatch } from '../../../kafka/record-batch/test/batches.ts'
import { Changes } from '../../../timing/index.ts'

export const TOPIC = 'topic'

/** Values of a partition of `topic`; the index of a value is its offset. */
export type Logs = Readonly<Record<number, readonly string[]>>

/** A consumer of partitions in memory; the test triggers its rebalances. */
export class FakeConsumer implements Consumer {
  readonly #logs: Logs
  /** For tests that trigger rebalances themselves. */
  readonly listener: RebalanceListener
  readonly #positions = new Map<number, number>()
  readonly #paused = new Set<number>()
  readonly #changes = new Changes()
  #woken = false
  #allPaused = false
  #rebalance: (() => Promise<void>) | undefined
  assignment: readonly TopicPartition[] = []
  /** All commits, as `partition@offset`. */
  readonly commits: string[] = []
  /** Positions that the task could not commit when partitions were revoked. */
  readonly uncommitted: PartitionOffset[] = []
  /** Maximum number of records per poll. */
  maxRecords = 100
  closed = false
  onCommit: () => Promise<void> = async () => {}

  constructor(logs: Logs, listener: RebalanceListener) {
    this.#logs = logs
    this.listener = listener
  }

  /**
   * Assigns these partitions at the next poll, each with its committed offset. With `eager`, revokes all
   * current partitions first.
   */
  assign(partitions: Readonly<Record<number, number | undefined>>, { eager = false } = {}): void {
    const next = Object.keys(partitions).map((number) => ({ topic: TOPIC, partition: Number(number) }))
    this.#rebalance = async () => {
      const revoked = this.assignment.filter((item) => eager || !has(next, item))
      const added = next.filter((item) => eager || !has(this.assignment, item))
      if (revoked.length > 0) this.uncommitted.push(...(await this.listener.revoked(revoked)))
      this.assignment = next
      for (const { partition } of revoked) {
        this.#positions.delete(partition)
        this.#paused.delete(partition)
      }
      for (const { partition } of added) this.#positions.set(partition, partitions[partition] ?? 0)
      await this.listener.assigned(
        added.map((item) => ({ ...item, offset: partitions[item.partition], committed: true })),
      )
    }
    this.wake()
  }

  /** At the next poll, the group has rebalanced without the consumer. */
  lose(): void {
    this.#rebalance = async () => {
      const lost = this.assignment
      this.assignment = []
      this.#positions.clear()
      await this.listener.lost(lost)
    }
    this.wake()
  }

  async poll(maxWaitMs: number, signal: AbortSignal): Promise<readonly Segment[]> {
    const rebalance = this.#rebalance
    this.#rebalance = undefined
    await rebalance?.()
    await this.#changes.waitFor(() => this.#woken || this.#ready().length > 0, maxWaitMs, signal)
    this.#woken = false
    return Promise.all(this.#ready().map((partition) => this.#take(partition)))
  }

  async commit(offsets: readonly PartitionOffset[]): Promise<void> {
    await this.onCommit()
    this.commits.push(offsets.map(({ partition, offset }) => `${partition}@${offset}`).join(' '))
  }

  position({ partition }: TopicPartition): number | undefined {
    return this.#positions.get(partition)
  }

  lag({ partition }: TopicPartition): number {
    return (this.#logs[partition]?.length ?? 0) - (this.#positions.get(partition) ?? 0)
  }

  seek(offsets: readonly PartitionOffset[]): void {
    for (const { partition, offset } of offsets) this.#positions.set(partition, offset)
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const { partition } of partitions) this.#paused.add(partition)
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const { partition } of partitions) this.#paused.delete(partition)
    this.#changes.notify()
  }

  pauseAll(): void {
    this.#allPaused = true
  }

  resumeAll(except: readonly TopicPartition[]): void {
    this.#allPaused = false
    this.#paused.clear()
    this.pause(except)
    this.#changes.notify()
  }

  wake(): void {
    this.#woken = true
    this.#changes.notify()
  }

  async close(): Promise<void> {
    this.closed = true
    if (this.assignment.length > 0) this.uncommitted.push(...(await this.listener.revoked(this.assignment)))
    this.assignment = []
  }

  async abort(): Promise<void> {
    this.closed = true
  }

  #ready(): number[] {
    if (this.#allPaused) return []
    return [...this.#positions.keys()].filter(
      (partition) => !this.#paused.has(partition) && this.lag({ topic: TOPIC, partition }) > 0,
    )
  }

  async #take(partition: number): Promise<Segment> {
    const position = this.#positions.get(partition) ?? 0
    const values = (this.#logs[partition] ?? []).slice(position, position + this.maxRecords)
    this.#positions.set(partition, position + values.length)
    const batch = await sealedBatch(
      values.map((value) => rawRecord({ value })),
      { baseOffset: position },
    )
    const records = new BatchRecords(await readBatch(batch, 0, batch.length))
    return { topic: TOPIC, partition, records, count: values.length, fromOffset: position }
  }
}

const has = (list: readonly TopicPartition[], { partition }: TopicPartition): boolean =>
  list.some((item) => item.partition === partition)
