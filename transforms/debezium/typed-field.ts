import type { Schema } from '../../api/index.ts'
import { fieldValue, invalid, type Fields } from '../structs.ts'

/** A struct with its schema. */
export interface Row {
  readonly schema: Schema
  readonly value: Readonly<Fields>
}

/** A field with its schema; a null is its default. Throws `HR_DATA_INVALID` where there is none. Source: Struct.get. */
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
 * A field of that type, as it is: without the default.
 *
 * Throws `HR_DATA_INVALID` where there is none, or one of another type, a date among them. Source: Struct.getString, getInt32, getInt64.
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
