import { messageOf, type Logger, type SourceTask, type StoredOffset } from '../../../api/index.ts'
import { sleep, within, type Lease } from '../../timing/index.ts'
import type { PartitionOffsetEntry } from '../../stores/index.ts'
import { attemptCommit } from '../commit-attempt.ts'
import { CommitFailures } from '../commit-failures.ts'
import type { TaskMetrics } from '../metrics.ts'
import { IDLE_OFFSETS_INTERVAL_MS, type IdleOffsets } from './idle-offsets.ts'
import type { CommittableOffsets, OffsetLedger } from './offset-ledger.ts'
import type { CommitSettings, PluginCalls } from '../ports.ts'

/** Stores the offsets of a source task. Resolves once they are stored. */
export type StoreOffsets = (offsets: readonly PartitionOffsetEntry[]) => Promise<void>

/** The parts of a source task that a committer needs. */
export interface OffsetCommitterParts {
  readonly store: StoreOffsets
  readonly calls: PluginCalls
  readonly settings: CommitSettings
  readonly lease: Pick<Lease, 'held'>
  readonly metrics: TaskMetrics
  readonly log: Logger
}

const LATE = Symbol('late')

/**
 * Stores the committable offsets of the ledger, periodically and at the end, and calls the task's `committed`
 * hook. After a failed commit, its offsets are kept for the next one.
 *
 * Source: SourceTaskOffsetCommitter, WorkerSourceTask.commitOffsets.
 */
export class OffsetCommitter {
  readonly #ledger: OffsetLedger
  readonly #task: Pick<SourceTask, 'committed'>
  readonly #parts: OffsetCommitterParts
  readonly #hard: AbortSignal
  readonly #failures: CommitFailures
  /** The pending call of `committed`. */
  #calling: Promise<void> | undefined
  /** Stored offsets not yet passed to `committed`, or whose call failed. */
  #unreported: CommittableOffsets = new Map()

  /** Once `hard` is aborted, nothing more is stored or waited for. */
  constructor(
    ledger: OffsetLedger,
    task: Pick<SourceTask, 'committed'>,
    parts: OffsetCommitterParts,
    hard: AbortSignal,
  ) {
    this.#ledger = ledger
    this.#task = task
    this.#parts = parts
    this.#hard = hard
    this.#failures = new CommitFailures(parts.log, parts.metrics)
  }

  /**
   * Commits at each interval until the signal is aborted. Offsets of an idle task have an interval of their own and
   * are committed at once; one loop does both, because commits must not overlap (invariant 2).
   */
  async run(signal: AbortSignal, idle: IdleOffsets): Promise<void> {
    const { flushIntervalMs } = this.#parts.settings
    let untilFlush = flushIntervalMs
    let untilIdle = idle.wanted ? IDLE_OFFSETS_INTERVAL_MS : Infinity
    for (;;) {
      const pause = Math.min(untilFlush, untilIdle)
      if (!(await sleep(pause, signal))) return
      untilFlush -= pause
      untilIdle -= pause
      const updated = untilIdle === 0 && (await idle.collect())
      if (updated || untilFlush === 0) await this.commit()
      if (untilIdle === 0) untilIdle = IDLE_OFFSETS_INTERVAL_MS
      if (untilFlush === 0) untilFlush = flushIntervalMs
    }
  }

  /** Stores the offsets that are committable now. `last`: no other commit follows a failed one. Never throws. */
  async commit(last = false): Promise<void> {
    // Invariant 5: the offsets of a task that another worker may have are older than those of that worker
    if (this.#hard.aborted || !this.#parts.lease.held) return
    const { store, metrics, settings } = this.#parts
    const offsets = this.#ledger.take()
    if (offsets.size === 0) return this.#tell(offsets)
    const storeAll = () => store([...offsets.values()])
    const failure = await attemptCommit(storeAll, settings.flushTimeoutMs, metrics, this.#hard)
    if (failure === undefined) {
      this.#failures.succeeded()
      await this.#tell(offsets)
      return
    }
    this.#ledger.giveBack(offsets)
    if (this.#hard.aborted) return // the owner of the task reports how it ended
    if (last) this.#failures.failedLast('cannot store offsets; records may be delivered again', failure)
    else this.#failures.failed('cannot store offsets; retrying with the next commit', failure)
  }

  /**
   * Calls the task's hook with all offsets stored since its last successful call; one call at a time. A call
   * that does not return in time does not delay the next commit.
   */
  async #tell(stored: CommittableOffsets): Promise<void> {
    if (this.#task.committed === undefined) return
    for (const [key, entry] of stored) this.#unreported.set(key, entry)
    if (this.#calling !== undefined) return
    const { settings, log } = this.#parts
    const call = (this.#calling = this.#call(this.#unreported))
    const result = await within(settings.flushTimeoutMs, call, () => LATE, this.#hard)
    if (result === LATE && !this.#hard.aborted) {
      log.warn('committed() has not returned in time; it is not called again until it has', {
        timeoutMs: settings.flushTimeoutMs,
      })
    }
  }

  async #call(offsets: CommittableOffsets): Promise<void> {
    const { calls, log } = this.#parts
    this.#unreported = new Map()
    const list: readonly StoredOffset[] = [...offsets.values()]
    try {
      await calls.run(async () => this.#task.committed?.(list))
    } catch (error) {
      this.#unreported = new Map([...offsets, ...this.#unreported])
      log.error('committed() failed', { reason: messageOf(error), err: error })
    } finally {
      this.#calling = undefined
    }
  }
}
