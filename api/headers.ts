import { fitsType, type Schema } from './data/index.ts'
import { javaText } from './data/java-text.ts'
import { ConnectError } from './errors.ts'

/** A header of a record. A record may have several headers with the same key; their order is preserved. */
export interface Header {
  readonly key: string
  readonly schema: Schema | null
  readonly value: unknown
}

/** The headers of a record without headers. */
export const noHeaders: readonly Header[] = Object.freeze([])

/**
 * Returns the headers with one header appended.
 *
 * Throws `HR_DATA_INVALID` if the value does not match its schema. Does not check elements of lists, maps and structs.
 * Source: ConnectHeaders.add, checkSchemaMatches.
 */
export function withHeader(
  headers: readonly Header[],
  key: string,
  schema: Schema | null,
  value: unknown,
): readonly Header[] {
  if (schema !== null) checkHeader(schema, value)
  return [...headers, { key, schema, value: value ?? null }]
}

function checkHeader(schema: Schema, value: unknown): void {
  if (value === null || value === undefined) {
    if (schema.optional) return
    throw new ConnectError(
      'HR_DATA_INVALID',
      `A null value requires an optional schema but was ${String(schema)}`,
    )
  }
  if (fitsType(schema, value)) return
  const message = `The value ${javaText(value, schema)} is not compatible with the schema ${String(schema)}`
  throw new ConnectError('HR_DATA_INVALID', message)
}

/** Returns the last header with the given key, or undefined. Source: ConnectHeaders.lastWithName. */
export function lastHeader(headers: readonly Header[], key: string): Header | undefined {
  return headers.findLast((header) => header.key === key)
}

/** Returns all headers with the given key, in order. Source: ConnectHeaders.allWithName. */
export function headersNamed(headers: readonly Header[], key: string): readonly Header[] {
  return headers.filter((header) => header.key === key)
}

/** Returns the headers without the given keys. Returns the same array if there is nothing to remove. */
export function withoutHeaders(headers: readonly Header[], keys: ReadonlySet<string>): readonly Header[] {
  const kept = headers.filter((header) => !keys.has(header.key))
  return kept.length === headers.length ? headers : kept
}

/** Keeps only the last header of each key, or of the given key. Source: ConnectHeaders.retainLatest. */
export function latestHeaders(headers: readonly Header[], key?: string): readonly Header[] {
  const last = new Map(headers.map((header, index) => [header.key, index]))
  return headers.filter((header, index) => {
    return last.get(header.key) === index || (key !== undefined && header.key !== key)
  })
}

/** Maps all headers, or those with the given key. A null result removes the header. Source: ConnectHeaders.apply. */
export function changedHeaders(
  headers: readonly Header[],
  change: (header: Header) => Header | null,
  key?: string,
): readonly Header[] {
  return headers.flatMap((header) => {
    if (key !== undefined && header.key !== key) return [header]
    return change(header) ?? []
  })
}
