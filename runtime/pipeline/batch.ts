import type { ConnectRecord } from '../../api/index.ts'

/** What became of a record, by its place in the batch. */
export const outcome = { pending: 0, delivered: 1, filtered: 2, skipped: 3 } as const

/**
 * Records on their way together, with an outcome for each.
 *
 * A record that ends the task cuts the batch: those before it still go their way, those from it on do not.
 */
export class RecordBatch<R extends ConnectRecord> {
  /** As polled or fetched. */
  readonly records: readonly R[]
  /** As they are now; null once dropped. */
  readonly current: (R | null)[]
  readonly outcomes: Uint8Array
  /** Reports under way on records that were skipped, by index. */
  readonly #reports = new Map<number, Promise<void>>()
  #limit: number
  #fatal: unknown

  constructor(records: readonly R[]) {
    this.records = records
    this.current = records.slice()
    this.outcomes = new Uint8Array(records.length)
    this.#limit = records.length
  }

  /** Records from here on are not to be processed. */
  get limit(): number {
    return this.#limit
  }

  /** What cut the batch; undefined when nothing did. */
  get fatal(): unknown {
    return this.#fatal
  }

  drop(index: number, why: typeof outcome.filtered | typeof outcome.skipped): void {
    this.current[index] = null
    this.outcomes[index] = why
  }

  /** Drops a record after an error. Its offset does not count before `safe` resolves; undefined: right away. */
  skip(index: number, safe: Promise<void> | undefined): void {
    this.drop(index, outcome.skipped)
    if (safe !== undefined) this.#reports.set(index, safe)
  }

  /** The report that a dropped record's offset has to wait for. */
  report(index: number): Promise<void> | undefined {
    return this.#reports.get(index)
  }

  cut(index: number, error: unknown): void {
    if (index >= this.#limit) return
    this.#limit = index
    this.#fatal = error
  }
}
