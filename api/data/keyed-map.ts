import { canonicalText } from './canonical.ts'

/**
 * Creates a map that compares keys by value, as in Java: dates, decimals, lists and maps with the same content are the
 * same key. Bytes are compared by identity.
 */
export function keyedMap(entries: readonly (readonly [unknown, unknown])[]): Map<unknown, unknown> {
  if (entries.length < 2 || !entries.some(([key]) => isComposed(key))) return new Map(entries)
  const keys = new Map<string, unknown>()
  const map = new Map<unknown, unknown>()
  for (const [key, value] of entries) {
    if (!isComposed(key)) {
      map.set(key, value)
      continue
    }
    const text = canonicalText(key)
    if (!keys.has(text)) keys.set(text, key)
    map.set(keys.get(text), value)
  }
  return map
}

const isComposed = (key: unknown): boolean =>
  typeof key === 'object' && key !== null && !(key instanceof Uint8Array)
