import { ConnectError, OPTIONAL_STRING, STRING, type Header } from '../../../../api/index.ts'
import type { SchemaAndValue } from '../../ports.ts'

/**
 * Returns the headers of a record from a value of an object with headers: a list of `{ key, value }`, which Parquet wraps
 * in a struct. The sink writes values as text.
 *
 * Throws `HR_DATA_INVALID` for anything else. Source: RecordViews.HeaderRecordView.
 */
export function headersOf({ value }: SchemaAndValue): readonly Header[] {
  if (value === null) return []
  const list = Array.isArray(value) ? value : (value as { readonly headers?: unknown }).headers
  if (!Array.isArray(list)) throw notHeaders(value)
  return list.map(headerOf)
}

function headerOf(entry: unknown): Header {
  const { key, value = null } = (entry ?? {}) as { readonly key?: unknown; readonly value?: unknown }
  if (typeof key !== 'string') throw notHeaders(entry)
  if (typeof value === 'string') return { key, schema: STRING, value }
  return { key, schema: value === null ? OPTIONAL_STRING : null, value }
}

const notHeaders = (found: unknown): ConnectError =>
  new ConnectError(
    'HR_DATA_INVALID',
    `the headers of a record are ${Array.isArray(found) ? 'a list of other values' : typeof found}, expected a list of objects with key and value`,
  )
