import type { ConnectRecord, Schema } from '../../api/index.ts'
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

/** A struct within a struct, with its schema; undefined where it is null or not there. */
export function structIn(
  { schema, value }: Envelope,
  name: string,
): { readonly schema: Schema; readonly value: Readonly<Fields> } | undefined {
  const field = schema.field(name)
  if (field === undefined || isNull(value[name])) return undefined
  return { schema: field.schema, value: requireStruct(field.schema, value[name], 'reading a change event') }
}
