import { isFloat32, isFloat64, type Float32, type Float64 } from '../../../../../api/index.ts'
import { jsonDouble, jsonFloat } from '../../../../../java/index.ts'

/** A value of JSON, with numbers as `parseJson` returns them: integers are exact, and integral floats stay floats. */
export type Json =
  null | boolean | number | bigint | string | Float64 | Float32 | readonly Json[] | JsonObject
export type JsonObject = { readonly [key: string]: Json }

/** Prints JSON in one line, with floating-point numbers in Java's format. */
export function jsonText(value: Json): string {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : jsonDouble(value)
  if (typeof value === 'bigint') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (isFloat64(value)) return jsonDouble(value.value)
  if (isFloat32(value)) return jsonFloat(value.value)
  if (isList(value)) return `[${value.map(jsonText).join()}]`
  return `{${Object.entries(value)
    .map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`)
    .join()}}`
}

export const isList = (value: Json | undefined): value is readonly Json[] => Array.isArray(value)

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !isList(value) && !isFloat64(value) && !isFloat32(value)

/** Returns the number; undefined for a value that is not one. */
export function numberOf(value: Json | undefined): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  return isFloat64(value) || isFloat32(value) ? value.value : undefined
}

/** Whether it is an integer of so many bits. */
export function isInteger(value: Json | undefined, bits: 8 | 16 | 32 | 64): value is number | bigint {
  if (typeof value === 'bigint') return bits === 64 && BigInt.asIntN(64, value) === value
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return false
  return bits === 64 || (value >= -(2 ** (bits - 1)) && value < 2 ** (bits - 1))
}
