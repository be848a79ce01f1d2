import { ConnectError, isPlainObject, type Field, type Schema } from '../api/index.ts'
import { javaClassOf, type FieldPlan } from '../java/index.ts'

/** The value of a struct, or a map without a schema. */
export type Fields = Record<string, unknown>

/** A map without a schema. It is a `Map` if any key is not a string. */
export type SchemalessMap = Readonly<Fields> | ReadonlyMap<unknown, unknown>

/** Setting shared by many transforms. */
export const replaceNullWithDefault = {
  type: 'boolean',
  default: true,
  importance: 'medium',
  doc: 'Whether to replace a null field value with the default value of the field, if it has one.',
} as const

/** Returns the value as a map. Throws `HR_DATA_INVALID` for anything else. Source: Requirements.requireMap. */
export function requireMap(value: unknown, purpose: string): SchemalessMap {
  if (isPlainObject(value) || value instanceof Map) return value
  const found = javaClassOf(value ?? null)
  throw invalid(`Only Map objects supported in absence of schema for [${purpose}], found: ${found}`)
}

/** Returns the value as a struct. Throws `HR_DATA_INVALID` for anything else. Source: Requirements.requireStruct. */
export function requireStruct(schema: Schema, value: unknown, purpose: string): Readonly<Fields> {
  if (schema.type === 'struct' && isPlainObject(value)) return value
  const found = javaClassOf(value ?? null, schema)
  throw invalid(`Only Struct objects supported for [${purpose}], found: ${found}`)
}

/** Whether all keys are strings. */
export function isTextKeyed(map: SchemalessMap): map is Readonly<Fields> {
  return !(map instanceof Map)
}

export function copyOfMap(map: SchemalessMap): Fields | Map<unknown, unknown> {
  return map instanceof Map ? new Map(map) : { ...(map as Readonly<Fields>) }
}

/** Returns the entry with the given name, or null if the map has none. */
export function entryOf(map: SchemalessMap, name: string): unknown {
  if (map instanceof Map) return map.get(name) ?? null
  return Object.hasOwn(map, name) ? ((map as Fields)[name] ?? null) : null
}

export function setEntry(map: Fields | Map<unknown, unknown>, name: string, value: unknown): void {
  if (map instanceof Map) map.set(name, value)
  else setField(map, name, value)
}

export function deleteEntry(map: Fields | Map<unknown, unknown>, name: string): void {
  if (map instanceof Map) map.delete(name)
  else delete map[name]
}

/** Returns all entries. Throws `HR_DATA_INVALID` if a key is not a string; a null key is allowed, as in Java. */
export function namedEntries(map: SchemalessMap): readonly (readonly [string, unknown])[] {
  if (!(map instanceof Map)) return Object.entries(map)
  const entries = [...(map as ReadonlyMap<unknown, unknown>)]
  const wrong = entries.find(([key]) => typeof key !== 'string' && key !== null)
  if (wrong === undefined) return entries as [string, unknown][]
  throw invalid(`Expected string keys in the map, found: ${javaClassOf(wrong[0])}`)
}

/** Returns the fields of a struct schema. Throws `HR_DATA_INVALID` for other schemas. Source: ConnectSchema.fields. */
export function fieldsOf(schema: Schema): Schema['fields'] {
  if (schema.type === 'struct') return schema.fields
  throw invalid('Cannot list fields on non-struct type')
}

/** Returns the attributes that a replacement schema inherits. Source: SchemaUtil.copySchemaBasics. */
export function basicsOf({ name, version, doc, parameters }: Schema) {
  return { name, version, doc, parameters }
}

/**
 * Plans to copy a field into a new struct under the same name. With `withDefaults`, the field's default replaces a
 * null. A null in a required field throws `HR_DATA_INVALID`, like `Struct.put` in Java.
 */
export function sameField({ name, schema }: Field, withDefaults: boolean): FieldPlan {
  return {
    name,
    from: name,
    fallback: withDefaults ? schema.defaultValue : null,
    onNull: refusal(name, schema),
  }
}

/** The `onNull` of a {@link FieldPlan}: throws `HR_DATA_INVALID` if the field is required. */
export function refusal(name: string, schema: Schema): FieldPlan['onNull'] {
  if (schema.optional) return undefined
  return () => {
    throw nullInRequired(name, schema)
  }
}

/** Returns a field's value. With `withDefaults`, replaces null with the default, like `Struct.get`. */
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

/** Source: ConnectSchema.validateValue, called by Struct.put. */
export function nullInRequired(name: string, schema: Schema): ConnectError {
  const type = schema.type.toUpperCase()
  return invalid(`Invalid value: null used for required field: "${name}", schema type: ${type}`)
}

/** Sets a field whose name is untrusted: `__proto__` becomes an ordinary property. */
export function setField(fields: Fields, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
  } else fields[name] = value
}

export function invalid(message: string, cause?: unknown): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message, cause === undefined ? {} : { cause })
}
