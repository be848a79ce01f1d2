import {
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'

/**
 * Converts the values of one record to plain values for an expression, and back.
 *
 * A plain value is an object, array, string, number, boolean or null. Decimals become strings, bytes base64 strings,
 * dates milliseconds, and maps objects, or arrays of pairs if a key is not a string. An integer beyond 53 bits stays a
 * bigint. Objects and arrays that an expression copies unchanged map back to the original value and schema.
 */
export class PlainValues {
  readonly #originals = new Map<unknown, SchemaAndValue>()

  /** Returns the plain form of a value. Returns the value itself if it is plain already. */
  plain(value: unknown, schema: Schema | null): unknown {
    if (typeof value !== 'object' || value === null) return value
    if (isFloat64(value) || isFloat32(value) || isBoxedInteger(value)) return value.valueOf()
    if (isDecimal(value)) return value.toPlainString()
    if (value instanceof Date) return value.getTime()
    if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
    const plain = value instanceof Map ? this.#map(value, schema) : this.#parts(value, schema)
    if (schema !== null || plain !== value) this.#originals.set(plain, { schema, value })
    return plain
  }

  /** Returns the original of a plain object or array, or undefined if the expression created it. */
  original(plain: unknown): SchemaAndValue | undefined {
    return typeof plain === 'object' ? this.#originals.get(plain) : undefined
  }

  /**
   * Returns a schemaless result, without the properties that JSONata adds to arrays.
   *
   * Throws a TypeError for functions.
   */
  schemaless(plain: unknown): unknown {
    refuseFunction(plain)
    if (typeof plain !== 'object' || plain === null) return plain ?? null
    const original = this.#originals.get(plain)
    if (original !== undefined && original.schema === null) return original.value
    if (Array.isArray(plain)) return plain.map((item: unknown) => this.schemaless(item))
    return Object.fromEntries(Object.entries(plain).map(([key, item]) => [key, this.schemaless(item)]))
  }

  #map(value: ReadonlyMap<unknown, unknown>, schema: Schema | null): unknown {
    const entries = [...value].map(
      ([key, item]) =>
        [this.plain(key, schema?.keySchema ?? null), this.plain(item, schema?.valueSchema ?? null)] as const,
    )
    return entries.every(([key]) => typeof key === 'string')
      ? Object.fromEntries(entries as [string, unknown][])
      : entries
  }

  /** Returns the array or object itself if all of its parts are plain already. */
  #parts(value: object, schema: Schema | null): unknown {
    const inner = schema?.valueSchema ?? null
    if (Array.isArray(value)) {
      const items = value.map((item: unknown) => this.plain(item, inner))
      return items.every((item, index) => item === value[index]) ? value : items
    }
    const entries = Object.entries(value)
    const changed = entries.map(([key, item]) => {
      const own = schema?.type === 'struct' ? schema.field(key)?.schema : undefined
      return [key, this.plain(item, own ?? inner)] as const
    })
    return changed.every(([, item], index) => item === entries[index]?.[1])
      ? value
      : Object.fromEntries(changed)
  }
}

function refuseFunction(value: unknown): void {
  const isFunction =
    typeof value === 'function' ||
    (typeof value === 'object' &&
      value !== null &&
      ('_jsonata_lambda' in value || '_jsonata_function' in value))
  if (isFunction) throw new TypeError('a function is not a valid value')
}
