import { fitsType, javaText, type Schema } from './data/index.ts'
import { ConnectError } from './errors.ts'

/** One header of a record. A record may have several of the same key; their order is kept. */
export interface Header {
  readonly key: string
  readonly schema: Schema | null
  readonly value: unknown
}

/** Shared by all records without headers. */
export const noHeaders: readonly Header[] = Object.freeze([])

/**
 * The headers with one more behind them.
 *
 * Throws `HR_DATA_INVALID` when the value is not of its schema; parts of lists, maps and structs are not looked at.
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

/** The last header of that key, or undefined. Source: ConnectHeaders.lastWithName. */
export function lastHeader(headers: readonly Header[], key: string): Header | undefined {
  return headers.findLast((header) => header.key === key)
}

/** All headers of that key, in order. Source: ConnectHeaders.allWithName. */
export function headersNamed(headers: readonly Header[], key: string): readonly Header[] {
  return headers.filter((header) => header.key === key)
}

/** All headers but those of the given keys; the same array when there is nothing to drop. */
export function withoutHeaders(headers: readonly Header[], keys: ReadonlySet<string>): readonly Header[] {
  const kept = headers.filter((header) => !keys.has(header.key))
  return kept.length === headers.length ? headers : kept
}

/** Of each key only the last header, or of the given key only. Source: ConnectHeaders.retainLatest. */
export function latestHeaders(headers: readonly Header[], key?: string): readonly Header[] {
  const last = new Map(headers.map((header, index) => [header.key, index]))
  return headers.filter((header, index) => {
    return last.get(header.key) === index || (key !== undefined && header.key !== key)
  })
}

/** The headers, or those of one key, changed one by one; null takes one away. Source: ConnectHeaders.apply. */
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
