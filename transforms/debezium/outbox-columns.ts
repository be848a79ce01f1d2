import { ConnectError, withHeader, type Header, type Schema } from '../../api/index.ts'
import type { ExtraColumn, OutboxConfig } from './outbox-config.ts'
import { fieldOf, typedField, type Row } from './typed-field.ts'

/** Where the further columns of a row go. */
export interface PlacedColumns {
  readonly headers: readonly Header[]
  readonly partition: number | null
  /** Those that go into the value, under their aliases. */
  readonly envelope: readonly { readonly alias: string; readonly schema: Schema; readonly value: unknown }[]
}

/** Throws `HR_DATA_INVALID` or `HR_CONNECT` when a column is not there, unless that is to be ignored. */
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

/** Like {@link fieldOf}, but `HR_CONNECT` where there is no such column; the message says what for, such as `payload `. */
export function columnOf(row: Row, name: string, what: string): ReturnType<typeof fieldOf> {
  if (row.schema.field(name) !== undefined) return fieldOf(row, name)
  throw new ConnectError('HR_CONNECT', `Unable to find ${what}field ${name} in event`)
}

/** Differs: the setting of older Debezium counts. */
function isRequired(config: OutboxConfig): boolean {
  const older = config['table.fields.additional.error.on.missing']
  return older ?? config['table.field.additional.missing'].toLowerCase() === 'error'
}
