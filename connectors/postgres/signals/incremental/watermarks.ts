import type { Database, TableName } from '../../ports.ts'
import { deleteSignal, insertSignal } from './chunk-reader.ts'

/** How the stream learns where a chunk was read. */
export interface Watermarks {
  /** Whether nothing is written: the stream compares positions. */
  readonly arePositions: boolean
  open(database: Database, chunk: WatermarkedChunk): Promise<void>
  close(database: Database, chunk: WatermarkedChunk): Promise<void>
}

/** The chunk between two watermarks. */
export interface WatermarkedChunk {
  readonly id: string
  /** ISO 8601. */
  readonly openedAt: string
}

/**
 * Rows in the signal table. The second watermark is another row, or the deletion of the first one.
 *
 * Source: SignalBasedIncrementalSnapshotChangeEventSource, WatermarkWindowCloser.
 */
export function signalTableWatermarks(
  table: TableName,
  strategy: 'insert_insert' | 'insert_delete',
): Watermarks {
  return {
    arePositions: false,
    open: (database, { id, openedAt }) =>
      insertSignal(database, table, [
        `${id}-open`,
        'snapshot-window-open',
        `{"openWindowTimestamp": "${openedAt}"}`,
      ]),
    close: (database, { id, openedAt }) => {
      if (strategy === 'insert_delete') return deleteSignal(database, table, `${id}-open`)
      const closedAt = new Date().toISOString()
      return insertSignal(database, table, [
        `${id}-close`,
        'snapshot-window-close',
        `{"openWindowTimestamp": "${openedAt}", "closeWindowTimestamp": "${closedAt}"}`,
      ])
    },
  }
}

/**
 * No rows, for `read.only`. The window opens before the SELECT, and closes when the stream has passed the position at
 * which the SELECT was: all that it saw was committed before that.
 */
export const positionWatermarks: Watermarks = {
  arePositions: true,
  open: () => Promise.resolve(),
  close: () => Promise.resolve(),
}
