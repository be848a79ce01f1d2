import { ConnectError, withHeader, type Header, type Schema } from '../../api/index.ts'
import type { ExtraColumn, OutboxConfig } from './outbox-config.ts'
import { fieldOf, typedField, type Row } from './typed-field.ts'

/** The additional columns of a row, by their placement. */
export interface PlacedColumns {
  readonly headers: readonly Header[]
  readonly partition: number | null
  /** Columns to add to the value, with their aliases. */
  readonly envelope: readonly { readonly alias: string; readonly schema: Schema; readonly value: unknown }[]
}

/** Throws `HR_DATA_INVALID` or `HR_CONNECT` if a column is missing, unless missing columns are ignored. */
export function placedColumns(
  headers: readonly Header[],
  row: Row,
  extras: readonly ExtraColumn[],
  config: OutboxConfig,
): PlacedColumns {
  const required = isRequired(config)
  const columns = extras.filter(({ column }) => required || row.schema.field(column) !== undefined)
  const envelope = columns
    .filter(({ placement }) => placement === 'envelope')
    .map(({ column, alias }) => ({ alias, ...columnOf(row, column, '') }))
  let all = headers
  let partition: number | null = null
  for (const { column, placement, alias } of columns) {
    if (placement === 'header') {
      const { schema, value } = fieldOf(row, column)
      all = withHeader(all, alias, schema, value)
    } else if (placement === 'partition') partition = typedField(row, column, 'int32')
  }
  return { headers: all, partition, envelope }
}

/** Like {@link fieldOf}, but throws `HR_CONNECT` for a missing column. `what` prefixes "field", such as `payload `. */
export function columnOf(row: Row, name: string, what: string): ReturnType<typeof fieldOf> {
  if (row.schema.field(name) !== undefined) return fieldOf(row, name)
  throw new ConnectError('HR_CONNECT', `Unable to find ${what}field ${name} in event`)
}

/** Differs: the setting of older Debezium versions still takes effect. */
function isRequired(config: OutboxConfig): boolean {
  const older = config['table.fields.additional.error.on.missing']
  return older ?? config['table.field.additional.missing'].toLowerCase() === 'error'
}
