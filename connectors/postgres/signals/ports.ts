import type { SourceOffset, SourceRecord } from '../../../api/index.ts'
import type { Notification } from '../events/notifications.ts'
import type { Database, Lsn, Row, Table, TableName } from '../ports.ts'

/*
 * The types between the signals and the parts around them: the stream calls `StreamSignals`; the task provides
 * `SignalServices`.
 */

/** Keys of an incremental snapshot and of the Kafka channel in offsets. Empty while nothing runs. */
export type SignalOffsetKeys = Readonly<Record<string, string | number | null>>

/** A row of the signal table, as text: the first three columns, whatever their names. */
export interface SignalRow {
  readonly id: string
  readonly type: string | null
  readonly data: string | null
}

/**
 * What the stream tells the signals, in stream order. Every method is synchronous, and cheap while no incremental
 * snapshot runs; SQL runs in the background on a connection of its own.
 *
 * For each transaction: `began`, then for each change first `changed` and then `signalInserted` or `signalDeleted` if the
 * table is the signal table. Records that a method returns precede the record of the change it was called for.
 */
export interface StreamSignals {
  /** oid of the table whose changes must be passed to `changed` and `truncated`; 0 if there is none. */
  readonly watchedOid: number
  /** A transaction begins. To be called for each one, also if none of its changes is passed on. */
  began(txId: number): void
  /**
   * A row of a table has changed. `columns` names the cells of the rows, and is the same array for all rows of one version
   * of the table. The old row is null for an insert, and for an update if the server did not send it.
   */
  changed(txId: number, columns: readonly string[], oldRow: Row | null, newRow: Row | null): void
  /** The watched table was truncated. */
  truncated(): void
  /** The stream has a new version of a table. */
  relationChanged(oid: number): void
  /**
   * A row was inserted into `signal.data.collection`. Returns the rows of an incremental snapshot to be sent before the
   * record of this insert. `offset` returns the current offset, `offsetKeys` included.
   */
  signalInserted(row: SignalRow, at: StreamPosition): readonly SourceRecord[]
  /** A row was deleted from `signal.data.collection`. Returns as `signalInserted`. */
  signalDeleted(id: string, at: StreamPosition): readonly SourceRecord[]
  /**
   * Everything that was committed before `lsn` has been passed on: to be called after each transaction and keepalive.
   * Returns the rows of an incremental snapshot to be sent now (`read.only`).
   */
  passed(lsn: Lsn, at: StreamPosition): readonly SourceRecord[]
  /** Keys to be merged into every offset. The same object until they change. */
  offsetKeys(): SignalOffsetKeys
}

/** The stream while it calls a method of {@link StreamSignals}. */
export interface StreamPosition {
  /** The current offset, with `offsetKeys()` as it is when this is called. */
  offset(): SourceOffset
  /** LSN of the current change, for `source.sequence`. */
  readonly lsn: Lsn
  /** End of the last complete transaction. */
  readonly lastCommitLsn: Lsn | null
}

/** A table as an incremental snapshot reads it. */
export interface ChunkSource {
  readonly table: Table
  /** Columns to select, in the order in which `read` expects the cells. More cells may follow. */
  readonly columns: readonly string[]
  /** Columns of the record's key; empty if it has none. */
  readonly keyColumns: readonly string[]
  /** Appends the record of a row: `op` r, marker `incremental`. */
  read(row: Row, at: StreamPosition, offset: SourceOffset, out: SourceRecord[]): void
}

/** A blocking snapshot that a signal requests. */
export interface BlockingRequest {
  /** id of the signal. */
  readonly id: string
  readonly tables: readonly TableName[]
  /** SELECT statement of a table, as in `snapshot.select.statement.overrides`; undefined if all of it is read. */
  selectStatement(table: TableName): string | undefined
}

/** What the task provides to the signals. */
export interface SignalServices {
  /** Opens a connection for incremental snapshots. */
  connect(signal: AbortSignal): Promise<Database>
  /** The tables whose changes are captured. */
  capturedTables(): readonly TableName[]
  /** Reads a table from the catalog, for each chunk. Resolves to undefined if it does not exist or is not captured. */
  chunkSource(name: TableName): Promise<ChunkSource | undefined>
  /** Pauses the stream after the current transaction, takes the snapshot, and continues. Never throws. */
  blockingSnapshot(request: BlockingRequest): void
  /** Calls `passed` soon, between two messages of the stream, even if nothing arrives. */
  wakeStream(): void
  /** Passes a notification on, with the current offset. */
  notify(notification: Notification): void
  /** The current offset, for signals of type `log`; undefined before the first one. */
  currentOffset(): SourceOffset | undefined
}
