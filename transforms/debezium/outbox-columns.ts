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
  let all = headers
  let partition: number | null = null
  const envelope: PlacedColumns['envelope'][number][] = []
  for (const { column, placement, alias } of extras) {
    const missing = row.schema.field(column) === undefined
    if (missing && !required) continue
    if (placement === 'header') {
      const { schema, value } = fieldOf(row, column)
      all = withHeader(all, alias, schema, value)
    } else if (placement === 'partition') partition = typedField(row, column, 'int32')
    else if (missing) throw new ConnectError('HR_CONNECT', `Unable to find field ${column} in event`)
    else envelope.push({ alias, ...fieldOf(row, column) })
  }
  return { headers: all, partition, envelope }
}

/** Differs: the setting of older Debezium counts. */
function isRequired(config: OutboxConfig): boolean {
  const older = config['table.fields.additional.error.on.missing']
  return older ?? config['table.field.additional.missing'].toLowerCase() === 'error'
}
