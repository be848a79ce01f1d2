import {
  Decimal,
  decimalScale,
  int64,
  isDecimal,
  isPlainObject,
  logicalNames,
  MS_PER_DAY,
  type Schema,
} from '../../api/index.ts'
import type { PlainValues } from './plain-values.ts'

/** Marks a value that does not fit the schema. */
export const MISFIT = Symbol('misfit')

/**
 * Converts a plain value of an expression to the representation that a schema requires, such as a date, decimal, buffer
 * or map. Returns {@link MISFIT} if the value does not fit; never rounds, truncates or drops anything.
 */
export function fit(value: unknown, schema: Schema, values: PlainValues): unknown {
  const original = values.original(value)
  if (original?.schema === schema) return original.value
  if (value === null || value === undefined) {
    return schema.optional || schema.defaultValue !== null ? null : MISFIT
  }
  const logical = schema.name === null ? undefined : logicalFits[schema.name]
  return (logical ?? fits[schema.type])(value, schema, values)
}

type Fit = (value: unknown, schema: Schema, values: PlainValues) => unknown

const integer =
  (bits: number): Fit =>
  (value) =>
    typeof value === 'number' && Number.isInteger(value) && Math.abs(value + 0.5) < 2 ** (bits - 1)
      ? value
      : MISFIT

const ofType =
  (type: 'number' | 'boolean' | 'string'): Fit =>
  (value) =>
    typeof value === type ? value : MISFIT

const fits: Readonly<Record<Schema['type'], Fit>> = {
  int8: integer(8),
  int16: integer(16),
  int32: integer(32),
  int64: fitInt64,
  float32: ofType('number'),
  float64: ofType('number'),
  boolean: ofType('boolean'),
  string: ofType('string'),
  bytes: fitBytes,
  array: fitArray,
  map: fitMap,
  struct: fitStruct,
}

const logicalFits: Readonly<Record<string, Fit>> = {
  [logicalNames.decimal]: fitDecimal,
  [logicalNames.date]: (value) => fitDate(value, (ms) => ms % MS_PER_DAY === 0),
  [logicalNames.time]: (value) => fitDate(value, (ms) => ms >= 0 && ms <= MS_PER_DAY),
  [logicalNames.timestamp]: (value) => fitDate(value, () => true),
}

function fitInt64(value: unknown): unknown {
  if (typeof value === 'bigint') return BigInt.asIntN(64, value) === value ? int64(value) : MISFIT
  return Number.isSafeInteger(value) ? value : MISFIT
}

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

function fitBytes(value: unknown): unknown {
  return typeof value === 'string' && BASE64.test(value) ? Buffer.from(value, 'base64') : MISFIT
}

function fitDecimal(value: unknown, schema: Schema): unknown {
  const scale = decimalScale(schema)
  const decimal =
    typeof value === 'string' || typeof value === 'number' ? Decimal.parse(String(value)) : value
  if (!isDecimal(decimal) || decimal.scale > scale) return MISFIT
  return decimal.scale === scale
    ? decimal
    : new Decimal(decimal.unscaled * 10n ** BigInt(scale - decimal.scale), scale)
}

function fitDate(value: unknown, accepts: (ms: number) => boolean): unknown {
  return typeof value === 'number' && Number.isInteger(value) && accepts(value) ? new Date(value) : MISFIT
}

function fitArray(value: unknown, schema: Schema, values: PlainValues): unknown {
  return Array.isArray(value) ? fitAll(value, schema.valueSchema, values) : MISFIT
}

function fitAll(items: readonly unknown[], schema: Schema | null, values: PlainValues): unknown {
  if (schema === null) return items.map((item) => values.schemaless(item))
  const fitting = items.map((item) => fit(item, schema, values))
  return fitting.includes(MISFIT) ? MISFIT : fitting
}

function fitMap(value: unknown, { keySchema, valueSchema }: Schema, values: PlainValues): unknown {
  const entries = entriesOf(value)
  if (entries === undefined) return MISFIT
  const keys = entries.map(([key]) => key)
  const items = entries.map(([, item]) => item)
  const fittingKeys = fitAll(keys, keySchema, values)
  const fittingItems = fitAll(items, valueSchema, values)
  if (!Array.isArray(fittingKeys) || !Array.isArray(fittingItems)) return MISFIT
  return new Map(fittingKeys.map((key: unknown, index) => [key, fittingItems[index] as unknown]))
}

function entriesOf(value: unknown): (readonly [unknown, unknown])[] | undefined {
  if (isPlainObject(value)) return Object.entries(value)
  return Array.isArray(value) && value.every(isPair) ? (value as [unknown, unknown][]) : undefined
}

const isPair = (pair: unknown): boolean => Array.isArray(pair) && pair.length === 2

/** A field that is not in the schema is a misfit, because it would be lost. */
function fitStruct(value: unknown, schema: Schema, values: PlainValues): unknown {
  if (!isPlainObject(value)) return MISFIT
  if (Object.keys(value).some((name) => schema.field(name) === undefined)) return MISFIT
  const entries = schema.fields.map(
    ({ name, schema: own }) =>
      [name, fit(Object.hasOwn(value, name) ? value[name] : null, own, values)] as const,
  )
  return entries.some(([, item]) => item === MISFIT) ? MISFIT : Object.fromEntries(entries)
}
