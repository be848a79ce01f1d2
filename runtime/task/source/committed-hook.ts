import { messageOf, type Logger, type SourceTask, type StoredOffset } from '../../../api/index.ts'
import { within } from '../../timing/index.ts'
import type { PluginCalls } from '../ports.ts'
import type { CommittableOffsets } from './offset-ledger.ts'

export interface CommittedHookParts {
  readonly calls: PluginCalls
  readonly log: Logger
  /** How long a commit waits for the hook, in milliseconds. */
  readonly timeoutMs: number
}

const LATE = Symbol('late')

/** Calls a task's `committed` hook, one call at a time. */
export class CommittedHook {
  readonly #task: Pick<SourceTask, 'committed'>
  readonly #parts: CommittedHookParts
  readonly #hard: AbortSignal
  /** The pending call of `committed`. */
  #calling: Promise<void> | undefined
  /** Stored offsets not yet passed to `committed`, or whose call failed. */
  #unreported: CommittableOffsets = new Map()

  /** Once `hard` is aborted, no call is waited for. */
  constructor(task: Pick<SourceTask, 'committed'>, parts: CommittedHookParts, hard: AbortSignal) {
    this.#task = task
    this.#parts = parts
    this.#hard = hard
  }

  /**
   * Calls the hook with all offsets stored since its last successful call. A call that does not return in time does not
   * delay the next commit. Never throws.
   */
  async tell(stored: CommittableOffsets): Promise<void> {
    if (this.#task.committed === undefined) return
    for (const [key, entry] of stored) this.#unreported.set(key, entry)
    if (this.#calling !== undefined) return
    const { timeoutMs, log } = this.#parts
    const call = (this.#calling = this.#call(this.#unreported))
    const result = await within(timeoutMs, call, () => LATE, this.#hard)
    if (result === LATE && !this.#hard.aborted) {
      log.warn('committed() has not returned in time; it is not called again until it has', { timeoutMs })
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
