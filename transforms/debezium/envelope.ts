import { ConnectError, type ConnectRecord, type Schema } from '../../api/index.ts'
import { isNull, requireStruct, type Fields } from '../structs.ts'

/** Debezium's form of a change, told by the name of its schema: what a row was, what it is, and where that is from. */
export interface Envelope {
  readonly schema: Schema
  readonly value: Readonly<Fields>
}

/** The envelope that a record's value is; undefined for other records, such as heartbeats. Source: SmtManager. */
export function envelopeOf({ valueSchema, value }: ConnectRecord): Envelope | undefined {
  if (valueSchema?.name?.endsWith('.Envelope') !== true || isNull(value)) return undefined
  return { schema: valueSchema, value: requireStruct(valueSchema, value, 'reading a change event') }
}

/**
 * The row before or after a change, null where there is none, with its schema.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` where envelopes have no such field. Source: ExtractField.
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
