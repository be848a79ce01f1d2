import { struct, type Schema } from '../../../api/index.ts'
import type { Row, RowOrigin, Table } from '../ports.ts'
import type { EventContext } from './context.ts'
import { rowFields, type RowField, type RowFields } from './fields/row-fields.ts'
import { equalFields, rowStruct, type Struct } from './fields/row-struct.ts'
import { envelopeText, type EnvelopeText } from './json/envelope-text.ts'
import { rowText, type RowText } from './json/row-text.ts'
import { envelopeSchema } from './schemas/envelope.ts'
import { schemaName } from './schemas/name-adjustment.ts'

/** Writes the JSON of the events of a table. */
export interface TableJson {
  readonly row: RowText
  /** Text of a row that the event does not have. */
  readonly noRow: string
  readonly envelope: EnvelopeText
}

/** The events of one version of a table, compiled for rows with certain cells. */
export interface TableEvents {
  readonly table: Table
  /** Name of the table in transaction metadata and notifications: `schema.table`. */
  readonly collection: string
  readonly topic: string
  /** Null if the table has no key. */
  readonly keySchema: Schema | null
  /** Schema of `before` and `after`. */
  readonly valueSchema: Schema
  readonly envelopeSchema: Schema
  /** The fields of keys and values. */
  readonly fields: RowFields
  /** Writes envelopes without building structs; undefined unless they go to a JSON converter without transforms. */
  readonly json: TableJson | undefined
  /** Builds the key; null if the table has none. `old` has the TOASTed cells that did not change. */
  key(row: Row, old?: Row | null): Struct | null
  /** Builds the new row. */
  after(row: Row, old?: Row | null): Struct
  /** Builds the old row. Columns that it lacks are null, or a fallback if they must not be null. */
  before(old: Row): Struct
  /** Whether the keys of both rows of a change are equal. Always if the table has no key. */
  sameKey(row: Row, old: Row): boolean
  /** Whether the values of both rows of a change are equal. */
  sameValue(row: Row, old: Row): boolean
}

/**
 * Compiles the events of a table. `cells` are the names of the columns in the order of the cells: those of the select list
 * of COPY, or those of the relation message.
 *
 * Source: TableSchemaBuilder, TableSchema.
 */
export function tableEvents(
  table: Table,
  cells: readonly string[],
  context: EventContext,
  origin: RowOrigin,
): TableEvents {
  const { topics, settings } = context
  const fields = rowFields(table, cells, context, origin)
  const topic = topics.table(table)
  const mode = settings.schemaNameAdjustment
  const hasKey = fields.key.length > 0
  const valueSchema = struct(schemaFields(fields.value), {
    name: schemaName(`${topic}.Value`, mode),
    optional: true,
  })
  const key = rowStruct(fields.key)
  const value = rowStruct(fields.value)
  return {
    table,
    collection: `${table.schema}.${table.table}`,
    topic,
    keySchema: hasKey ? struct(schemaFields(fields.key), { name: schemaName(`${topic}.Key`, mode) }) : null,
    valueSchema,
    envelopeSchema: envelopeSchema(topic, valueSchema, mode),
    fields,
    json: tableJson(table, fields, valueSchema, context),
    key: hasKey ? (row, old = null) => key(row, old) : () => null,
    after: (row, old = null) => value(row, old),
    before: (old) => value(old, null),
    sameKey: (row, old) => equalFields(fields.key, row, old),
    sameValue: (row, old) => equalFields(fields.value, row, old),
  }
}

function tableJson(
  table: Table,
  fields: RowFields,
  valueSchema: Schema,
  { json, settings }: EventContext,
): TableJson | undefined {
  if (json === undefined) return undefined
  return {
    row: rowText(fields.value, json),
    noRow: json.writerOf(valueSchema)(null),
    envelope: envelopeText(settings.topicPrefix, settings.database, table, json),
  }
}

function schemaFields(fields: readonly RowField[]): (readonly [string, Schema])[] {
  return fields.map(({ name, reader }) => [name, reader.schema])
}
