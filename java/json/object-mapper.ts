import { javaText } from '../../api/data/java-text.ts'
import type { Schema } from '../../api/data/schema.ts'
import { ConnectError } from '../../api/errors.ts'
import { base64Json, jsonPrinter } from './print.ts'
import { jsonString } from './text.ts'

/**
 * Serializes a schemaless value like Jackson's ObjectMapper with default settings. In contrast to JsonConverter, it writes
 * decimals and big integers as numbers, dates as milliseconds since the epoch, and maps with any keys as objects.
 *
 * Throws `HR_DATA_INVALID` for a null key in a map, and for values that have no Java equivalent.
 */
export const printAsObjectMapper = jsonPrinter({
  decimal: String,
  date: dateMs,
  bigInteger: String,
  map: (map, print) => `{${Array.from(map, ([key, item]) => `${jsonKey(key, null)}:${print(item)}`).join()}}`,
})

/** Serializes a Date as milliseconds since the epoch. Throws `HR_DATA_INVALID` for an invalid Date. */
export function dateMs(value: Date): string {
  const ms = value.getTime()
  if (Number.isNaN(ms)) throw new ConnectError('HR_DATA_INVALID', 'Cannot write an invalid Date as JSON')
  return String(ms)
}

/**
 * Serializes the key of a map as a JSON string, as Jackson does.
 *
 * Throws `HR_DATA_INVALID` for null.
 */
export function jsonKey(key: unknown, schema: Schema | null): string {
  if (typeof key === 'string') return jsonString(key)
  if (key === null || key === undefined) {
    throw new ConnectError('HR_DATA_INVALID', 'Null key for a Map not allowed in JSON')
  }
  if (key instanceof Uint8Array) return base64Json(key)
  if (key instanceof Date) return `"${new Date(Number(dateMs(key))).toISOString().replace('Z', '+00:00')}"`
  return jsonString(javaText(key, schema))
}
