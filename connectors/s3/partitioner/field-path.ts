import { ConnectError, isPlainObject, type Schema } from '../../../api/index.ts'

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
 * Returns the schemas of a path in a struct; undefined if its first field does not exist.
 *
 * Throws `HR_DATA_INVALID` if a further one does not exist, or is not in a struct. Source: DataUtils.getNestedField.
 */
export function fieldPath(schema: Schema, path: string): FieldPath | undefined {
  const names = namesOfPath(path)
  const schemas: Schema[] = []
  let parent = schema
  for (const name of names) {
    const found = parent.type === 'struct' ? parent.field(name) : undefined
    if (found === undefined && schemas.length === 0) return undefined
    if (found === undefined) {
      const message = `Unable to get field '${path}' from schema ${String(schema)}: '${name}' is not in ${String(parent)}`
      throw new ConnectError('HR_DATA_INVALID', message)
    }
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

function ownValue(value: unknown, name: string): unknown {
  const fields = value as Readonly<Record<string, unknown>>
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}
