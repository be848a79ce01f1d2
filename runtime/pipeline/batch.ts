import type { ConnectRecord } from '../../api/index.ts'

/**
 * Records on their way together.
 *
 * A record that ends the task cuts the batch: those before it still go their way, those from it on do not.
 */
export class RecordBatch<R extends ConnectRecord> {
  /** As polled or fetched. */
  readonly records: readonly R[]
  /** As they are now; null once dropped. */
  readonly current: (R | null)[]
  /** Reports under way on records that were skipped, by index. */
  readonly #reports = new Map<number, Promise<void>>()
  #limit: number
  #fatal: unknown

  constructor(records: readonly R[]) {
    this.records = records
    this.current = records.slice()
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

  drop(index: number): void {
    this.current[index] = null
  }

  /** Drops a record after an error. Its offset does not count before `safe` resolves; undefined: right away. */
  skip(index: number, safe: Promise<void> | undefined): void {
    this.drop(index)
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
