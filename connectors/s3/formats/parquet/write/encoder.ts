import { ConnectError } from '../../../../../api/index.ts'
import type { ObjectEncoder, Output } from '../../../ports.ts'
import { ByteSink } from '../columns/byte-sink.ts'
import { LeafColumn } from '../columns/leaf-column.ts'
import type { Compress } from '../columns/page-list.ts'
import type { GroupType, Leaf } from '../schema/parquet-type.ts'
import { footerBytes, MAGIC } from './footer.ts'
import { emitRowGroup, type RowGroup } from './row-group.ts'
import type { Shredder } from './shredder.ts'
import { writtenStructs } from './thrift.ts'

/** Size of a row group in bytes before compression. Readers may hold a whole one in memory. */
const ROW_GROUP_BYTES = 64 * 1024 * 1024
/** Number of records between checks of the sizes. */
const CHECK_EVERY = 16

/** What the objects of a schema share. */
export interface EncoderOptions {
  readonly root: GroupType
  /** The columns of the type. */
  readonly leaves: readonly Leaf[]
  readonly shredder: Shredder
  /** Key-value pairs of the footer. */
  readonly metadata: Readonly<Record<string, string>>
  /** Number of the codec in the format. */
  readonly codec: number
  readonly compress: Compress
}

/**
 * Writes a Parquet file. Values are split into columns as they arrive; full pages are compressed while more arrive. Row
 * groups end at {@link ROW_GROUP_BYTES} and at `release`.
 */
export class ParquetEncoder implements ObjectEncoder {
  readonly #options: EncoderOptions
  readonly #output: Output
  /** Those of the current row group. There are none before its first value, because even empty ones take up memory. */
  #columns: readonly LeafColumn[] = []
  /** Row groups that are complete, but have not been passed to the output. */
  readonly #waiting: RowGroup[] = []
  /** Encoded metadata of the row groups in the output. While memory is short, there are many. */
  readonly #rowGroups = new ByteSink()
  #rowGroupCount = 0
  #position = 0
  #rowsInGroup = 0
  #rows = 0

  constructor(options: EncoderOptions, output: Output) {
    this.#options = options
    this.#output = output
  }

  write(value: unknown): void {
    const { shredder, leaves, compress } = this.#options
    if (!shredder.fits(value)) {
      const reason = shredder.misfit(value, '') ?? 'the value does not match its schema'
      throw new ConnectError('HR_DATA_INVALID', `Cannot write a value to Parquet: ${reason.trim()}`)
    }
    if (this.#rowsInGroup === 0) this.#columns = leaves.map((leaf) => new LeafColumn(leaf, compress))
    shredder.write(value, 0, this.#columns)
    this.#rowsInGroup++
    if (this.#rowsInGroup % CHECK_EVERY === 0) this.#endFull()
  }

  get heldBytes(): number {
    let held = this.#rowGroups.capacity
    for (const { heldBytes } of this.#columns) held += heldBytes
    for (const { columns } of this.#waiting) for (const column of columns) held += column.heldBytes()
    return held
  }

  get keptBytes(): number {
    return this.#rowGroups.capacity
  }

  async release(): Promise<void> {
    this.#endRowGroup()
    const { leaves, codec } = this.#options
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      for (const column of next.columns) await column.compressed()
      this.#start()
      const place = { leaves, codec, start: this.#position }
      emitRowGroup(next, place, (bytes) => this.#emit(bytes)).write(this.#rowGroups)
      this.#rowGroupCount++
      this.#waiting.shift()
    }
  }

  async end(): Promise<void> {
    await this.release()
    this.#start()
    const { root, metadata } = this.#options
    const rowGroups = writtenStructs(this.#rowGroupCount, this.#rowGroups.view())
    this.#emit(footerBytes({ root, rows: this.#rows, rowGroups, metadata }))
    this.#rowGroups.free()
  }

  #endFull(): void {
    let size = 0
    for (const column of this.#columns) {
      column.endFullPage()
      size += column.size
    }
    if (size >= ROW_GROUP_BYTES) this.#endRowGroup()
  }

  #endRowGroup(): void {
    if (this.#rowsInGroup === 0) return
    this.#waiting.push({ rows: this.#rowsInGroup, columns: this.#columns.map((column) => column.end()) })
    this.#columns = []
    this.#rows += this.#rowsInGroup
    this.#rowsInGroup = 0
  }

  #start(): void {
    if (this.#position === 0) this.#emit(MAGIC)
  }

  #emit(bytes: Buffer): void {
    this.#position += bytes.length
    this.#output(bytes)
  }
}
