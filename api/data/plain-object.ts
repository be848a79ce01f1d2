import { isBoxedInteger, isDecimal, isFloat32, isFloat64 } from '../numbers/index.ts'

/** Whether a value is a struct or a schemaless map: an object that is not one of the other data types. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return true
  if (Array.isArray(value) || value instanceof Map) return false
  if (value instanceof Date || value instanceof Uint8Array) return false
  return !isDecimal(value) && !isFloat64(value) && !isFloat32(value) && !isBoxedInteger(value)
}
