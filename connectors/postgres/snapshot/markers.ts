import type { SourceOffset, SourceRecord } from '../../../api/index.ts'
import type { SnapshotMarker } from '../events/ports.ts'
import type { Remark } from './ports.ts'

/** The offsets of the records of a snapshot: all but the last one, and the last one. */
export interface SnapshotOffsets {
  readonly unfinished: SourceOffset
  readonly completed: SourceOffset
}

interface TableState {
  started: boolean
  /** The last record of the last part that had rows. */
  held: SourceRecord | undefined
  heldPart: number
  heldIsFirst: boolean
}

/**
 * Puts records in their order, and gives them the markers of `source.snapshot`. Parts of a table, and tables, may be read
 * at the same time: the last record of each table is held back until the table is read, and that of the last table with
 * rows until everything is read. So at most one record per table in progress is kept, and one of a table that is done.
 *
 * As in Debezium, `first` is the first row of the first table, also if that table has only one; no record has it if the
 * first table is empty. `last` is always the last record of all.
 *
 * Source: RelationalSnapshotChangeEventSource.SnapshotMarkerResolver, EventDispatcher.BufferingSnapshotChangeRecordReceiver.
 */
export class SnapshotRecords {
  readonly #tables: readonly TableState[]
  readonly #remark: Remark
  readonly #offsets: SnapshotOffsets
  /** The last table that had rows so far; -1 if there was none. */
  #lastStarted = -1
  /** The last record of a table that is done, if no later table had rows so far. */
  #done: SourceRecord | undefined
  #doneIsFirst = false
  #out: SourceRecord[] = []
  #bytes = 0

  constructor(tables: number, remark: Remark, offsets: SnapshotOffsets) {
    this.#tables = Array.from({ length: tables }, () => ({
      started: false,
      held: undefined,
      heldPart: 0,
      heldIsFirst: false,
    }))
    this.#remark = remark
    this.#offsets = offsets
  }

  /** The marker of the next record of a table, as long as more follow. */
  markerOf(table: number): SnapshotMarker {
    if (this.#tables[table]?.started === true) return 'true'
    return table === 0 ? 'first' : 'first_in_data_collection'
  }

  /** Adds the record that {@link markerOf} was called for. `bytes` is the size of its row. */
  add(table: number, part: number, record: SourceRecord, bytes: number): void {
    const state = this.#stateOf(table)
    this.#bytes += bytes
    let isFirst = false
    if (!state.started) {
      state.started = true
      isFirst = table === 0
      this.#start(table)
    } else if (part < state.heldPart) {
      this.#out.push(record)
      return
    }
    if (state.held !== undefined) this.#out.push(state.held)
    state.held = record
    state.heldPart = part
    state.heldIsFirst = isFirst
  }

  /** All rows of a table have been added. */
  finishTable(table: number): void {
    const state = this.#stateOf(table)
    const { held, heldIsFirst } = state
    if (held === undefined) return
    state.held = undefined
    if (table < this.#lastStarted) {
      this.#pushLastOfTable(held, heldIsFirst)
    } else {
      this.#done = held
      this.#doneIsFirst = heldIsFirst
    }
  }

  /** All tables are done. The last record gets its marker and the completed offset. Returns whether there is a record. */
  finish(): boolean {
    if (this.#done === undefined) return false
    this.#out.push(this.#remark(this.#done, 'last', this.#offsets.completed))
    this.#done = undefined
    return true
  }

  /** Returns the records whose turn it is, and the size of the rows added since the last call. */
  take(): { readonly records: SourceRecord[]; readonly bytes: number } {
    const taken = { records: this.#out, bytes: this.#bytes }
    this.#out = []
    this.#bytes = 0
    return taken
  }

  #start(table: number): void {
    if (table < this.#lastStarted) return
    this.#lastStarted = table
    const done = this.#done
    if (done === undefined) return
    this.#done = undefined
    this.#pushLastOfTable(done, this.#doneIsFirst)
  }

  /** The only row of the first table stays `first`. */
  #pushLastOfTable(record: SourceRecord, isFirst: boolean): void {
    const { unfinished } = this.#offsets
    this.#out.push(isFirst ? record : this.#remark(record, 'last_in_data_collection', unfinished))
  }

  #stateOf(table: number): TableState {
    const state = this.#tables[table]
    if (state === undefined) throw new RangeError(`No table ${table} of ${this.#tables.length}`)
    return state
  }
}
