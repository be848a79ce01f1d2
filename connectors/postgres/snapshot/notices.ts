import { tableText } from '../config/table-name.ts'
import { inHashOrder } from '../events/hash-order.ts'
import type { Table } from '../ports.ts'
import type { PlannedTable } from './plan.ts'
import type { SnapshotNotice } from './ports.ts'
import type { TableWork } from './work.ts'

/** Tells what is read. */
export interface ChunkNotices {
  begins(table: TableWork, part: number, rows: number): void
  partDone(table: TableWork, part: number): void
  tableDone(table: TableWork, rows: number): void
}

/**
 * Creates the notices of tables, and of their parts if tables are divided. The lists of tables are those of Debezium: the
 * tables that are read, in the order of a HashSet, at the begin of a table, and all captured ones at its end.
 *
 * Source: InitialSnapshotNotificationService.
 */
export function chunkNotices(
  notify: (notice: SnapshotNotice) => void,
  read: readonly PlannedTable[],
  captured: readonly Table[],
  chunked: boolean,
): ChunkNotices {
  const reading = inHashOrder(read.map(({ name }) => [name, name] as const)).map(([name]) => name)
  const all = captured.map(tableText)
  return {
    begins({ planned, parts }, part, rows) {
      const table = planned.name
      if (part === 0) notify({ type: 'IN_PROGRESS', table, tables: reading })
      if (!chunked) return
      notify({ type: 'TABLE_CHUNK_IN_PROGRESS', table, chunk: part, chunks: parts.length, rows })
    },
    partDone({ planned, parts }, part) {
      if (!chunked) return
      const table = planned.name
      notify({ type: 'TABLE_CHUNK_COMPLETED', table, chunk: part, chunks: parts.length, tables: all })
    },
    tableDone({ planned }, rows) {
      notify({ type: 'TABLE_SCAN_COMPLETED', table: planned.name, rows, tables: all })
    },
  }
}
