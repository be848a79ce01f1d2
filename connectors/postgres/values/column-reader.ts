import { ConnectError, makeSchema, messageOf } from '../../../api/index.ts'
import type { Column, ColumnReader, PgType, RowOrigin, TableName, TypeRegistry } from '../ports.ts'
import type { BaseReader } from './base-reader.ts'
import { defaultValue } from './defaults.ts'
import type { ValueSettings } from './settings.ts'
import { typeReader } from './type-readers.ts'

const MOST_FREQUENT_WARNING_MS = 60_000

/**
 * Compiles how the cells of a column become values. Returns undefined, after a warning, if the column is omitted because
 * its type is not supported and `include.unknown.datatypes` is not set.
 *
 * Source: TableSchemaBuilder.addField.
 */
export function columnReader(
  column: Column,
  table: TableName,
  types: TypeRegistry,
  settings: ValueSettings,
  origin: RowOrigin,
): ColumnReader | undefined {
  const type = types.get(column.typeOid)
  const { optional } = column
  const base = type && typeReader(type, column.typmod, { settings, types, origin, optional })
  if (type === undefined || base === undefined) {
    settings.warn(omitted(column, table, type, settings))
    return undefined
  }
  const initial = defaultValue(column.defaultExpression, type, base)
  const comment = settings.includeSchemaComments ? column.comment : null
  const schema = makeSchema({
    ...base.schema,
    doc: comment ?? base.schema.doc ?? null,
    optional: optional || base.alwaysOptional === true,
    defaultValue: initial,
  })
  return {
    schema,
    read: guarded(base, nameOf(column, table), type.name, settings),
    unavailable: base.unavailable,
    fallback: initial ?? base.zero,
  }
}

const nameOf = (column: Column, { schema, table }: TableName): string => `${schema}.${table}.${column.name}`

function omitted(
  column: Column,
  table: TableName,
  type: PgType | undefined,
  settings: ValueSettings,
): string {
  const kind =
    type === undefined
      ? `its type with oid ${column.typeOid} is unknown`
      : `type ${type.name} is not supported`
  const remedy = settings.includeUnknownDatatypes
    ? ''
    : ' Set include.unknown.datatypes=true to capture its text as bytes.'
  return `Column ${nameOf(column, table)} is omitted from events: ${kind}.${remedy}`
}

/** Applies `event.converting.failure.handling.mode` to errors. Warns once, and then at most once a minute. */
function guarded(
  base: BaseReader,
  name: string,
  type: string,
  settings: ValueSettings,
): ColumnReader['read'] {
  const { convertingFailureMode: mode } = settings
  let lastWarning = Number.NEGATIVE_INFINITY
  let failures = 0
  const failed = (cause: unknown): null => {
    const message = `Cannot convert a value of column ${name} of type ${type}: ${messageOf(cause)}`
    if (mode === 'fail') throw new ConnectError('HR_DATA_INVALID', message, { cause })
    failures++
    const now = settings.now()
    if (mode === 'skip' || now - lastWarning < MOST_FREQUENT_WARNING_MS) return null
    lastWarning = now
    settings.warn(`${message}. It is null in the event; ${failures} values of this column so far.`)
    return null
  }
  return (bytes, start, end) => {
    try {
      return base.read(bytes, start, end)
    } catch (error) {
      return failed(error)
    }
  }
}
