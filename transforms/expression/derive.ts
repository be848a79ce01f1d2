import {
  array,
  ConnectError,
  isPlainObject,
  makeSchema,
  OPTIONAL_BOOLEAN,
  OPTIONAL_FLOAT64,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  type Schema,
  type SchemaAndValue,
} from '../../api/index.ts'
import { fit, MISFIT } from './fit.ts'
import type { PlainValues } from './plain-values.ts'

/**
 * Returns a value with its old schema if it still fits, or else with a schema derived from the value.
 *
 * In a derived struct, fields keep their old schema if they still fit it. New fields are optional: strings, booleans,
 * int64 for integers, float64 for other numbers, and structs and arrays of these. A null becomes an optional string.
 * A derived schema has no name, because it no longer matches the schema of that name.
 */
export function shaped(
  value: unknown,
  old: Schema | null,
  values: PlainValues,
  where: string,
): SchemaAndValue {
  const original = values.original(value)
  if (original !== undefined && original.schema !== null) return original
  if (old !== null) {
    const fitting = fit(value, old, values)
    if (fitting !== MISFIT) return { schema: old, value: fitting }
  }
  return derived(value, old, values, where)
}

function derived(value: unknown, old: Schema | null, values: PlainValues, where: string): SchemaAndValue {
  switch (typeof value) {
    case 'string':
      return { schema: OPTIONAL_STRING, value }
    case 'boolean':
      return { schema: OPTIONAL_BOOLEAN, value }
    case 'bigint':
      if (fit(value, OPTIONAL_INT64, values) === MISFIT) throw noSchema(where, 'the integer exceeds 64 bits')
      return { schema: OPTIONAL_INT64, value }
    case 'number':
      return { schema: Number.isSafeInteger(value) ? OPTIONAL_INT64 : OPTIONAL_FLOAT64, value }
    default:
      if (value === null || value === undefined) return { schema: OPTIONAL_STRING, value: null }
      if (Array.isArray(value)) return derivedArray(value, old, values, where)
      if (isPlainObject(value)) return derivedStruct(value, old, values, where)
      throw noSchema(where, 'expected an object, array, string, number, boolean or null')
  }
}

function derivedStruct(
  value: Readonly<Record<string, unknown>>,
  old: Schema | null,
  values: PlainValues,
  where: string,
): SchemaAndValue {
  const parts = Object.entries(value).map(([name, item]) => {
    const known = old?.type === 'struct' ? old.field(name)?.schema : undefined
    return [name, shaped(item, known ?? null, values, `${where}.${name}`)] as const
  })
  const schema = makeSchema({
    type: 'struct',
    optional: old?.optional ?? true,
    fields: parts.map(([name, part]) => [name, part.schema as Schema] as const),
  })
  return { schema, value: Object.fromEntries(parts.map(([name, part]) => [name, part.value])) }
}

function derivedArray(
  items: readonly unknown[],
  old: Schema | null,
  values: PlainValues,
  where: string,
): SchemaAndValue {
  const known = old?.type === 'array' ? old.valueSchema : null
  const parts = items.map((item, index) => shaped(item, known, values, `${where}[${index}]`))
  const schema = commonSchema(parts, known, where)
  return {
    schema: array(schema, { optional: old?.optional ?? true }),
    value: parts.map((part) => part.value),
  }
}

/** Returns one schema for all elements. A mix of integers and floats is float64; null fits any type. */
function commonSchema(parts: readonly SchemaAndValue[], known: Schema | null, where: string): Schema {
  const schemas = new Set(
    parts.flatMap(({ schema, value }) => (value === null || schema === null ? [] : [schema])),
  )
  const [first = known ?? OPTIONAL_STRING] = schemas
  if (schemas.size <= 1) return first
  const numeric = [...schemas].every((schema) => schema === OPTIONAL_INT64 || schema === OPTIONAL_FLOAT64)
  if (numeric && parts.every(({ value }) => typeof value !== 'bigint')) return OPTIONAL_FLOAT64
  throw noSchema(where, 'its elements have different types')
}

function noSchema(where: string, why: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', `Cannot derive a schema for ${where}: ${why}`)
}
