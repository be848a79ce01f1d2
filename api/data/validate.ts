import { ConnectError } from '../errors.ts'
import { isDecimal } from '../numbers/index.ts'
import { javaClassOf } from './java-text.ts'
import { logicalNames } from './logical.ts'
import { isPlainObject } from './plain-object.ts'
import type { Schema, SchemaType } from './schema.ts'

const inRange = (low: number, high: number) => (value: unknown) =>
  typeof value === 'number' && Number.isInteger(value) && value >= low && value <= high

const isNumber = (value: unknown): boolean => typeof value === 'number'
const accepts: Readonly<Record<SchemaType, (value: unknown) => boolean>> = {
  int8: inRange(-128, 127),
  int16: inRange(-32_768, 32_767),
  int32: inRange(-2_147_483_648, 2_147_483_647),
  int64: (value) => typeof value === 'bigint' || Number.isSafeInteger(value),
  float32: isNumber,
  float64: isNumber,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  bytes: (value) => value instanceof Uint8Array,
  array: (value) => Array.isArray(value),
  map: (value) => value instanceof Map,
  struct: isPlainObject,
}

const acceptsLogical: Readonly<Record<string, (value: unknown) => boolean>> = {
  [logicalNames.decimal]: isDecimal,
  [logicalNames.date]: (value) => value instanceof Date,
  [logicalNames.time]: (value) => value instanceof Date,
  [logicalNames.timestamp]: (value) => value instanceof Date,
}

/** Whether a value has the type of a schema. Does not check its components. */
export function fitsType(schema: Schema, value: unknown): boolean {
  return ((schema.name === null ? undefined : acceptsLogical[schema.name]) ?? accepts[schema.type])(value)
}

/**
 * Throws `HR_DATA_INVALID` if a value does not match its schema. Checks structs, arrays and maps recursively.
 *
 * Invariant 6: values are never coerced. Source: ConnectSchema.validateValue. Differs: a struct is a plain object
 * without a schema, so its fields are checked instead of the identity of its schema.
 */
export function validateValue(schema: Schema | null, value: unknown, where = 'value'): void {
  if (schema === null) throw invalid(`No schema defined for ${where}`)
  if (value === null || value === undefined) return validateNull(schema, where)
  if (!fitsType(schema, value)) {
    const named = schema.name === null ? 'null' : `"${schema.name}"`
    const type = schema.type.toUpperCase()
    const found = javaClassOf(value)
    throw invalid(`Invalid Java object for schema ${named} with type ${type}: class ${found} for ${where}`)
  }
  validateParts(schema, value, where)
}

function validateNull(schema: Schema, where: string): void {
  if (schema.optional) return
  const type = schema.type.toUpperCase()
  throw invalid(`Invalid value: null used for required ${where}, schema type: ${type}`)
}

function validateParts(schema: Schema, value: unknown, where: string): void {
  if (schema.type === 'struct') validateStruct(schema, value as Record<string, unknown>)
  if (schema.type === 'array') {
    for (const item of value as unknown[])
      validateValue(schema.valueSchema, item, `element of array ${where}`)
  }
  if (schema.type === 'map') {
    const entries = value as ReadonlyMap<unknown, unknown>
    for (const [key, item] of entries) {
      validateValue(schema.keySchema, key, `key of map ${where}`)
      validateValue(schema.valueSchema, item, `value of map ${where}`)
    }
  }
}

/** Allows null if a field is optional or has a default. Source: Struct.validate. */
function validateStruct(schema: Schema, value: Readonly<Record<string, unknown>>): void {
  for (const field of schema.fields) {
    const item = value[field.name]
    if ((item === null || item === undefined) && field.schema.defaultValue !== null) continue
    validateValue(field.schema, item, `field: "${field.name}"`)
  }
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
