import { randomUUID } from 'node:crypto'
import type { SourceOffset, SourceRecord } from '../../../../api/index.ts'
import type { Row } from '../../ports.ts'
import type { StreamPosition } from '../ports.ts'
import type { ChunkKey, ChunkPlan } from './chunk-query.ts'
import type { ReadChunk } from './chunk-reader.ts'
import type { PassedTransactions } from './visibility.ts'
import { ChangeWindow } from './window.ts'

/**
 * One chunk, from its first statement to the end of its window. The background sets the table and the rows; the stream
 * opens and closes the window.
 */
export class Chunk {
  readonly id = randomUUID()
  /** When the window was opened in the database. */
  readonly openedAt = new Date().toISOString()
  /** Resolves when the stream has closed the window. */
  readonly ended: Promise<void>
  #end: () => void = () => undefined
  #plan: ChunkPlan | undefined
  #changes: ChangeWindow | undefined
  #read: ReadChunk | undefined
  #open = false
  #superseded = false

  constructor() {
    this.ended = new Promise((resolve) => (this.#end = resolve))
  }

  /** oid of the table whose changes belong to the window; 0 if the window is not open. */
  get watchedOid(): number {
    return this.#open && this.#plan !== undefined ? this.#plan.source.table.oid : 0
  }

  get read(): ReadChunk | undefined {
    return this.#read
  }

  /** Starts a table. Changes count from here on, if the window is open already. */
  startTable(plan: ChunkPlan, passed: PassedTransactions): void {
    this.#plan = plan
    this.#changes = new ChangeWindow(plan.identity)
    this.#superseded = false
    passed.clear()
    if (this.#open) passed.openWindow()
  }

  /** The stream wins from here on. */
  open(passed: PassedTransactions): void {
    this.#open = true
    passed.openWindow()
  }

  rowsRead(read: ReadChunk, passed: PassedTransactions): void {
    this.#read = read
    passed.chunkRead(read.visible)
  }

  changed(txId: number, columns: readonly string[], oldRow: Row | null, newRow: Row | null): void {
    this.#changes?.changed(txId, columns, oldRow, newRow)
  }

  /** What the chunk contains is not comparable with the stream any more. */
  supersede(): void {
    this.#superseded = true
  }

  relationChanged(oid: number): void {
    if (this.#plan?.source.table.oid === oid) this.#superseded = true
  }

  /** Whether rows that the chunk has now may be sent. */
  valid(passed: PassedTransactions): boolean {
    const comparable = this.#open && !this.#superseded && this.#changes?.incomparable === false
    return comparable && !passed.chunkIsStale
  }

  end(): void {
    this.#end()
  }

  /**
   * Returns the records of the rows that the stream has not changed. All but the last one have the offset before the
   * chunk; `sent` is called before the last one gets its offset.
   */
  records(at: StreamPosition, sent: (key: ChunkKey) => void): SourceRecord[] {
    const read = this.#read
    const plan = this.#plan
    if (read === undefined || plan === undefined || read.lastKey === null) return []
    const kept = this.#changes?.surviving(read.rows, plan.identityCells, read.visible)
    const last = kept?.lastIndexOf(1) ?? -1
    const lastKey = read.lastKey
    const before: SourceOffset = at.offset()
    const records: SourceRecord[] = []
    read.rows.forEach((row, index) => {
      if (kept?.[index] !== 1) return
      let offset = before
      if (index === last) {
        sent(lastKey)
        offset = at.offset()
      }
      plan.source.read(row, at, offset, records)
    })
    if (last === -1) sent(lastKey)
    return records
  }
}
