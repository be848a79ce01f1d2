import type { SchemaAndValue } from '../../ports.ts'

/** Returns the key of a record from a value of an object with keys. `wrapped`: it is the only field of a struct, `key`. */
export function keyOf(read: SchemaAndValue, wrapped: boolean): SchemaAndValue {
  const { schema, value } = read
  if (!wrapped || schema?.type !== 'struct') return read
  const field = schema.fields.length === 1 ? schema.fields[0] : undefined
  if (field?.name !== 'key') return read
  return { schema: field.schema, value: (value as { readonly key: unknown } | null)?.key ?? null }
}

/** Whether keys are wrapped: Parquet objects consist of structs. Source: RecordViews.KeyRecordView. */
export const wrapsKeys = (key: string): boolean => key.endsWith('.parquet')
