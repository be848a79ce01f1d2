import type { Leaf } from '../schema/parquet-type.ts'
import { ByteSink } from './byte-sink.ts'
import { ColumnValues, type PageValues } from './column-values.ts'
import { NumberList } from './number-list.ts'
import { PageList, type ColumnPages, type Compress } from './page-list.ts'
import { bitsFor, writeRunLengths } from './run-lengths.ts'
import { valueKindOf, type Physical } from './value-kinds.ts'

/** Size of a page before compression. Small pages keep the memory of objects that are open at the same time low. */
const PAGE_BYTES = 256 * 1024
/** Number of values in a page. Source: parquet.page.row.count.limit of parquet-mr. */
const PAGE_VALUES = 20_000

const levels = (length: number) => new Uint8Array(length)

/** A column of a row group: levels and values as they arrive, and the pages so far. */
export class LeafColumn {
  readonly leaf: Leaf
  readonly #compress: Compress
  readonly #repetition = new NumberList(levels)
  readonly #definition = new NumberList(levels)
  #values: ColumnValues<Physical>
  #pages: PageList
  /** Number of values and nulls in the current page. */
  #pageCount = 0
  #nulls = 0

  constructor(leaf: Leaf, compress: Compress) {
    this.leaf = leaf
    this.#compress = compress
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
    const current = this.#repetition.capacity + this.#definition.capacity + this.#values.heldBytes
    return current + this.#pages.heldBytes
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

  /** Returns the pages of the row group, and starts the next row group. */
  take(): ColumnPages {
    if (this.#pageCount > 0) this.#endPage()
    const taken = this.#pages.take(this.#values.dictionaryPage(), this.#nulls, this.#values.bounds())
    this.#values = new ColumnValues(valueKindOf(this.leaf.type))
    this.#pages = new PageList(this.#compress)
    this.#repetition.free()
    this.#definition.free()
    this.#nulls = 0
    return taken
  }

  #endPage(): void {
    const { encoding, bytes }: PageValues = this.#values.takePage()
    const out = new ByteSink(bytes.length + 64)
    writeLevels(out, this.#repetition, this.leaf.maxRepetition)
    writeLevels(out, this.#definition, this.leaf.maxDefinition)
    out.bytes(bytes)
    this.#pages.add({ encoding, count: this.#pageCount }, out.view())
    this.#repetition.clear()
    this.#definition.clear()
    this.#pageCount = 0
  }
}

/** Writes levels with their size in front; nothing if all of them are zero by the schema. */
function writeLevels(out: ByteSink, list: NumberList<Uint8Array>, highest: number): void {
  if (highest === 0) return
  const encoded = new ByteSink(64)
  writeRunLengths(encoded, list.values, list.length, bitsFor(highest))
  out.int32(encoded.size)
  out.bytes(encoded.view())
}
