import { messageOf, type Logger } from '../../../api/index.ts'
import { sleep, within } from '../../timing/index.ts'
import type { PartitionOffsetEntry } from '../../stores/index.ts'
import { noteCommit, type TaskMetrics } from '../metrics.ts'
import type { OffsetLedger } from './offset-ledger.ts'
import type { CommitSettings } from '../ports.ts'

/** Where a source task's offsets go. Resolves once they are stored. */
export type StoreOffsets = (offsets: readonly PartitionOffsetEntry[]) => Promise<void>

const LATE = Symbol('late')

/**
 * Stores what the ledger gives out, now and then and at the end. A failure is logged, and the offsets are kept for
 * the next time.
 *
 * Source: SourceTaskOffsetCommitter, WorkerSourceTask.commitOffsets.
 */
export class OffsetCommitter {
  readonly #ledger: OffsetLedger
  readonly #store: StoreOffsets
  readonly #settings: CommitSettings
  readonly #metrics: TaskMetrics
  readonly #committed: () => Promise<void>
  readonly #log: Logger

  /** `committed` is the task's own hook; it is called after each commit that did not fail. */
  constructor(
    ledger: OffsetLedger,
    store: StoreOffsets,
    settings: CommitSettings,
    metrics: TaskMetrics,
    committed: () => Promise<void>,
    log: Logger,
  ) {
    this.#ledger = ledger
    this.#store = store
    this.#settings = settings
    this.#metrics = metrics
    this.#committed = committed
    this.#log = log
  }

  /** Commits at each interval until the signal is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    while (await sleep(this.#settings.flushIntervalMs, signal)) await this.commit()
  }

  /** Stores what may be stored now. Never throws. */
  async commit(): Promise<void> {
    const offsets = this.#ledger.take()
    const startedAt = Date.now()
    const failure = offsets.size === 0 ? undefined : await this.#tryStore([...offsets.values()])
    if (offsets.size > 0) noteCommit(this.#metrics, failure === undefined, Date.now() - startedAt)
    if (failure !== undefined) {
      this.#ledger.giveBack(offsets)
      this.#log.error('offsets could not be stored; the next commit tries again', { reason: failure })
      return
    }
    await this.#committed().catch((error: unknown) => {
      this.#log.error('the task failed on being told of a commit', { reason: messageOf(error), err: error })
    })
  }

  async #tryStore(offsets: readonly PartitionOffsetEntry[]): Promise<string | undefined> {
    const { flushTimeoutMs } = this.#settings
    try {
      const result = await within(flushTimeoutMs, this.#store(offsets), () => LATE)
      return result === LATE
        ? `it took longer than ${flushTimeoutMs} ms (offset.flush.timeout.ms)`
        : undefined
    } catch (error) {
      return messageOf(error)
    }
  }
}
