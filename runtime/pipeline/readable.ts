import { isDecimal, isFloat32, isFloat64, logicalNames, type Schema } from '../../api/index.ts'
import { dateText } from '../../java/index.ts'

/** A value that `JSON.stringify` accepts. */
export type Readable =
  string | number | boolean | null | readonly Readable[] | { readonly [key: string]: Readable }

/**
 * Converts a Connect value to plain JSON for display: bytes as base64, decimals and bigints as text, dates as
 * ISO text, maps with other than string keys as arrays of pairs.
 */
export function readable(value: unknown, schema: Schema | null): Readable {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value
    case 'number':
      return Number.isFinite(value) ? value : String(value)
    case 'object':
      return value === null ? null : readableObject(value, schema)
    default:
      return String(value)
  }
}

function readableObject(value: object, schema: Schema | null): Readable {
  if (isDecimal(value)) return String(value)
  if (isFloat64(value) || isFloat32(value)) return readable(Number(value), null)
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (value instanceof Date) return readableDate(value, schema)
  const inner = schema?.valueSchema ?? null
  if (Array.isArray(value)) return value.map((item: unknown) => readable(item, inner))
  if (value instanceof Map) return readableMap(value, schema)
  // Not by assignment: a field may be named __proto__
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, readable(item, fieldSchema(schema, key) ?? inner)]),
  )
}

function readableMap(value: ReadonlyMap<unknown, unknown>, schema: Schema | null): Readable {
  const entries = [...value]
  const inner = schema?.valueSchema ?? null
  return entries.every(([key]) => typeof key === 'string')
    ? Object.fromEntries(entries.map(([key, item]) => [key, readable(item, inner)]))
    : entries.map(([key, item]) => [readable(key, schema?.keySchema ?? null), readable(item, inner)])
}

function readableDate(value: Date, schema: Schema | null): string {
  if (Number.isNaN(value.getTime())) return 'Invalid Date'
  return schema?.name === logicalNames.timestamp || schema === null ? value.toISOString() : dateText(value)
}

function fieldSchema(schema: Schema | null, name: string): Schema | undefined {
  return schema?.type === 'struct' ? schema.field(name)?.schema : undefined
}
