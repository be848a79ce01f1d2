import type { CaptureRules } from '../config/capture-rules.ts'
import { tableOfRelation } from '../catalog/relation-table.ts'
import { loadTables } from '../catalog/tables.ts'
import type { EventContext } from '../events/context.ts'
import { messageRecords, type MessageEncoding } from '../events/messages.ts'
import { changeRecords } from '../events/records.ts'
import { tableEvents } from '../events/table-events.ts'
import type { Query, TableName, TypeRegistry } from '../ports.ts'
import type { Reselection } from '../reselect/reselection.ts'
import type { StreamWriter, TableWriter } from '../streaming/ports.ts'

export interface StreamWriterParts {
  readonly context: EventContext
  readonly rules: CaptureRules
  /** `signal.data.collection`. */
  readonly signalTable: TableName | undefined
  readonly encoding: MessageEncoding
  /** Reads columns again; undefined without post processors. */
  readonly reselection: Reselection | undefined
  readonly types: TypeRegistry
  readonly query: Query
  /** Makes sure that the data types of these columns are known. */
  knowTypes(oids: readonly number[]): Promise<void>
}

/** Returns what makes the records of a stream. The catalog is read for each new version of a captured table. */
export function streamWriter(parts: StreamWriterParts): StreamWriter {
  const { context, rules, signalTable, reselection, types } = parts
  const records = changeRecords(context)
  const message = messageRecords(context, parts.encoding)
  return {
    async table(relation) {
      if (!rules.capturesTable(relation)) return undefined
      await parts.knowTypes(relation.columns.map(({ typeOid }) => typeOid))
      const [catalog] = await loadTables(parts.query, { oids: [relation.oid] })
      const table = tableOfRelation(relation, catalog)
      const cells = relation.columns.map(({ name }) => name)
      const events = tableEvents(table, cells, context, 'stream')
      const writer: TableWriter = {
        isSignalTable: signalTable?.schema === table.schema && signalTable.table === table.table,
        created: (row, change) => records.created(events, row, change, change.out),
        updated: (old, row, change) => records.updated(events, row, old, change, change.out),
        deleted: (old, change) => records.deleted(events, old, change, change.out),
        truncated: (change, last) => records.truncated(events, change, change.out, last),
      }
      return reselection?.watch(writer, { events, cells, rules, types }) ?? writer
    },
    message(logical, change) {
      if (rules.capturesMessage(logical.prefix)) change.out.push(message(logical, change))
    },
  }
}
