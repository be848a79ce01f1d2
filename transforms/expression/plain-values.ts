import {
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'

/**
 * The values of one record as an expression sees them, and the way back.
 *
 * In plain, everything is an object, array, text, number, boolean or null. Decimals are texts, bytes texts in base64,
 * dates milliseconds, maps objects, or pairs where their keys are no texts. An integer beyond 53 bits stays a bigint.
 * Objects and arrays that an expression only passes on are the originals again, with the schema they had.
 */
export class PlainValues {
  readonly #originals = new Map<unknown, SchemaAndValue>()

  /** What needs no change is not copied. */
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

  /** The value that a part of a result was made of; undefined when an expression made it. */
  original(plain: unknown): SchemaAndValue | undefined {
    return typeof plain === 'object' ? this.#originals.get(plain) : undefined
  }

  /**
   * A result without a schema, freed of what JSONata adds to its arrays.
   *
   * Throws a TypeError for a function, which is no value.
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

  /** The array or object itself, unless a part of it is something else in plain. */
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
  if (isFunction) throw new TypeError('a function is no value')
}
