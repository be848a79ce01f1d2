import type { EventContext } from '../events/context.ts'
import { keyColumns, neededColumns } from '../events/fields/row-fields.ts'
import type { EventOrigin } from '../events/ports.ts'
import { readProcessingTime } from '../events/processing-time.ts'
import type { ChangeRecords } from '../events/records.ts'
import { tableEvents } from '../events/table-events.ts'
import type { Table } from '../ports.ts'
import type { ChunkSource } from './ports.ts'

/**
 * Returns a table as incremental snapshots read it. The source block has the time of the reading, no transaction, and the
 * position of the stream only in `sequence`.
 *
 * Source: PostgresOffsetContext.incrementalSnapshotEvents.
 */
export function chunkSource(table: Table, context: EventContext, records: ChangeRecords): ChunkSource {
  const columns = neededColumns(table, context.columns).map(({ name }) => name)
  const events = tableEvents(table, columns, context, 'snapshot')
  return {
    table,
    columns,
    keyColumns: keyColumns(table, context.columns),
    read: (row, at, offset, out) => {
      const time = readProcessingTime()
      const origin: EventOrigin = {
        timeUs: time.us,
        txId: null,
        lsn: at.lsn,
        lastCommitLsn: at.lastCommitLsn,
        xmin: null,
        origin: null,
        originLsn: null,
        marker: 'incremental',
      }
      records.read(
        events,
        row,
        { origin, offsets: { before: offset, after: offset }, time, counter: null },
        out,
      )
    },
  }
}
