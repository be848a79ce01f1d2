import { canonicalText } from './canonical.ts'

/**
 * A map in which a key that comes again takes the place of the one before, when it is a date, decimal, list or map
 * too: as in Java, those are equal by what they hold. Bytes are not.
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
