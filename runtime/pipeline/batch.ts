import type { ConnectRecord } from '../../api/index.ts'

/**
 * Records that are processed together.
 *
 * A record that ends the task cuts the batch: only the records before it are processed further.
 */
export class RecordBatch<R extends ConnectRecord> {
  /** The records as polled or fetched. */
  readonly records: readonly R[]
  /** The records after the steps so far; null once dropped. */
  readonly current: (R | null)[]
  /** Pending reports on skipped records, by index. */
  readonly #reports = new Map<number, Promise<void>>()
  #limit: number
  #fatal: unknown

  constructor(records: readonly R[]) {
    this.records = records
    this.current = records.slice()
    this.#limit = records.length
  }

  /** Index of the first record not to be processed. */
  get limit(): number {
    return this.#limit
  }

  /** The error that cut the batch; undefined when the batch is not cut. */
  get fatal(): unknown {
    return this.#fatal
  }

  drop(index: number): void {
    this.current[index] = null
  }

  /**
   * Drops a record after an error. Its offset must not be committed before `safe` resolves; if undefined, it may be
   * committed immediately.
   */
  skip(index: number, safe: Promise<void> | undefined): void {
    this.drop(index)
    if (safe !== undefined) this.#reports.set(index, safe)
  }

  /** Returns the report that the offset of a dropped record must wait for. */
  report(index: number): Promise<void> | undefined {
    return this.#reports.get(index)
  }

  cut(index: number, error: unknown): void {
    if (index >= this.#limit) return
    this.#limit = index
    this.#fatal = error
  }
}
