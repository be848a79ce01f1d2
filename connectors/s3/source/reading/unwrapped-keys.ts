import type { ObjectReader, ObjectSource, SchemaAndValue } from '../../ports.ts'

/**
 * Returns a reader of keys that are the field `key` of a struct: Parquet files hold only structs. Other structs stay as they
 * are. Source: RecordViews.KeyRecordView.
 */
export function unwrappedKeys(reader: ObjectReader): ObjectReader {
  async function* read(
    object: ObjectSource,
    skip: number,
    signal: AbortSignal,
  ): AsyncGenerator<readonly SchemaAndValue[]> {
    for await (const batch of reader.read(object, skip, signal)) yield batch.map(unwrapped)
  }
  return { read }
}

function unwrapped(read: SchemaAndValue): SchemaAndValue {
  const { schema, value } = read
  const field = schema?.type === 'struct' && schema.fields.length === 1 ? schema.fields[0] : undefined
  if (field?.name !== 'key') return read
  return { schema: field.schema, value: (value as { readonly key: unknown } | null)?.key ?? null }
}
