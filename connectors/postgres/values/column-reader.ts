import { ConnectError, makeSchema, messageOf } from '../../../api/index.ts'
import type { Column, ColumnReader, PgType, RowOrigin, TableName, TypeRegistry } from '../ports.ts'
import type { BaseReader } from './base-reader.ts'
import { defaultValue } from './defaults.ts'
import { columnMask, type ColumnMask } from './masks.ts'
import type { ValueSettings } from './settings.ts'
import { sourceTypeName, sourceTypeOf, sourceTypeParameters } from './source-type.ts'
import { typeReader } from './type-readers.ts'

const MOST_FREQUENT_WARNING_MS = 60_000

/**
 * Compiles how the cells of a column become values. Returns undefined, after a warning, if the column is omitted because
 * its type is not supported and `include.unknown.datatypes` is not set. Comments of columns do not appear in schemas: in
 * Debezium's connector for PostgreSQL, `include.schema.comments` has no effect.
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
  const { parameters, apply } = changes(column, table, type, base, types, settings, origin)
  const schema = makeSchema({
    ...base.schema,
    parameters: { ...base.schema.parameters, ...parameters },
    optional: optional || base.alwaysOptional === true,
    defaultValue: initial,
  })
  const read = apply === undefined ? base.read : changed(base, apply)
  return {
    schema,
    read: guarded(read, nameOf(column, table), type.name, settings),
    unavailable: apply === undefined ? base.unavailable : apply(base.unavailable),
    fallback: initial ?? base.zero,
    nullValue: apply?.(null) ?? null,
    ...(apply === undefined && isPlainInteger(base) ? { json: 'as is' as const } : {}),
  }
}

const integers: ReadonlySet<string> = new Set(['int16', 'int32', 'int64'])

/** Whether the text of a value is its JSON. Types with a name have their own text. */
const isPlainInteger = ({ schema }: BaseReader): boolean =>
  integers.has(schema.type) && (schema.name ?? null) === null

/** What the column's place adds to its type: a mask, and the type itself as parameters. Source: ColumnMappers. */
function changes(
  column: Column,
  table: TableName,
  type: PgType,
  base: BaseReader,
  types: TypeRegistry,
  settings: ValueSettings,
  origin: RowOrigin,
): ColumnMask {
  const rule = settings.maskOf(table, column)
  const mask = rule && columnMask(rule, base, sourceTypeOf(column, types, origin).length)
  const named = { ...type, name: sourceTypeName(column, type, origin) }
  const source = settings.propagatesSourceType(table, column, named)
    ? sourceTypeParameters(column, types, origin)
    : {}
  return { parameters: { ...mask?.parameters, ...source }, apply: mask?.apply }
}

function changed({ read }: BaseReader, apply: (value: unknown) => unknown): BaseReader['read'] {
  return (bytes, start, end) => apply(read(bytes, start, end))
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
  read: BaseReader['read'],
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
      return read(bytes, start, end)
    } catch (error) {
      return failed(error)
    }
  }
}
