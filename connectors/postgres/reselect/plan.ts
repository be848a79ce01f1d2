import type { ReselectSettings } from '../config/reselect.ts'
import { keyColumns } from '../events/fields/row-fields.ts'
import type { FieldRules } from '../events/context.ts'
import type { TableEvents } from '../events/table-events.ts'
import { quoteIdentifier, quoteTable } from '../connection/quoting.ts'
import type { Column, ColumnReader, PgType, TypeRegistry } from '../ports.ts'

/** A column that is read again in some rows. */
export interface ReselectedColumn {
  /** Name of the column. */
  readonly column: string
  /** Name of the field in `after`. */
  readonly field: string
  /** Position in the rows of the stream. */
  readonly cell: number
  readonly reader: ColumnReader
  readonly whenUnchanged: boolean
  readonly whenNull: boolean
}

/** A column by which rows are found. */
export interface KeyCell {
  readonly column: string
  readonly cell: number
  /** Quoted name of the type, for casts. The base type of a domain. */
  readonly type: string
  /** Whether the column must be cast, too: values of some domains cannot be compared. */
  readonly isDomain: boolean
}

/** What a post processor reads again in the events of one version of a table. */
export interface ReselectPlan {
  /** Quoted name for FROM. */
  readonly from: string
  /** `schema.table` */
  readonly name: string
  readonly columns: readonly ReselectedColumn[]
  readonly key: readonly KeyCell[]
  readonly onError: ReselectSettings['onError']
}

export interface PlanParts {
  readonly events: TableEvents
  /** Names of the cells of rows. */
  readonly cells: readonly string[]
  readonly rules: FieldRules
  readonly types: TypeRegistry
}

/**
 * Returns what the post processors read again, for those that read anything. A column that several of them select is read by
 * the first. Tables without a key have nothing by which a row is found.
 *
 * The row is found by the primary key. A table without one is read by the key of its records, as with
 * `reselect.use.event.key`.
 *
 * Source: ReselectColumnsPostProcessor.
 */
export function reselectPlans(
  settings: readonly ReselectSettings[],
  parts: PlanParts,
): readonly ReselectPlan[] {
  const { table, collection, keySchema, fields } = parts.events
  if (keySchema === null) return []
  const taken = { unchanged: new Set<string>(), null: new Set<string>() }
  return settings.flatMap((processor): ReselectPlan[] => {
    const columns = fields.value.flatMap(({ name: field, cell, reader }): ReselectedColumn[] => {
      const column = parts.cells[cell] ?? field
      if (cell < 0 || !processor.selects(collection, column)) return []
      const whenUnchanged = readsUnchanged(processor, reader) && !taken.unchanged.has(column)
      const whenNull = processor.nullValues && isNullInEvents(reader) && !taken.null.has(column)
      if (whenUnchanged) taken.unchanged.add(column)
      if (whenNull) taken.null.add(column)
      return whenUnchanged || whenNull ? [{ column, field, cell, reader, whenUnchanged, whenNull }] : []
    })
    const byPrimaryKey = !processor.useEventKey && table.primaryKey.length > 0
    const key = keyCells(byPrimaryKey ? table.primaryKey : keyColumns(table, parts.rules), parts)
    if (columns.length === 0 || key.length === 0) return []
    // children of a table that others inherit from have rows and events of their own
    const only = table.kind === 'partitioned' ? '' : 'ONLY '
    const from = `${only}${quoteTable(table)}`
    return [{ from, name: collection, columns, key, onError: processor.onError }]
  })
}

/** An unchanged value of some types is null in events. */
function readsUnchanged({ unavailableValues, nullValues }: ReselectSettings, reader: ColumnReader): boolean {
  return unavailableValues || (nullValues && (reader.unavailable ?? null) === null)
}

/** Whether consumers see a null: not the default value, and no mask. */
function isNullInEvents({ schema, nullValue }: ColumnReader): boolean {
  return schema.optional && (schema.defaultValue ?? null) === null && (nullValue ?? null) === null
}

function keyCells(names: readonly string[], { events, cells, types }: PlanParts): readonly KeyCell[] {
  const columns = new Map(events.table.columns.map((column) => [column.name, column]))
  const found = names.map((name) => keyCell(columns.get(name), cells.indexOf(name), types))
  return found.every((cell) => cell !== undefined) ? found : []
}

function keyCell(column: Column | undefined, cell: number, types: TypeRegistry): KeyCell | undefined {
  const own = column && types.get(column.typeOid)
  const type = baseOf(own, types)
  if (column === undefined || type === undefined || cell < 0) return undefined
  const quoted = `${quoteIdentifier(type.schema)}.${quoteIdentifier(type.name)}`
  return { column: column.name, cell, type: quoted, isDomain: type !== own }
}

function baseOf(type: PgType | undefined, types: TypeRegistry): PgType | undefined {
  return type?.kind === 'domain' ? baseOf(types.get(type.baseOid ?? 0), types) : type
}
