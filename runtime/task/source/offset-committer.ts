import type { Logger, SourceTask } from '../../../api/index.ts'
import { sleep, type Lease } from '../../timing/index.ts'
import type { PartitionOffsetEntry } from '../../stores/index.ts'
import { attemptCommit } from '../commit-attempt.ts'
import { CommitFailures } from '../commit-failures.ts'
import type { TaskMetrics } from '../metrics.ts'
import { CommittedHook } from './committed-hook.ts'
import { IDLE_OFFSETS_INTERVAL_MS, type IdleOffsets } from './idle-offsets.ts'
import type { OffsetLedger } from './offset-ledger.ts'
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

/**
 * Stores the committable offsets of the ledger, periodically and at the end, and calls the task's `committed`
 * hook. After a failed commit, its offsets are kept for the next one.
 *
 * Source: SourceTaskOffsetCommitter, WorkerSourceTask.commitOffsets.
 */
export class OffsetCommitter {
  readonly #ledger: OffsetLedger
  readonly #parts: OffsetCommitterParts
  readonly #hard: AbortSignal
  readonly #failures: CommitFailures
  readonly #hook: CommittedHook

  /** Once `hard` is aborted, nothing more is stored or waited for. */
  constructor(
    ledger: OffsetLedger,
    task: Pick<SourceTask, 'committed'>,
    parts: OffsetCommitterParts,
    hard: AbortSignal,
  ) {
    this.#ledger = ledger
    this.#parts = parts
    this.#hard = hard
    this.#failures = new CommitFailures(parts.log, parts.metrics)
    this.#hook = new CommittedHook(task, { ...parts, timeoutMs: parts.settings.flushTimeoutMs }, hard)
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
    if (offsets.size === 0) return this.#hook.tell(offsets)
    const storeAll = () => store([...offsets.values()])
    const failure = await attemptCommit(storeAll, settings.flushTimeoutMs, metrics, this.#hard)
    if (failure === undefined) {
      this.#failures.succeeded()
      await this.#hook.tell(offsets)
      return
    }
    this.#ledger.giveBack(offsets)
    if (this.#hard.aborted) return // the owner of the task reports how it ended
    if (last) this.#failures.failedLast('cannot store offsets; records may be delivered again', failure)
    else this.#failures.failed('cannot store offsets; retrying with the next commit', failure)
  }
}
