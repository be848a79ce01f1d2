import { isBoxedInteger, isFloat32, isFloat64 } from '../numbers/index.ts'
import { isPlainObject } from './plain-object.ts'
import type { SchemaType } from './schema.ts'

/**
 * Infers the type of a schemaless value. Returns undefined for dates, decimals and unknown objects, which need a schema.
 *
 * Source: ConnectSchema.schemaType.
 */
export function schemalessTypeOf(value: unknown): SchemaType | undefined {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'boolean'
    case 'bigint':
      return 'int64'
    case 'number':
      return Number.isSafeInteger(value) ? 'int64' : 'float64'
    case 'object':
      return value === null ? undefined : objectType(value)
    default:
      return undefined
  }
}

function objectType(value: object): SchemaType | undefined {
  if (isFloat64(value)) return 'float64'
  if (isFloat32(value)) return 'float32'
  if (isBoxedInteger(value)) return value.type === 'biginteger' ? undefined : value.type
  if (value instanceof Uint8Array) return 'bytes'
  if (Array.isArray(value)) return 'array'
  return value instanceof Map || isPlainObject(value) ? 'map' : undefined
}
