import { setImmediate } from 'node:timers/promises'
import { ConnectError, type Logger, type SourceTask } from '../../../api/index.ts'
import { RepeatedFailure } from '../../telemetry/index.ts'
import type { PluginCalls } from '../ports.ts'
import type { OffsetLedger } from './offset-ledger.ts'

/** Minimum time between two calls of `updateOffsets`. */
export const IDLE_OFFSETS_INTERVAL_MS = 10_000

/** The parts of a source task that ask it for offsets without records. */
export interface IdleOffsetsParts {
  readonly calls: PluginCalls
  readonly log: Logger
}

/**
 * Asks an idle task for offsets that no record carries.
 *
 * Checking that nothing is in flight, the call of the task and adding its offsets to the ledger happen in one
 * uninterrupted run.
 *
 * Invariant 1: all records that the task has returned are acknowledged or dropped when it is asked.
 * Invariant 2: the offsets of all records that it returns afterwards become committable after these.
 * Source: KIP-910.
 */
export class IdleOffsets {
  readonly #task: Pick<SourceTask, 'updateOffsets'>
  readonly #ledger: Pick<OffsetLedger, 'advance'>
  readonly #isIdle: () => boolean
  readonly #calls: PluginCalls
  readonly #failures: RepeatedFailure

  /** `isIdle`: whether every record that a poll of the task has returned is settled. */
  constructor(
    task: Pick<SourceTask, 'updateOffsets'>,
    ledger: Pick<OffsetLedger, 'advance'>,
    isIdle: () => boolean,
    { calls, log }: IdleOffsetsParts,
  ) {
    this.#task = task
    this.#ledger = ledger
    this.#isIdle = isIdle
    this.#calls = calls
    this.#failures = new RepeatedFailure(log, 'updateOffsets() failed')
  }

  /** Whether the task has such offsets at all. */
  get wanted(): boolean {
    return this.#task.updateOffsets !== undefined
  }

  /**
   * Adds the task's offsets to the ledger if nothing is in flight. Resolves to true if there are any to store. Never
   * throws.
   */
  async collect(): Promise<boolean> {
    if (!this.wanted) return false
    // Records that a poll has just resolved to reach the ledger before the next callback of the event loop
    await setImmediate()
    try {
      return await this.#calls.run(() => this.#add())
    } catch (error) {
      this.#failures.failed(error)
      return false
    }
  }

  #add(): boolean {
    if (!this.#isIdle()) return false
    const offsets: unknown = this.#task.updateOffsets?.()
    if (!Array.isArray(offsets)) {
      if (offsets instanceof Promise) offsets.catch(() => {})
      const found = offsets instanceof Promise ? 'a promise' : typeof offsets
      const message = `updateOffsets() returned ${found}, expected an array of [partition, offset]`
      throw new ConnectError('HR_DATA_INVALID', message)
    }
    this.#ledger.advance(offsets)
    return offsets.length > 0
  }
}
