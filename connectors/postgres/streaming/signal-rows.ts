import type { SourceRecord } from '../../../api/index.ts'
import { NULL_CELL, type Row } from '../ports.ts'
import type { SignalRow, StreamPosition, StreamSignals } from '../signals/ports.ts'
import type { CapturedTable } from './streamed-tables.ts'

/** Tells the signals about the change of a row. Returns the records that precede those of the change. */
export function tellSignals(
  signals: StreamSignals,
  table: CapturedTable,
  txId: number,
  old: Row | null,
  row: Row | null,
  at: StreamPosition,
): readonly SourceRecord[] {
  if (table.oid === signals.watchedOid) signals.changed(txId, table.columns, old, row)
  if (!table.writer.isSignalTable) return []
  if (row !== null && old === null) return signals.signalInserted(signalRow(row), at)
  return row === null && old !== null ? signals.signalDeleted(cellText(old, 0) ?? '', at) : []
}

/** Reads a row of the signal table: its columns may have any names. */
function signalRow(row: Row): SignalRow {
  return { id: cellText(row, 0) ?? '', type: cellText(row, 1), data: cellText(row, 2) }
}

/** Returns a cell as text; null if it is NULL, unchanged or missing. */
function cellText({ bytes, starts, ends, count }: Row, index: number): string | null {
  const start = starts[index] ?? NULL_CELL
  return index >= count || start < 0 ? null : bytes.toString('utf8', start, ends[index])
}
