import type { OffsetValue, SourceOffset } from '../../../api/index.ts'
import type { Lsn } from '../ports.ts'
import type { MessageType } from './position.ts'

/** The parts of an offset, in Debezium's format. Times are microseconds since the epoch. */
export interface OffsetParts {
  readonly lsn: Lsn
  /** Number of events at this LSN so far. */
  readonly count: number
  readonly lsnCommit: Lsn | null
  readonly txId: number | null
  readonly timeUs: number | null
  readonly xmin: number | null
  readonly type: MessageType
}

/**
 * Returns the offset of an event, in the format of Debezium.
 *
 * Source: PostgresOffsetContext.getOffset. Differs: `lsn_events_processed` is written, and used after a restart, if more than one
 * event at this LSN was passed on.
 */
export function streamOffset(parts: OffsetParts): SourceOffset {
  const { lsn, lsnCommit, txId, timeUs, xmin, count } = parts
  const offset: Record<string, OffsetValue> = { lsn_proc: lsn }
  if (count > 1) offset['lsn_events_processed'] = count
  if (xmin !== null) offset['xmin'] = xmin
  offset['messageType'] = parts.type
  if (lsnCommit !== null) offset['lsn_commit'] = lsnCommit
  offset['lsn'] = lsn
  if (txId !== null) offset['txId'] = txId
  if (timeUs !== null) offset['ts_usec'] = timeUs
  return offset
}
