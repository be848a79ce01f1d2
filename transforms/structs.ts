import { ConnectError, isPlainObject, javaClassOf, type Schema } from '../api/index.ts'

/** A struct's value, or a map without a schema. */
export type Fields = Record<string, unknown>

/** Setting that many transforms share. */
export const replaceNullWithDefault = {
  type: 'boolean',
  default: true,
  importance: 'medium',
  doc: 'Whether a null takes the default of its field, where there is one.',
} as const

/** The value as a map of texts. Throws `HR_DATA_INVALID` for anything else. Source: Requirements.requireMap. */
export function requireMap(value: unknown, purpose: string): Readonly<Fields> {
  if (isPlainObject(value)) return value
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, item]) => [String(key), item as unknown]))
  const message = `Only Map objects supported in absence of schema for [${purpose}], found: ${javaClassOf(value)}`
  throw new ConnectError('HR_DATA_INVALID', message)
}

/** The value as a struct of its schema. Throws `HR_DATA_INVALID`. Source: Requirements.requireStruct. */
export function requireStruct(schema: Schema, value: unknown, purpose: string): Readonly<Fields> {
  if (schema.type === 'struct' && isPlainObject(value)) return value
  const message = `Only Struct objects supported for [${purpose}], found: ${javaClassOf(value, schema)}`
  throw new ConnectError('HR_DATA_INVALID', message)
}

/** Name, version, doc and parameters of a schema, for one that takes its place. Source: SchemaUtil.copySchemaBasics. */
export function basicsOf({ name, version, doc, parameters }: Schema) {
  return { name, version, doc, parameters }
}

/**
 * Copies structs of one schema, as putting each field into a new struct does in Java: nulls take their defaults when
 * asked to, and a null where a value is required is refused with `HR_DATA_INVALID`.
 */
export function structCopier(schema: Schema, withDefaults: boolean): (struct: Readonly<Fields>) => Fields {
  const defaults = schema.fields.filter((field) => withDefaults && field.schema.defaultValue !== null)
  const required = schema.fields.filter((field) => !field.schema.optional)
  return (struct) => {
    const copy: Fields = { ...struct }
    for (const { name, schema: own } of defaults) if (isNull(copy[name])) copy[name] = own.defaultValue
    for (const { name, schema: own } of required) if (isNull(copy[name])) throw nullInRequired(name, own)
    return copy
  }
}

/** A field as `Struct.get` gives it. */
export function fieldValue(
  struct: Readonly<Fields>,
  name: string,
  schema: Schema,
  withDefaults: boolean,
): unknown {
  const value = struct[name] ?? null
  return value === null && withDefaults ? schema.defaultValue : value
}

export const isNull = (value: unknown): boolean => value === null || value === undefined

/** Source: ConnectSchema.validateValue, as Struct.put calls it. */
export function nullInRequired(name: string, schema: Schema): ConnectError {
  const type = schema.type.toUpperCase()
  const message = `Invalid value: null used for required field: "${name}", schema type: ${type}`
  return new ConnectError('HR_DATA_INVALID', message)
}

/** Sets a field whose name came from outside: `__proto__` is a name like any other. */
export function setField(fields: Fields, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
  } else fields[name] = value
}
