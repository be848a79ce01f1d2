import {
  messageOf,
  type Logger,
  type PartitionOffset,
  type SinkTask,
  type TopicPartition,
} from '../../../api/index.ts'
import type { Consumer, PartitionStart, RebalanceListener } from '../../kafka/index.ts'
import type { PluginCalls } from '../ports.ts'
import type { SinkCommitter } from './sink-committer.ts'
import { applySeeks, dropSeeks, retainPaused, type SinkRequests } from './sink-context.ts'
import type { SinkDelivery } from './sink-delivery.ts'
import type { SinkOffsets } from './sink-offsets.ts'

interface RebalanceParts {
  readonly task: SinkTask
  readonly offsets: SinkOffsets
  readonly requests: SinkRequests
  readonly delivery: SinkDelivery
  readonly calls: PluginCalls
  readonly log: Logger
  /** Undefined before the first rebalance. */
  readonly consumer: () => Consumer | undefined
  readonly committer: () => SinkCommitter | undefined
  /** Whether the task was abandoned: nothing may be committed. */
  readonly abandoned: () => boolean
  /** Pauses or resumes partitions according to the state of the task. */
  readonly pauseOrResume: () => void
}

/** Handles the rebalances of a sink task. Source: WorkerSinkTask.HandleRebalance. */
export class SinkRebalances implements RebalanceListener {
  readonly #parts: RebalanceParts
  #failure: { readonly reason: unknown } | undefined

  constructor(parts: RebalanceParts) {
    this.#parts = parts
  }

  /** Throws the error of a failed assignment. Called from the loop, which can then end with it. */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.reason
  }

  async assigned(partitions: readonly PartitionStart[]): Promise<void> {
    const { task, offsets, requests, calls, consumer, pauseOrResume } = this.#parts
    offsets.add(partitions)
    retainPaused(requests, consumer()?.assignment ?? [])
    pauseOrResume()
    if (partitions.length === 0) return
    const opened = partitions.map(({ topic, partition }) => ({ topic, partition }))
    try {
      await calls.run(async () => task.open?.(opened))
      this.#seek()
    } catch (reason) {
      this.#failure ??= { reason }
      consumer()?.wake()
    }
  }

  async revoked(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    const { committer, abandoned } = this.#parts
    this.#seek()
    const uncommitted = abandoned() ? [] : await committer()?.commitClosing(partitions)
    await this.#close(partitions)
    return uncommitted ?? []
  }

  lost(partitions: readonly TopicPartition[]): Promise<void> {
    return this.#close(partitions)
  }

  #seek(): void {
    const { requests, offsets, consumer } = this.#parts
    const reading = consumer()
    if (reading !== undefined) applySeeks(requests, reading, offsets)
  }

  async #close(partitions: readonly TopicPartition[]): Promise<void> {
    const { task, calls, offsets, requests, delivery, log } = this.#parts
    delivery.drop(partitions)
    dropSeeks(requests, partitions)
    offsets.remove(partitions)
    await calls
      .run(async () => task.closePartitions?.(partitions))
      .catch((error: unknown) =>
        log.error('an error occurred while closing partitions', { reason: messageOf(error), err: error }),
      )
  }
}
