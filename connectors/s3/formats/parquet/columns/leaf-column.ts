import type { Leaf } from '../schema/parquet-type.ts'
import { ByteSink } from './byte-sink.ts'
import { ColumnValues } from './column-values.ts'
import { levels, NumberList } from './number-list.ts'
import { PageList, type ColumnPages, type Compress } from './page-list.ts'
import { bitsFor, writeRunLengths } from './run-lengths.ts'
import { valueKindOf, type Physical } from './value-kinds.ts'

/** Size of a page before compression. Small pages keep the memory of objects that are open at the same time low. */
const PAGE_BYTES = 256 * 1024
/** Number of values in a page. Source: parquet.page.row.count.limit of parquet-mr. */
const PAGE_VALUES = 20_000

/** Memory in bytes of the objects of a column, besides its values and levels; measured. */
const COLUMN_BYTES = 1700

/** Pages are put together here, one after the other, and copied. */
const page = new ByteSink()
/** After a page that is larger, because its values are, the memory is given back. */
const KEPT_BYTES = 4 * PAGE_BYTES

/** A column of a row group: levels and values as they arrive, and the pages so far. */
export class LeafColumn {
  readonly leaf: Leaf
  readonly #repetition = new NumberList(levels)
  readonly #definition = new NumberList(levels)
  readonly #values: ColumnValues<Physical>
  readonly #pages: PageList
  /** Number of values and nulls in the current page. */
  #pageCount = 0
  #nulls = 0

  constructor(leaf: Leaf, compress: Compress) {
    this.leaf = leaf
    this.#values = new ColumnValues(valueKindOf(leaf.type))
    this.#pages = new PageList(compress)
  }

  /** Adds a value that is present. */
  add(value: Physical, repetition: number): void {
    if (this.leaf.maxRepetition > 0) this.#repetition.push(repetition)
    if (this.leaf.maxDefinition > 0) this.#definition.push(this.leaf.maxDefinition)
    this.#values.add(value)
    this.#pageCount++
  }

  /** Adds a null, of which the first `definition` types above are present. */
  addNull(repetition: number, definition: number): void {
    if (this.leaf.maxRepetition > 0) this.#repetition.push(repetition)
    this.#definition.push(definition)
    this.#pageCount++
    this.#nulls++
  }

  /** Memory in bytes. */
  get heldBytes(): number {
    const levelBytes = this.#repetition.capacity + this.#definition.capacity
    return COLUMN_BYTES + levelBytes + this.#values.heldBytes + this.#pages.heldBytes
  }

  /** Size in bytes of the values so far, before compression. */
  get size(): number {
    return this.#pages.size + this.#values.pageBytes
  }

  /** Ends the current page if it is large enough. Called between records. */
  endFullPage(): void {
    const isFull = this.#values.pageBytes >= PAGE_BYTES || this.#pageCount >= PAGE_VALUES
    if (isFull || this.#values.mustEnd) this.#endPage()
  }

  /** Returns the pages of the row group. The last call. */
  end(): ColumnPages {
    if (this.#pageCount > 0) this.#endPage()
    return this.#pages.end(this.#values.dictionaryPage(), this.#nulls, this.#values.bounds())
  }

  #endPage(): void {
    page.clear()
    writeLevels(page, this.#repetition, this.leaf.maxRepetition)
    writeLevels(page, this.#definition, this.leaf.maxDefinition)
    const encoding = this.#values.takePage(page)
    this.#pages.add({ encoding, count: this.#pageCount }, page.copy())
    if (page.capacity > KEPT_BYTES) page.free()
    this.#repetition.clear()
    this.#definition.clear()
    this.#pageCount = 0
  }
}

/** Writes levels with their size in front; nothing if all of them are zero by the schema. */
function writeLevels(out: ByteSink, list: NumberList<Uint8Array>, highest: number): void {
  if (highest === 0) return
  out.sized(() => writeRunLengths(out, list.values, list.length, bitsFor(highest)))
}
