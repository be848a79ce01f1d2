import { isDecimal } from '../../api/numbers/index.ts'
import { dateFromMs, logicalNames, MS_PER_DAY, timeFromMs } from '../../api/data/logical.ts'
import type { Schema, SchemaType } from '../../api/data/schema.ts'
import { ConnectError } from '../../api/errors.ts'
import type { SchemaAndValue } from '../../api/transform.ts'
import { ofOwnType } from './own-type.ts'

const numbers: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64']

/**
 * Returns the common schema of the elements of a list, or of the keys or values of a map: the last schema if all have
 * the same type, the widest of several numeric types, or null if they are incompatible. Ignores nulls.
 *
 * Source: Values.mergeSchemas, SchemaMerger.
 */
export function sharedSchema(elements: readonly (SchemaAndValue | undefined)[]): Schema | null {
  let shared: Schema | null = null
  for (const element of elements) {
    const schema = element?.schema ?? null
    if (schema === null) continue
    shared = shared === null ? schema : merged(shared, schema)
    if (shared === null) return null
  }
  return shared
}

function merged(a: Schema, b: Schema): Schema | null {
  if (a.type === b.type) return b
  const [from, to] = [numbers.indexOf(a.type), numbers.indexOf(b.type)]
  if (from < 0 || to < 0) return null
  return to > from ? b : a
}

/**
 * Converts an element to the common schema. Throws `HR_DATA_INVALID` if it cannot be converted, and for null.
 *
 * Source: Values.convertTo.
 */
export function aligned(schema: Schema | null, element: SchemaAndValue | undefined): unknown {
  const value = element?.value ?? null
  if (schema === null) return ofOwnType(value, element?.schema ?? null, null)
  if (value === null) throw invalid('Unable to convert a null value to a schema that requires a value')
  if (schema === element?.schema) return value
  switch (schema.name) {
    case logicalNames.date:
      return value instanceof Date ? value : dateFromMs(Number(value) * MS_PER_DAY)
    case logicalNames.time:
      return value instanceof Date ? value : timeFromMs(Number(value))
    case logicalNames.timestamp:
      return value instanceof Date ? value : dateFromMs(Number(value))
    default:
      // The elements of a list or map are not converted
      if (schema.valueSchema !== null) return ofOwnType(value, element?.schema ?? null, schema)
      return alignedPlain(schema, value)
  }
}

function alignedPlain(schema: Schema, value: unknown): unknown {
  if (!numbers.includes(schema.type) || isDecimal(value)) return value
  if (value instanceof Date) throw invalid(`Unable to convert ${value.toISOString()} to a number`)
  if (schema.type === 'float32') return Math.fround(Number(value))
  return schema.type === 'float64' ? Number(value) : value
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
