import { ConnectError, errorCodes, isPlainObject, type Schema } from '../../../api/index.ts'

/** A field of a struct, at any depth: the names that lead to it and the schemas of these fields. */
export interface FieldPath {
  readonly names: readonly string[]
  readonly schemas: readonly Schema[]
}

/** Returns the names of a path such as `order.customer.id`. Empty names at the end are dropped, as in Java. */
export function namesOfPath(path: string): readonly string[] {
  return path.replace(/\.+$/, '').split('.')
}

/**
 * Returns the schemas of a path in a struct; undefined if a field of it does not exist.
 *
 * Throws `HR_DATA_INVALID` if a field is in something else than a struct. Source: DataUtils.getNestedField.
 */
export function fieldPath(schema: Schema, path: string): FieldPath | undefined {
  const names = namesOfPath(path)
  const schemas: Schema[] = []
  let parent = schema
  for (const name of names) {
    if (parent.type !== 'struct') {
      const reason = `'${name}' is looked up in ${String(parent)}, which is not a struct.`
      const message = `Unable to get field '${path}' from schema ${String(schema)}. ${reason}`
      throw new ConnectError('HR_DATA_INVALID', message)
    }
    const found = parent.field(name)
    if (found === undefined) return undefined
    schemas.push((parent = found.schema))
  }
  return { names, schemas }
}

/** Returns the value of a path in a struct; null if it, or a struct that contains it, is null and has no default. */
export function valueAtPath(struct: unknown, { names, schemas }: FieldPath): unknown {
  let value = struct
  for (let i = 0; i < names.length; i++) {
    value = ownValue(value, names[i] as string) ?? schemas[i]?.defaultValue ?? null
    if (value === null) return null
  }
  return value
}

/**
 * Returns the value of a path in a struct or map, through maps that it contains.
 *
 * Throws `HR_DATA_INVALID` if there is none, or if it is null. Source: DataUtils.getNestedFieldValue.
 */
export function requiredValueAtPath(structOrMap: unknown, schema: Schema | null, path: string): unknown {
  let value = structOrMap
  let current = schema
  for (const name of namesOfPath(path)) {
    if (name.trim() === '') throw emptyName(path)
    if (value instanceof Map) {
      value = value.get(name) ?? null
      current = current?.valueSchema ?? null
    } else {
      const field: Schema | null = current?.field(name)?.schema ?? null
      value = isPlainObject(value) ? (ownValue(value, name) ?? field?.defaultValue ?? null) : null
      current = field
    }
    if (value === null) throw new ConnectError('HR_DATA_INVALID', `The field '${path}' does not exist.`)
  }
  return value
}

function emptyName(path: string): ConnectError {
  const message = `The field to extract cannot be null or empty. Found '${path}'`
  return new ConnectError('HR_DATA_INVALID', message, { javaClass: errorCodes.HR_CONNECT.javaClass })
}

function ownValue(value: unknown, name: string): unknown {
  const fields = value as Readonly<Record<string, unknown>>
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}
