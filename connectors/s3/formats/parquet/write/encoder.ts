import { ConnectError, type Schema } from '../../../../../api/index.ts'
import type { ObjectEncoder, Output } from '../../../ports.ts'
import { LeafColumn } from '../columns/leaf-column.ts'
import type { Compress } from '../columns/page-list.ts'
import { leavesOf, type GroupType, type Leaf } from '../schema/parquet-type.ts'
import { footerBytes, MAGIC } from './footer.ts'
import { emitRowGroup, type RowGroup } from './row-group.ts'
import { shredderOf, type Shredder } from './shredder.ts'
import { encoded, type Thrift } from './thrift.ts'

/** Size of a row group in bytes before compression. Readers may hold a whole one in memory. */
const ROW_GROUP_BYTES = 64 * 1024 * 1024
/** Number of records between checks of the sizes. */
const CHECK_EVERY = 16

export interface EncoderOptions {
  readonly schema: Schema
  /** The type of the schema. */
  readonly root: GroupType
  /** Key-value pairs of the footer. */
  readonly metadata: Readonly<Record<string, string>>
  /** Number of the codec in the format. */
  readonly codec: number
  readonly compress: Compress
  readonly output: Output
}

/**
 * Writes a Parquet file. Values are split into columns as they arrive; full pages are compressed while more arrive. Row
 * groups end at {@link ROW_GROUP_BYTES} and at `release`.
 */
export class ParquetEncoder implements ObjectEncoder {
  readonly #options: EncoderOptions
  readonly #leaves: readonly Leaf[]
  readonly #columns: readonly LeafColumn[]
  readonly #shredder: Shredder
  readonly #rowGroups: Thrift[] = []
  #waiting: RowGroup[] = []
  #position = 0
  #rowsInGroup = 0
  #rows = 0

  constructor(options: EncoderOptions) {
    this.#options = options
    this.#leaves = leavesOf(options.root)
    this.#columns = this.#leaves.map((leaf) => new LeafColumn(leaf, options.compress))
    this.#shredder = shredderOf(options.schema, options.root, this.#columns)
  }

  write(value: unknown): void {
    if (!this.#shredder.fits(value)) {
      const reason = this.#shredder.misfit(value, '') ?? 'the value does not match its schema'
      throw new ConnectError('HR_DATA_INVALID', `Cannot write a value to Parquet: ${reason.trim()}`)
    }
    this.#shredder.write(value, 0)
    this.#rowsInGroup++
    if (this.#rowsInGroup % CHECK_EVERY === 0) this.#endFull()
  }

  get heldBytes(): number {
    const current = this.#columns.reduce((sum, { heldBytes }) => sum + heldBytes, 0)
    const waiting = this.#waiting.flatMap(({ columns }) => columns)
    return waiting.reduce((sum, column) => sum + column.heldBytes(), current)
  }

  async release(): Promise<void> {
    this.#endRowGroup()
    for (;;) {
      const next = this.#waiting[0]
      if (next === undefined) return
      if (this.#position === 0) this.#emit(MAGIC)
      const emit = (bytes: Buffer) => this.#emit(bytes)
      // while memory is short, there are many row groups
      this.#rowGroups.push(encoded(await emitRowGroup(next, this.#leaves, this.#options.codec, emit)))
      this.#waiting.shift()
    }
  }

  async end(): Promise<void> {
    await this.release()
    if (this.#position === 0) this.#emit(MAGIC)
    const { root, metadata } = this.#options
    this.#emit(footerBytes({ root, rows: this.#rows, rowGroups: this.#rowGroups, metadata }))
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
    this.#waiting.push({ rows: this.#rowsInGroup, columns: this.#columns.map((column) => column.take()) })
    this.#rows += this.#rowsInGroup
    this.#rowsInGroup = 0
  }

  #emit(bytes: Buffer): number {
    const start = this.#position
    this.#position += bytes.length
    this.#options.output(bytes)
    return start
  }
}
