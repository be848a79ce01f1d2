import type { PartitionOffset, TopicPartition } from '../../../api/index.ts'
import type { KafkaClient } from '../connection/client.ts'
import { Fetcher } from '../fetcher/fetcher.ts'
import type { Segment } from '../fetcher/partition-state.ts'
import type { FetchSettings } from '../fetcher/settings.ts'
import { ConsumerGroup, type RebalanceListener, type TopicSelection } from '../group/consumer-group.ts'
import type { ConsumerGroupSettings } from '../group/settings.ts'
import type { Consumer } from '../ports.ts'

/** A member of a consumer group that reads the partitions it is given. */
export class GroupConsumer implements Consumer {
  readonly #client: KafkaClient
  readonly #fetcher: Fetcher
  readonly #group: ConsumerGroup
  readonly #maxRecords: number
  #woken = false
  /** Paused by the owner, to be kept through rebalances of other partitions. */
  #pausedAll = false

  constructor(
    client: KafkaClient,
    settings: { readonly fetch: FetchSettings; readonly group: ConsumerGroupSettings },
    selection: TopicSelection,
    listener: RebalanceListener,
  ) {
    this.#client = client
    this.#maxRecords = settings.fetch.maxRecords
    this.#fetcher = new Fetcher(client, settings.fetch)
    this.#group = new ConsumerGroup(client, settings.group, selection, this.#watched(listener), () =>
      this.wake(),
    )
  }

  get assignment(): readonly TopicPartition[] {
    return this.#group.assignment
  }

  async poll(maxWaitMs: number, signal: AbortSignal): Promise<readonly Segment[]> {
    const deadline = Date.now() + maxWaitMs
    for (;;) {
      const active = await this.#group.poll()
      const left = deadline - Date.now()
      // Outside of the group there is nothing to read; it is tried again soon
      const wait = Math.max(0, Math.min(left, active ? this.#group.topicsKnownForMs : REJOIN_WAIT_MS))
      await this.#fetcher.wait(wait, signal, () => this.#woken)
      const segments = await this.#fetcher.take(this.#maxRecords)
      if (segments.length > 0 || this.#woken || signal.aborted || !active || wait >= left) {
        this.#woken = false
        return segments
      }
    }
  }

  commit(offsets: readonly PartitionOffset[]): Promise<void> {
    return this.#group.commit(offsets)
  }

  /** The next offset that will be given out; undefined until it is known. */
  position({ topic, partition }: TopicPartition): number | undefined {
    return this.#fetcher.state(topic, partition)?.position
  }

  /** Records that the broker has beyond the position; undefined until known. */
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
    this.#fetcher.close()
    await this.#client.close()
  }

  #watched(listener: RebalanceListener): RebalanceListener {
    return {
      revoked: async (partitions) => {
        await listener.revoked(partitions)
        this.#fetcher.remove(partitions)
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

const REJOIN_WAIT_MS = 100
