import { ConnectError, type ConnectRecord, type Schema } from '../../api/index.ts'
import { isNull, requireStruct, type Fields } from '../structs.ts'

/** A Debezium change event, identified by the name of its schema. */
export interface Envelope {
  readonly schema: Schema
  readonly value: Readonly<Fields>
}

/** Returns the change event in a record, or undefined for other records, such as heartbeats. Source: SmtManager. */
export function envelopeOf({ valueSchema, value }: ConnectRecord): Envelope | undefined {
  if (valueSchema?.name?.endsWith('.Envelope') !== true || isNull(value)) return undefined
  return { schema: valueSchema, value: requireStruct(valueSchema, value, 'reading a change event') }
}

/**
 * Returns the row before or after a change, or null if there is none, with its schema.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` if the envelope schema has no such field. Source: ExtractField.
 */
export function stateOf(
  { schema, value }: Envelope,
  name: 'before' | 'after',
): { readonly schema: Schema; readonly value: unknown } {
  return { schema: stateSchema(schema, name), value: value[name] ?? null }
}

export function stateSchema(envelope: Schema, name: 'before' | 'after'): Schema {
  const field = envelope.field(name)
  if (field === undefined) throw new ConnectError('HR_ILLEGAL_ARGUMENT', `Unknown field: ${name}`)
  return field.schema
}
