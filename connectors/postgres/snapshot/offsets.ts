import type { OffsetValue, SourceOffset } from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'
import type { Position } from '../streaming/position.ts'
import type { SnapshotOffsets } from './markers.ts'
import type { SnapshotKind, SnapshotPosition } from './ports.ts'

/** Where the stream is that a blocking snapshot interrupts. Its rows have this position. */
export interface StreamedBefore {
  readonly lsnProc: Lsn | null
  readonly lsnCommit: Lsn | null
  readonly txId: number | null
}

/** Before the first event of the stream, the transaction is that of the last snapshot, which its offset has. */
export function streamedBefore(
  { last, lsnCommit }: Position,
  offset: SourceOffset | undefined,
): StreamedBefore {
  if (last !== undefined) return { lsnProc: last.lsn, lsnCommit, txId: last.txId }
  const txId = offset?.['txId']
  return { lsnProc: null, lsnCommit, txId: txId === undefined || txId === null ? null : Number(txId) }
}

/**
 * Returns the position that rows have in `source`: of a blocking snapshot, that of the last event before; of one that is
 * repeated, that from which the stream follows it. Source: PostgresSnapshotChangeEventSource.determineSnapshotOffset.
 */
export function positionOfRows(
  position: SnapshotPosition,
  before: StreamedBefore | undefined,
  streamsFrom: Lsn | undefined,
): SnapshotPosition {
  if (before === undefined) return { ...position, lsn: streamsFrom ?? position.lsn }
  return { ...position, lsn: before.lsnProc ?? position.lsn, txId: before.txId }
}

/**
 * Returns the offsets of the records of a snapshot, in Debezium's format.
 *
 * Source: PostgresOffsetContext.getOffset.
 */
export function snapshotOffsets(
  kind: SnapshotKind,
  position: SnapshotPosition,
  before: StreamedBefore | undefined,
): SnapshotOffsets {
  const offset = (done: boolean): SourceOffset => {
    const keys: Record<string, OffsetValue> = {}
    const lsnProc = before?.lsnProc ?? null
    const lsnCommit = before?.lsnCommit ?? null
    if (lsnProc !== null) keys['lsn_proc'] = lsnProc
    keys['last_snapshot_record'] = done
    if (lsnCommit !== null) keys['lsn_commit'] = lsnCommit
    keys['lsn'] = position.lsn
    if (position.txId !== null) keys['txId'] = position.txId
    keys['ts_usec'] = position.timeUs
    keys['snapshot'] = kind
    keys['snapshot_completed'] = done
    return keys
  }
  return { unfinished: offset(false), completed: offset(true) }
}
