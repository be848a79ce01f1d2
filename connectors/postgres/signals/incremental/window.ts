import { UNCHANGED_CELL, type Row } from '../../ports.ts'
import type { ChunkRows } from './chunk-rows.ts'
import { isVisible, type VisibleTransactions } from './visibility.ts'

/** How the stream tells which row of a chunk has changed. */
export interface RowIdentity {
  readonly columns: readonly string[]
  /** Whether no two rows have equal columns. */
  readonly unique: boolean
}

interface CountedChange {
  readonly identity: string
  readonly txId: number
  /** Rows more with this identity. */
  readonly added: 1 | -1
}

/**
 * The changes of a table while the window of a chunk is open. The stream wins: rows of the chunk that have changed are not
 * sent.
 *
 * - If the identity is unique, each changed row is left out, as in Debezium.
 * - Otherwise rows can be equal in all columns. As many of them are left out as the chunk does not know to be gone: those
 *   deleted or updated by transactions that its SELECT did not see. An inserted row may be sent twice, and none is lost.
 *
 * Source: AbstractIncrementalSnapshotChangeEventSource.deduplicateWindow.
 */
export class ChangeWindow {
  readonly #identity: RowIdentity
  readonly #changed = new Set<string>()
  readonly #counted: CountedChange[] = []
  #columns: readonly string[] | undefined
  #cells: number[] = []
  #incomparable = false

  constructor(identity: RowIdentity) {
    this.#identity = identity
  }

  /** Whether the stream had a change whose row cannot be told: the chunk must be read again. */
  get incomparable(): boolean {
    return this.#incomparable
  }

  /** A row has changed. See `StreamSignals.changed`. */
  changed(txId: number, columns: readonly string[], oldRow: Row | null, newRow: Row | null): void {
    if (columns !== this.#columns) {
      this.#columns = columns
      this.#cells = this.#identity.columns.map((column) => columns.indexOf(column))
      if (this.#cells.includes(-1)) this.#incomparable = true
    }
    if (this.#incomparable) return
    if (this.#identity.unique) {
      if (oldRow !== null) this.#changed.add(this.#identityOf(oldRow))
      if (newRow !== null) this.#changed.add(this.#identityOf(newRow))
      return
    }
    if (oldRow !== null) this.#counted.push({ identity: this.#identityOf(oldRow), txId, added: -1 })
    // The order of both matters not: only their sum counts. An update that keeps a large value names it in the old row.
    if (newRow === null) return
    if (oldRow !== null && this.#hasUnchanged(newRow)) return
    this.#counted.push({ identity: this.#identityOf(newRow), txId, added: 1 })
  }

  /**
   * Returns which rows of the chunk are to be sent, as 1 for each row. `cells` are those of the identity in the chunk.
   */
  surviving(rows: ChunkRows, cells: readonly number[], visible: VisibleTransactions): Uint8Array {
    const kept = new Uint8Array(rows.count).fill(1)
    if (this.#identity.unique) {
      if (this.#changed.size === 0) return kept
      rows.forEach((row, index) => {
        if (this.#changed.has(identityText(row, cells))) kept[index] = 0
      })
      return kept
    }
    const gone = this.#goneRows(visible)
    if (gone.size === 0) return kept
    rows.forEach((row, index) => {
      const identity = identityText(row, cells)
      const left = gone.get(identity) ?? 0
      if (left === 0) return
      gone.set(identity, left - 1)
      kept[index] = 0
    })
    return kept
  }

  #goneRows(visible: VisibleTransactions): Map<string, number> {
    const sums = new Map<string, number>()
    for (const { identity, txId, added } of this.#counted)
      if (!isVisible(visible, txId)) sums.set(identity, (sums.get(identity) ?? 0) - added)
    for (const [identity, sum] of sums) if (sum <= 0) sums.delete(identity)
    return sums
  }

  #hasUnchanged(row: Row): boolean {
    return this.#cells.some((cell) => row.starts[cell] === UNCHANGED_CELL)
  }

  #identityOf(row: Row): string {
    if (this.#hasUnchanged(row)) this.#incomparable = true
    return identityText(row, this.#cells)
  }
}

/** Texts of PostgreSQL have no zero byte: it separates the cells. */
function identityText(row: Row, cells: readonly number[]): string {
  let text = ''
  for (const cell of cells) {
    const start = row.starts[cell] ?? -1
    text += start < 0 ? '\0null' : `\0=${row.bytes.toString('latin1', start, row.ends[cell])}`
  }
  return text
}
