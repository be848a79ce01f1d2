import type { Column, ColumnReader, RowOrigin, Table } from '../../ports.ts'
import type { EventContext, FieldRules } from '../context.ts'
import { fieldName } from '../schemas/name-adjustment.ts'

/** A field of a key or value. */
export interface RowField {
  readonly name: string
  /** Position in the row; -1 if the row has no such cell, which then counts as NULL. */
  readonly cell: number
  readonly reader: ColumnReader
}

/** The fields of the events of a table, in the order of their schemas. This is all that is needed to read its rows. */
export interface RowFields {
  readonly key: readonly RowField[]
  readonly value: readonly RowField[]
}

/**
 * Returns the names of a table's key columns: those of `message.key.columns`, else the primary key, else the first unique
 * index. Empty if there is none. Source: Key.CustomKeyMapper.
 */
export function keyColumns(table: Table, rules: FieldRules): readonly string[] {
  const custom = rules.keyColumns(table)
  if (custom !== undefined) return custom
  return table.primaryKey.length > 0 ? table.primaryKey : table.uniqueIndex
}

/**
 * Returns the columns that events need, in the order of the table: a snapshot must select them. They are those of the
 * value, and those of the key even if they are excluded from the value.
 *
 * Differs: Debezium leaves excluded columns out of a snapshot, so that all its keys are equal.
 */
export function neededColumns(table: Table, rules: FieldRules): readonly Column[] {
  const keys = new Set(keyColumns(table, rules))
  return table.columns.filter(({ name }) => keys.has(name) || rules.capturesColumn(table, name))
}

/**
 * Returns the fields of a table whose rows have the given cells. In snapshots a value has a field for each included
 * column, whether it was selected or not. In streams it has those that the server sends: not those that the publication
 * leaves out, and no generated columns before PostgreSQL 18.
 *
 * Source: TableSchemaBuilder.create.
 */
export function rowFields(
  table: Table,
  cells: readonly string[],
  context: EventContext,
  origin: RowOrigin,
): RowFields {
  const { columns: rules, settings } = context
  const cellOf = new Map(cells.map((name, index) => [name, index]))
  const sent = (name: string): boolean => origin === 'snapshot' || cellOf.has(name)
  const field = (column: Column, role: 'key' | 'value'): RowField[] => {
    const reader = context.readerOf(column, table, origin, role)
    if (reader === undefined) return []
    const name = fieldName(column.name, settings.fieldNameAdjustment)
    return [{ name, cell: cellOf.get(column.name) ?? -1, reader }]
  }
  const named = new Map(table.columns.map((column) => [column.name, column]))
  const keys = keyColumns(table, rules).flatMap((name) => named.get(name) ?? [])
  const included = (name: string): boolean => sent(name) && rules.capturesColumn(table, name)
  return {
    key: keys
      .filter(({ name }) => sent(name))
      .flatMap((column) =>
        field(origin === 'stream' && !included(column.name) ? withoutCatalog(column) : column, 'key'),
      ),
    value: table.columns.filter(({ name }) => included(name)).flatMap((column) => field(column, 'value')),
  }
}

/** A column that is excluded from the value is not looked up in the catalog while streaming: it counts as nullable. */
function withoutCatalog(column: Column): Column {
  return { ...column, optional: true, defaultExpression: null, comment: null }
}
