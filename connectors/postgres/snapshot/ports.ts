import type { SourceOffset, SourceRecord } from '../../../api/index.ts'
import type { EventOrigin, SnapshotMarker } from '../events/ports.ts'
import type { Column, Lsn, Row, Table } from '../ports.ts'

/** Makes the records of one table. */
export interface SnapshotWriter {
  /** Rows of another chunk from the socket follow. */
  newChunk(): void
  /** Makes the record of a row. Undefined if it cannot be converted and is skipped. */
  read(row: Row, origin: EventOrigin, offset: SourceOffset): SourceRecord | undefined
}

/** A table to read, in the order of the snapshot. */
export interface SnapshotTable {
  readonly table: Table
  /** The columns to read: the captured ones and those of the key, in the order of the table. */
  readonly columns: readonly Column[]
  /** `snapshot.select.statement.overrides`, or the statement or the condition of an ad-hoc snapshot. */
  readonly select: string | undefined
  /** Creates the writer for rows that have these columns, a part of `columns`, as cells. */
  writer(columns: readonly Column[]): SnapshotWriter
}

/** Where the snapshot stands in the WAL. */
export interface SnapshotPosition {
  readonly lsn: Lsn
  /** Null on a standby. */
  readonly txId: number | null
  /** Begin of the transaction; microseconds since the epoch. */
  readonly timeUs: number
}

/** `INITIAL` also for snapshots that replace the first one. Source: SnapshotType. */
export type SnapshotKind = 'INITIAL' | 'BLOCKING'

/** Takes records of the snapshot. A promise means back-pressure. `bytes` is the size of their rows as text. */
export type EmitSnapshot = (records: SourceRecord[], bytes: number) => void | Promise<void>

/** Replaces the marker and the offset of a record. */
export type Remark = (record: SourceRecord, marker: SnapshotMarker, offset: SourceOffset) => SourceRecord

/** What is told in notifications. `tables` are `schema.table`. Source: InitialSnapshotNotificationService. */
export type SnapshotNotice =
  | { readonly type: 'STARTED' | 'COMPLETED' | 'ABORTED' }
  | { readonly type: 'IN_PROGRESS'; readonly table: string; readonly tables: readonly string[] }
  | {
      readonly type: 'TABLE_CHUNK_IN_PROGRESS'
      readonly table: string
      readonly chunk: number
      readonly chunks: number
      readonly rows: number
    }
  | {
      readonly type: 'TABLE_CHUNK_COMPLETED'
      readonly table: string
      readonly chunk: number
      readonly chunks: number
      readonly tables: readonly string[]
    }
  | {
      readonly type: 'TABLE_SCAN_COMPLETED'
      readonly table: string
      readonly rows: number
      readonly tables: readonly string[]
    }
