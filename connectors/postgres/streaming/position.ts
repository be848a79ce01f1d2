import { ConnectError, type OffsetValue, type SourceOffset } from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'

/** Values of `messageType` in offsets. Source: ReplicationMessage.Operation. */
export type MessageType = 'BEGIN' | 'COMMIT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'TRUNCATE' | 'MESSAGE'

/** The last event that was passed on. */
export interface LastEvent {
  readonly lsn: Lsn
  /** Number of events at this LSN that were passed on. Rows of COPY share an LSN. */
  readonly count: number
  /** Null for a message outside of transactions. */
  readonly txId: number | null
  readonly type: MessageType
}

/** Where a stream continues. */
export interface Position {
  /** End of the last complete transaction; null if there was none since the snapshot. */
  readonly lsnCommit: Lsn | null
  /** Undefined if nothing was passed on yet. */
  readonly last: LastEvent | undefined
  /** End of the snapshot, while no event of the stream was passed on. */
  readonly snapshotLsn: Lsn | null
}

/** How far the stored offset of a connector goes. */
export type OffsetState = 'none' | 'snapshot unfinished' | 'snapshot completed' | 'streaming'

/** Returns how far an offset goes. Blocking snapshots are not continued. Source: PostgresOffsetContext.Loader. */
export function offsetState(offset: SourceOffset | undefined): OffsetState {
  if (offset === undefined) return 'none'
  const { snapshot } = offset
  const initial = snapshot === true || (typeof snapshot === 'string' && snapshot.toUpperCase() === 'INITIAL')
  if (!initial) return 'streaming'
  const completed = offset['snapshot_completed'] ?? offset['last_snapshot_record']
  return completed === true ? 'snapshot completed' : 'snapshot unfinished'
}

/** Whether a start continues after this offset, and needs no initial snapshot. */
export function isPosition(offset: SourceOffset | undefined): offset is SourceOffset {
  const state = offsetState(offset)
  return state === 'streaming' || state === 'snapshot completed'
}

/** Returns the position of an offset that Debezium or this connector has stored. Throws `HR_CONNECT` if it is invalid. */
export function positionOf(offset: SourceOffset | undefined): Position {
  if (offset === undefined) return { lsnCommit: null, last: undefined, snapshotLsn: null }
  const lsn = lsnIn(offset, 'lsn')
  if (offsetState(offset) !== 'streaming') return { lsnCommit: null, last: undefined, snapshotLsn: lsn }
  const lsnCommit = lsnIn(offset, 'lsn_commit')
  const lastLsn = lsnIn(offset, 'lsn_proc') ?? lsn
  if (lastLsn === null) return { lsnCommit, last: undefined, snapshotLsn: null }
  const type = offset['messageType']
  return {
    lsnCommit,
    last: {
      lsn: lastLsn,
      count: lsnIn(offset, 'lsn_events_processed') ?? 1,
      txId: lsnIn(offset, 'txId'),
      type: (typeof type === 'string' ? type : 'INSERT') as MessageType,
    },
    snapshotLsn: null,
  }
}

/** Returns the LSN that may be confirmed to the slot once an offset is stored; null if none. */
export function confirmableLsn(offset: SourceOffset): Lsn | null {
  const state = offsetState(offset)
  if (state === 'streaming') return lsnIn(offset, 'lsn_commit')
  return state === 'snapshot completed' ? lsnIn(offset, 'lsn') : null
}

/** Returns the LSN from which the server must still have the WAL; null if the offset has none. */
export function neededLsn(offset: SourceOffset | undefined): Lsn | null {
  if (offset === undefined) return null
  return lsnIn(offset, 'lsn_proc') ?? lsnIn(offset, 'lsn')
}

function lsnIn(offset: SourceOffset, key: string): number | null {
  const value: OffsetValue | undefined = offset[key]
  if (value === undefined || value === null) return null
  const number = typeof value === 'bigint' ? Number(value) : value
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
  throw new ConnectError(
    'HR_CONNECT',
    `The stored offset has an invalid ${key}: expected a non-negative integer, found ${String(value)}.` +
      ' Correct it with PATCH /connectors/{connector}/offsets, or delete the offsets to start over.',
  )
}
