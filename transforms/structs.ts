import {
  ConnectError,
  isPlainObject,
  javaClassOf,
  type Field,
  type FieldPlan,
  type Schema,
} from '../api/index.ts'

/** A struct's value, or a map without a schema. */
export type Fields = Record<string, unknown>

/** A map without a schema; a `Map` where a key is no text. */
export type SchemalessMap = Readonly<Fields> | ReadonlyMap<unknown, unknown>

/** Setting that many transforms share. */
export const replaceNullWithDefault = {
  type: 'boolean',
  default: true,
  importance: 'medium',
  doc: 'Whether a null takes the default of its field, where there is one.',
} as const

/** The value as a map. Throws `HR_DATA_INVALID` for anything else. Source: Requirements.requireMap. */
export function requireMap(value: unknown, purpose: string): SchemalessMap {
  if (isPlainObject(value) || value instanceof Map) return value
  const found = javaClassOf(value ?? null)
  throw invalid(`Only Map objects supported in absence of schema for [${purpose}], found: ${found}`)
}

/** The value as a struct of its schema. Throws `HR_DATA_INVALID`. Source: Requirements.requireStruct. */
export function requireStruct(schema: Schema, value: unknown, purpose: string): Readonly<Fields> {
  if (schema.type === 'struct' && isPlainObject(value)) return value
  const found = javaClassOf(value ?? null, schema)
  throw invalid(`Only Struct objects supported for [${purpose}], found: ${found}`)
}

/** Whether all keys are texts. */
export function isTextKeyed(map: SchemalessMap): map is Readonly<Fields> {
  return !(map instanceof Map)
}

export function copyOfMap(map: SchemalessMap): Fields | Map<unknown, unknown> {
  return map instanceof Map ? new Map(map) : { ...(map as Readonly<Fields>) }
}

/** The entry of that name; null when there is none. */
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

/** All entries. Throws `HR_DATA_INVALID` when a key is no text; null passes for one, as in Java. */
export function namedEntries(map: SchemalessMap): readonly (readonly [string, unknown])[] {
  if (!(map instanceof Map)) return Object.entries(map)
  const entries = [...(map as ReadonlyMap<unknown, unknown>)]
  const wrong = entries.find(([key]) => typeof key !== 'string' && key !== null)
  if (wrong === undefined) return entries as [string, unknown][]
  throw invalid(`A key of the map is no text, but a ${javaClassOf(wrong[0])}`)
}

/** The fields of a struct. Throws `HR_DATA_INVALID` for other schemas. Source: ConnectSchema.fields. */
export function fieldsOf(schema: Schema): Schema['fields'] {
  if (schema.type === 'struct') return schema.fields
  throw invalid('Cannot list fields on non-struct type')
}

/** Name, version, doc and parameters of a schema, for one that takes its place. Source: SchemaUtil.copySchemaBasics. */
export function basicsOf({ name, version, doc, parameters }: Schema) {
  return { name, version, doc, parameters }
}

/**
 * A field that goes into a new struct under the same name: a null takes its default when asked to, and one where a
 * value is required is refused with `HR_DATA_INVALID`, as by putting it into a struct in Java.
 */
export function sameField({ name, schema }: Field, withDefaults: boolean): FieldPlan {
  return {
    name,
    from: name,
    fallback: withDefaults ? schema.defaultValue : null,
    onNull: refusal(name, schema),
  }
}

/** For a {@link FieldPlan}: throws `HR_DATA_INVALID` unless a null may stand there. */
export function refusal(name: string, schema: Schema): FieldPlan['onNull'] {
  if (schema.optional) return undefined
  return () => {
    throw nullInRequired(name, schema)
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
  return invalid(`Invalid value: null used for required field: "${name}", schema type: ${type}`)
}

/** Sets a field whose name came from outside: `__proto__` is a name like any other. */
export function setField(fields: Fields, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true })
  } else fields[name] = value
}

export function invalid(message: string, cause?: unknown): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message, cause === undefined ? {} : { cause })
}
