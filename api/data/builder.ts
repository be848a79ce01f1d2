import { ConnectError } from '../errors.ts'
import { makeSchema, type Schema, type SchemaInit, type SchemaType } from './schema.ts'
import { validateValue } from './validate.ts'

/** The attributes of a schema other than its type and components. */
export type SchemaAttributes = Omit<SchemaInit, 'type' | 'fields' | 'keySchema' | 'valueSchema'>

/** Returns a schema of a primitive type. Throws `HR_SCHEMA_INVALID` if the default does not match the type. */
export function primitive(
  type: Exclude<SchemaType, 'array' | 'map' | 'struct'>,
  more: SchemaAttributes = {},
) {
  return checked({ ...more, type })
}

/** Returns a struct schema with the given fields, in order. Throws `HR_SCHEMA_INVALID` for duplicate or empty names. */
export function struct(
  fields: Readonly<Record<string, Schema>> | readonly (readonly [string, Schema])[],
  more: SchemaAttributes = {},
): Schema {
  const list = Array.isArray(fields) ? (fields as [string, Schema][]) : Object.entries(fields)
  return checked({ ...more, type: 'struct', fields: list })
}

/** Returns an array schema. If `valueSchema` is null, elements may have any type. */
export function array(valueSchema: Schema | null, more: SchemaAttributes = {}): Schema {
  return checked({ ...more, type: 'array', valueSchema })
}

/** Returns a map schema. Its values are `Map`s. */
export function map(
  keySchema: Schema | null,
  valueSchema: Schema | null,
  more: SchemaAttributes = {},
): Schema {
  return checked({ ...more, type: 'map', keySchema, valueSchema })
}

/** Returns the schema with some attributes changed. `null` removes an attribute. */
export function withAttributes(schema: Schema, changes: Partial<SchemaInit>): Schema {
  return makeSchema({ ...describe(schema), ...changes })
}

/** Returns the properties of a schema, for deriving another schema from it. */
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

/* The primitive schemas: required, then optional. */

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
