import type { SourceRecord } from '../../../api/index.ts'
import type { Emit } from './ports.ts'

/**
 * Completes the records that were made since the last call, by reading from the database. Undefined if there is nothing to
 * do. Resolves to the bytes that the records have grown by.
 */
export type Complete = () => Promise<number> | undefined

/**
 * Passes batches of records on, in order, each as soon as it is complete. `S` says how far a batch goes.
 *
 * A batch that cannot be completed is lost, and so are all later ones, because they must not overtake it: another stream
 * has to continue after `passed`.
 */
export class RecordGate<S> {
  readonly #emit: Emit
  readonly #complete: Complete | undefined
  #passed: S
  #failure: { readonly reason: unknown } | undefined
  /** Number of batches that are not complete. */
  #incomplete = 0
  /** Settles when all batches so far have been passed on, or are lost. */
  #last: Promise<void> | undefined

  /** Without `complete`, all records are complete from the beginning. */
  constructor(emit: Emit, complete: Complete | undefined, passed: S) {
    this.#emit = emit
    this.#complete = complete
    this.#passed = passed
  }

  /** How far the batches that were passed on go; undefined unless one was lost. */
  get lostAfter(): S | undefined {
    return this.#failure === undefined ? undefined : this.#passed
  }

  /** Whether batches wait for their completion. */
  get waits(): boolean {
    return this.#incomplete > 0 || this.#failure !== undefined
  }

  /**
   * Passes a batch on, at once if it is complete. `reaches` is called at once, too, and only if it matters. A promise means
   * back-pressure; it rejects with the reason if this batch or one before is lost.
   */
  pass(records: SourceRecord[], bytes: number, reaches: () => S): void | Promise<void> {
    if (this.#complete === undefined) return this.#emit(records, bytes)
    if (this.#failure !== undefined) return this.settled()
    const completing = this.#complete()
    const state = reaches()
    if (completing === undefined && this.#incomplete === 0) {
      this.#passed = state
      return this.#emit(records, bytes)
    }
    this.#incomplete++
    return (this.#last = this.#passWhenComplete(this.#last, completing, records, bytes, state))
  }

  /** Waits for the batches so far. Rejects with the reason if one was lost. */
  settled(): void | Promise<void> {
    // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- passed on as it came
    if (this.#failure !== undefined) return Promise.reject(this.#failure.reason)
    return this.#incomplete > 0 ? this.#last : undefined
  }

  async #passWhenComplete(
    before: Promise<void> | undefined,
    completing: Promise<number> | undefined,
    records: SourceRecord[],
    bytes: number,
    state: S,
  ): Promise<void> {
    let grown = 0
    try {
      ;[grown = 0] = await Promise.all([completing, before])
    } catch (error) {
      this.#failure ??= { reason: error }
    } finally {
      this.#incomplete--
    }
    if (this.#failure !== undefined) return this.settled()
    this.#passed = state
    return this.#emit(records, bytes + grown)
  }
}
