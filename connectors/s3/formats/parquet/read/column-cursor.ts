import { corrupt } from '../pages/corrupt.ts'
import type { DataPage, PageReader } from '../pages/page-reader.ts'

const NONE: readonly unknown[] = []

/** The values of a column, one after the other. Pages are read ahead of the records that need them. */
export class ColumnCursor {
  readonly #pages: PageReader
  readonly #maxDefinition: number
  #repetition: Uint8Array | null = null
  #definition: Uint8Array | null = null
  #values: readonly unknown[] = NONE
  /** Number of entries: values and nulls. */
  #count = 0
  #at = 0
  #valueAt = 0
  /** Number of records that begin in the entries that are left. */
  #records = 0
  #ended = false

  constructor(pages: PageReader, maxDefinition: number) {
    this.#pages = pages
    this.#maxDefinition = maxDefinition
  }

  /** Number of records of which all entries have been read. */
  get complete(): number {
    return this.#ended || this.#repetition === null ? this.#records : Math.max(0, this.#records - 1)
  }

  /** Reads pages until a record is complete. Rejects with `HR_DATA_INVALID` if the column ends before. */
  async fill(): Promise<void> {
    while (this.complete === 0) {
      const page = await this.#pages.next()
      if (page !== undefined) this.#add(page)
      else if (this.#ended || this.#records === 0)
        throw corrupt('a column has fewer values than its row group')
      else this.#ended = true
    }
  }

  /** Level of the next entry; 0 if there is none. */
  get repetition(): number {
    return this.#repetition === null || this.#at >= this.#count ? 0 : (this.#repetition[this.#at] as number)
  }

  /** Level of the next entry. */
  get definition(): number {
    if (this.#at >= this.#count) throw corrupt('a column has fewer values than its siblings')
    return this.#definition === null ? this.#maxDefinition : (this.#definition[this.#at] as number)
  }

  /** Returns the next entry, which is present. */
  take(): unknown {
    this.#begin()
    return this.#values[this.#valueAt++]
  }

  /** Moves behind the next entry, which is not present. */
  skip(): void {
    this.#begin()
  }

  #begin(): void {
    if (this.#at >= this.#count) throw corrupt('a column has fewer values than its siblings')
    if (this.#repetition === null || this.#repetition[this.#at] === 0) this.#records--
    this.#at++
  }

  #add({ count, repetition, definition, values }: DataPage): void {
    this.#repetition = joined(this.#repetition, this.#at, repetition)
    this.#definition = joined(this.#definition, this.#at, definition)
    this.#values =
      this.#valueAt === this.#values.length ? values : [...this.#values.slice(this.#valueAt), ...values]
    this.#count = this.#count - this.#at + count
    this.#at = 0
    this.#valueAt = 0
    this.#records += repetition === null ? count : startsIn(repetition)
  }
}

function joined(before: Uint8Array | null, from: number, after: Uint8Array | null): Uint8Array | null {
  if (before === null || after === null || from === before.length) return after
  const both = new Uint8Array(before.length - from + after.length)
  both.set(before.subarray(from))
  both.set(after, before.length - from)
  return both
}

function startsIn(repetition: Uint8Array): number {
  let starts = 0
  for (const level of repetition) if (level === 0) starts++
  return starts
}
