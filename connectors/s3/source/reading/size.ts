import type { Row } from './rows.ts'

/** Memory of a record besides its values, in bytes. */
const RECORD_BYTES = 300
const VALUE_BYTES = 16
/** Depth and elements beyond which values are not looked at. */
const MOST_ELEMENTS = 100

/** Estimates the memory of rows in bytes, from a few of them. */
export function sizeOfRows(rows: readonly Row[]): number {
  if (rows.length === 0) return 0
  const step = Math.max(1, Math.floor(rows.length / 8))
  let sampled = 0
  let bytes = 0
  for (let index = 0; index < rows.length; index += step) {
    const row = rows[index]
    if (row === undefined) continue
    sampled++
    bytes += RECORD_BYTES + sizeOf(row.value.value) + sizeOf(row.key.value) + 50 * row.headers.length
  }
  return Math.ceil((bytes / sampled) * rows.length)
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string') return VALUE_BYTES + 2 * value.length
  if (typeof value !== 'object' || value === null) return VALUE_BYTES
  if (value instanceof Uint8Array) return 100 + value.byteLength
  const elements: readonly unknown[] = Array.isArray(value) ? value : elementsOf(value)
  if (elements.length === 0) return VALUE_BYTES
  let bytes = 0
  const looked = Math.min(elements.length, MOST_ELEMENTS)
  for (let index = 0; index < looked; index++) bytes += VALUE_BYTES + sizeOf(elements[index])
  return (bytes / looked) * elements.length
}

const elementsOf = (value: object): readonly unknown[] =>
  value instanceof Map ? [...value.values()] : Object.values(value)
