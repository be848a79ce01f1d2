import { ConnectError } from '../errors.ts'
import { makeSchema, type Schema, type SchemaInit, type SchemaType } from './schema.ts'
import { validateValue } from './validate.ts'

/** What any schema may carry beside its type. */
export type SchemaAttributes = Omit<SchemaInit, 'type' | 'fields' | 'keySchema' | 'valueSchema'>

/** A schema of a type without parts. Throws `HR_SCHEMA_INVALID` when the default does not fit it. */
export function primitive(
  type: Exclude<SchemaType, 'array' | 'map' | 'struct'>,
  more: SchemaAttributes = {},
) {
  return checked({ ...more, type })
}

/** A struct with those fields, in that order. Throws `HR_SCHEMA_INVALID` on a repeated or empty name. */
export function struct(
  fields: Readonly<Record<string, Schema>> | readonly (readonly [string, Schema])[],
  more: SchemaAttributes = {},
): Schema {
  const list = Array.isArray(fields) ? (fields as [string, Schema][]) : Object.entries(fields)
  return checked({ ...more, type: 'struct', fields: list })
}

/** An array of elements of one schema; null lets elements be of any kind. */
export function array(valueSchema: Schema | null, more: SchemaAttributes = {}): Schema {
  return checked({ ...more, type: 'array', valueSchema })
}

/** A map of keys and values, each of one schema. Its values are `Map`s. */
export function map(
  keySchema: Schema | null,
  valueSchema: Schema | null,
  more: SchemaAttributes = {},
): Schema {
  return checked({ ...more, type: 'map', keySchema, valueSchema })
}

/** The same schema with some attributes changed; `null` takes one away. */
export function withAttributes(schema: Schema, changes: Partial<SchemaInit>): Schema {
  return makeSchema({ ...describe(schema), ...changes })
}

/** What a schema is made of, for building another from it. */
export function describe(schema: Schema): SchemaInit {
  const { type, optional, name, version, doc, parameters, defaultValue, keySchema, valueSchema } = schema
  const fields = schema.fields.map((field) => [field.name, field.schema] as const)
  return { type, optional, name, version, doc, parameters, defaultValue, keySchema, valueSchema, fields }
}

function checked(init: SchemaInit): Schema {
  const schema = makeSchema(init)
  if (init.defaultValue === undefined || init.defaultValue === null) return schema
  try {
    validateValue(schema, init.defaultValue)
  } catch (cause) {
    throw new ConnectError('HR_SCHEMA_INVALID', 'Invalid default value', { cause })
  }
  return schema
}

/* The plain schemas: required, and with null allowed. */

export const INT8 = makeSchema({ type: 'int8' })
export const INT16 = makeSchema({ type: 'int16' })
export const INT32 = makeSchema({ type: 'int32' })
export const INT64 = makeSchema({ type: 'int64' })
export const FLOAT32 = makeSchema({ type: 'float32' })
export const FLOAT64 = makeSchema({ type: 'float64' })
export const BOOLEAN = makeSchema({ type: 'boolean' })
export const STRING = makeSchema({ type: 'string' })
export const BYTES = makeSchema({ type: 'bytes' })

export const OPTIONAL_INT8 = makeSchema({ type: 'int8', optional: true })
export const OPTIONAL_INT16 = makeSchema({ type: 'int16', optional: true })
export const OPTIONAL_INT32 = makeSchema({ type: 'int32', optional: true })
export const OPTIONAL_INT64 = makeSchema({ type: 'int64', optional: true })
export const OPTIONAL_FLOAT32 = makeSchema({ type: 'float32', optional: true })
export const OPTIONAL_FLOAT64 = makeSchema({ type: 'float64', optional: true })
export const OPTIONAL_BOOLEAN = makeSchema({ type: 'boolean', optional: true })
export const OPTIONAL_STRING = makeSchema({ type: 'string', optional: true })
export const OPTIONAL_BYTES = makeSchema({ type: 'bytes', optional: true })
