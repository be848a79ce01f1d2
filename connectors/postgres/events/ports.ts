import type { SourceOffset } from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'

/** Value of `source.snapshot`. */
export type SnapshotMarker =
  'true' | 'first' | 'first_in_data_collection' | 'last_in_data_collection' | 'last' | 'false' | 'incremental'

/** Where an event comes from: the changing part of its source block. One instance serves all events of a transaction. */
export interface EventOrigin {
  /** Commit time, or time of the snapshot; microseconds since the epoch. Null for messages outside of transactions. */
  timeUs: number | null
  txId: number | null
  /** In incremental snapshots the position of the stream, which appears only in `sequence`. */
  lsn: Lsn | null
  /** End of the last complete transaction; null until one was seen. */
  lastCommitLsn: Lsn | null
  xmin: number | null
  origin: string | null
  originLsn: Lsn | null
  marker: SnapshotMarker
}

/** The offsets of the records of one change: `before` for all but the last record, `after` for that one. */
export interface ChangeOffsets {
  readonly before: SourceOffset
  readonly after: SourceOffset
}
