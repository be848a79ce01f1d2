import type { Schema } from '../../api/index.ts'
import { fieldValue, invalid, type Fields } from '../structs.ts'

/** A struct with its schema. */
export interface Row {
  readonly schema: Schema
  readonly value: Readonly<Fields>
}

/**
 * Returns a field with its schema, and its default instead of null. Throws `HR_DATA_INVALID` for an unknown field.
 *
 * Source: Struct.get.
 */
export function fieldOf(row: Row, name: string): { readonly schema: Schema; readonly value: unknown } {
  const schema = schemaOf(row.schema, name)
  return { schema, value: fieldValue(row.value, name, schema, true) }
}

interface Types {
  string: string
  int32: number
  int64: number | bigint
}

/**
 * Returns a field of the given type, without applying its default.
 *
 * Throws `HR_DATA_INVALID` if the field is unknown or has another type, including dates.
 * Source: Struct.getString, getInt32, getInt64.
 */
export function typedField<T extends keyof Types>(row: Row, name: string, type: T): Types[T] | null {
  const value = row.value[name] ?? null
  if (schemaOf(row.schema, name).type !== type || value instanceof Date) {
    throw invalid(`Field '${name}' is not of type ${type.toUpperCase()}`)
  }
  return value as Types[T] | null
}

function schemaOf(schema: Schema, name: string): Schema {
  const field = schema.field(name)
  if (field === undefined) throw invalid(`${name} is not a valid field name`)
  return field.schema
}
