import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import type { KafkaClient } from '../connection/client.ts'
import { unlimitedLease, type Lease } from '../../timing/index.ts'
import { Fetcher } from '../fetcher/fetcher.ts'
import type { Segment } from '../fetcher/partition-state.ts'
import type { FetchSettings } from '../fetcher/settings.ts'
import { ConsumerGroup, type RebalanceListener } from '../group/consumer-group.ts'
import type { ConsumerGroupSettings } from '../group/settings.ts'
import type { TopicSelection } from '../group/subscribed-topics.ts'
import type { Consumer } from '../ports.ts'

/** A consumer group member that reads its assigned partitions. */
export class GroupConsumer implements Consumer {
  readonly #client: KafkaClient
  readonly #fetcher: Fetcher
  readonly #group: ConsumerGroup
  readonly #maxRecords: number
  #woken = false
  /** Whether the next poll has to handle a rebalance. */
  #groupChanged = false
  /** Whether the owner paused all partitions, including partitions that are assigned later. */
  #pausedAll = false

  constructor(
    client: KafkaClient,
    settings: { readonly fetch: FetchSettings; readonly group: ConsumerGroupSettings },
    selection: TopicSelection,
    listener: RebalanceListener,
    lease: Pick<Lease, 'held'> = unlimitedLease(),
  ) {
    this.#client = client
    this.#maxRecords = settings.fetch.maxRecords
    this.#fetcher = new Fetcher(client, settings.fetch)
    const onChange = () => {
      this.#groupChanged = true
      this.#fetcher.wake()
    }
    const watched = this.#watched(listener)
    this.#group = new ConsumerGroup(client, settings.group, selection, watched, onChange, lease)
  }

  get assignment(): readonly TopicPartition[] {
    return this.#group.assignment
  }

  /** The time until the next call must not exceed `max.poll.interval.ms`. */
  async poll(maxWaitMs: number, signal: AbortSignal): Promise<readonly Segment[]> {
    try {
      return await this.#poll(maxWaitMs, signal)
    } finally {
      this.#group.polled()
    }
  }

  async #poll(maxWaitMs: number, signal: AbortSignal): Promise<readonly Segment[]> {
    const deadline = Date.now() + maxWaitMs
    for (;;) {
      this.#groupChanged = false
      await this.#group.poll()
      const left = Math.max(0, deadline - Date.now())
      const wait = Math.min(left, this.#group.nextPollInMs)
      await this.#fetcher.wait(wait, signal, () => this.#woken || this.#groupChanged)
      const segments = await this.#fetcher.take(this.#maxRecords)
      if (segments.length > 0 || this.#woken || signal.aborted || Date.now() >= deadline) {
        this.#woken = false
        return segments
      }
    }
  }

  commit(offsets: readonly PartitionOffset[]): Promise<void> {
    return this.#group.commit(offsets)
  }

  /** Returns the offset of the next record to return; undefined until known. */
  position({ topic, partition }: TopicPartition): number | undefined {
    return this.#fetcher.state(topic, partition)?.position
  }

  /** Returns the number of records between the position and the high watermark; undefined until known. */
  lag({ topic, partition }: TopicPartition): number | undefined {
    const state = this.#fetcher.state(topic, partition)
    if (state === undefined || state.position === undefined || state.highWatermark < 0) return undefined
    return Math.max(0, state.highWatermark - state.position)
  }

  seek(offsets: readonly PartitionOffset[]): void {
    for (const offset of offsets) this.#fetcher.seek(offset)
  }

  pause(partitions: readonly TopicPartition[]): void {
    this.#fetcher.pause(partitions)
  }

  resume(partitions: readonly TopicPartition[]): void {
    if (!this.#pausedAll) this.#fetcher.resume(partitions)
  }

  pauseAll(): void {
    this.#pausedAll = true
    this.#fetcher.pause(this.assignment)
  }

  resumeAll(except: readonly TopicPartition[]): void {
    this.#pausedAll = false
    this.#fetcher.resume(this.assignment)
    this.#fetcher.pause(except)
  }

  wake(): void {
    this.#woken = true
    this.#fetcher.wake()
  }

  async close(): Promise<void> {
    await this.#group.leave()
    await this.#disconnect()
  }

  async abort(): Promise<void> {
    await this.#group.abandon()
    await this.#disconnect()
  }

  async #disconnect(): Promise<void> {
    this.#fetcher.close()
    await this.#client.close()
  }

  #watched(listener: RebalanceListener): RebalanceListener {
    return {
      revoked: async (partitions) => {
        const uncommitted = await listener.revoked(partitions)
        this.#fetcher.remove(partitions)
        return uncommitted
      },
      lost: async (partitions) => {
        this.#fetcher.remove(partitions)
        await listener.lost(partitions)
      },
      assigned: async (partitions) => {
        this.#fetcher.add(partitions)
        if (this.#pausedAll) this.#fetcher.pause(partitions)
        await listener.assigned(partitions)
      },
    }
  }
}
