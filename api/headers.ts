import type { Schema } from './data/index.ts'

/** One header of a record. A record may have several of the same key; their order is kept. */
export interface Header {
  readonly key: string
  readonly schema: Schema | null
  readonly value: unknown
}

/** Shared by all records without headers. */
export const noHeaders: readonly Header[] = Object.freeze([])

/** The last header of that key, or undefined. Source: ConnectHeaders.lastWithName. */
export function lastHeader(headers: readonly Header[], key: string): Header | undefined {
  return headers.findLast((header) => header.key === key)
}

/** All headers but those of the given keys; the same array when there is nothing to drop. */
export function withoutHeaders(headers: readonly Header[], keys: ReadonlySet<string>): readonly Header[] {
  const kept = headers.filter((header) => !keys.has(header.key))
  return kept.length === headers.length ? headers : kept
}
