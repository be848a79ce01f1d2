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

/** Reads a value from a struct or map. */
export type ValueReader = (structOrMap: unknown) => unknown

/** Returns the reader of a path in a struct. Its value is null if it, or a struct around it, is null without a default. */
export function pathReader({ names, schemas }: FieldPath): ValueReader {
  const [name = ''] = names
  const defaultValue = schemas[0]?.defaultValue ?? null
  const read: ValueReader =
    name in Object.prototype
      ? (struct) => ownValue(struct, name) ?? defaultValue
      : (struct) => (struct as Readonly<Record<string, unknown>>)[name] ?? defaultValue
  if (names.length === 1) return read
  const readRest = pathReader({ names: names.slice(1), schemas: schemas.slice(1) })
  return (struct) => {
    const inner = read(struct)
    return inner === null ? null : readRest(inner)
  }
}

/**
 * Returns the reader of a path in a struct or map with the given schema, through maps that it contains. It throws
 * `HR_DATA_INVALID` if there is no value, or if it is null.
 *
 * Source: DataUtils.getNestedFieldValue.
 */
export function requiredReader(schema: Schema | null, path: string): ValueReader {
  const names = namesOfPath(path)
  if (names.some((name) => name.trim() === '')) {
    return () => {
      throw emptyName(path)
    }
  }
  return (structOrMap) => {
    let value = structOrMap
    let current = schema
    for (const name of names) {
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
}

function emptyName(path: string): ConnectError {
  const message = `The field to extract cannot be null or empty. Found '${path}'`
  return new ConnectError('HR_DATA_INVALID', message, { javaClass: errorCodes.HR_CONNECT.javaClass })
}

function ownValue(value: unknown, name: string): unknown {
  const fields = value as Readonly<Record<string, unknown>>
  return Object.hasOwn(fields, name) ? fields[name] : undefined
}
