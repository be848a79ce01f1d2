import { ConnectError, type Logger, type SourceTask } from '../../../../api/index.ts'
import type { PluginCalls } from '../../ports.ts'
import type { TransactionParts } from './ports.ts'

/** The part of the timeout of a transaction for which it is held. The rest is for its commit. */
const HELD_SHARE = 0.5

/** The parts of a source task that a hold needs. */
export interface TransactionHoldParts {
  readonly calls: PluginCalls
  readonly log: Logger
}

/**
 * Tells whether a transaction has to stay open, because the task would send its records again after a restart. A hold is of
 * no use any more once some of these records are committed.
 */
export class TransactionHold {
  readonly #task: Pick<SourceTask, 'resumable'>
  readonly #parts: TransactionHoldParts
  readonly #producer: TransactionParts['producer']
  /** Whether the task can say where it is resumable, and does not define its transactions by itself. */
  readonly #applies: boolean
  /** Whether a start of the task continues after the last record sent. */
  #resumable = true
  /** Whether a transaction was committed where the task was not resumable, and it has not become resumable since. */
  #divided = false

  constructor(
    task: Pick<SourceTask, 'resumable'>,
    { producer, boundary }: Pick<TransactionParts, 'producer' | 'boundary'>,
    parts: TransactionHoldParts,
  ) {
    this.#task = task
    this.#parts = parts
    this.#producer = producer
    this.#applies = task.resumable !== undefined && boundary.endsWithTask
  }

  /** How long a transaction is held, in milliseconds. */
  get longestMs(): number {
    return this.#producer.timeoutMs * HELD_SHARE
  }

  get isOn(): boolean {
    return !this.#resumable && !this.#divided
  }

  /** Called before a batch is sent: the task is not resumable in the middle of it. */
  sending(): void {
    this.#resumable = !this.#applies
  }

  /** Called when a batch is sent, and no poll is in progress. Throws the error that ends the task. */
  async sent(): Promise<void> {
    if (!this.#applies) return
    const resumable: unknown = await this.#parts.calls.run(() => this.#task.resumable?.())
    if (typeof resumable !== 'boolean') {
      const message = `resumable() returned ${typeof resumable}, expected a boolean`
      throw new ConnectError('HR_DATA_INVALID', message)
    }
    this.#resumable = resumable
    if (resumable) this.#divided = false
  }

  /** Called when the transaction was committed nevertheless. */
  broken(reason: string): void {
    this.#divided = true
    this.#parts.log.warn(
      'only a part of the records that the task sends again after a restart is committed; a restart now would repeat them',
      { reason },
    )
  }
}
