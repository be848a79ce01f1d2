import { ConnectError, isConnectError, messageOf } from '../errors.ts'
import type { Schema, SchemaType } from './schema.ts'

/** Numeric types; each can be widened to all that follow. */
const widening: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64']

/** Converts a value of one schema to another. */
export type Projection = (value: unknown) => unknown

/** Whether the parameters of a schema allow values to be projected to another one. */
export type ParametersFit = (source: Schema, target: Schema) => boolean

const projections = new WeakMap<ParametersFit, WeakMap<Schema, WeakMap<Schema, Projection>>>()

/**
 * Returns the projection from one schema to a compatible one. It widens numbers, drops fields that the target does not
 * have, and sets missing fields to their defaults. Compiled once for each pair of schemas.
 *
 * Parameters must be equal, or as `parametersFit` requires, which is called for nested schemas too.
 *
 * Throws `HR_PROJECTION_FAILED` if the schemas are incompatible; the projection throws it for incompatible values.
 * Source: SchemaProjector.
 */
export function projectionOf(
  source: Schema,
  target: Schema,
  parametersFit: ParametersFit = sameParameters,
): Projection {
  const ofRule = within(projections, parametersFit)
  const ofSource = within(ofRule, source)
  let projection = ofSource.get(target)
  if (projection === undefined) ofSource.set(target, (projection = compile(source, target, parametersFit)))
  return projection
}

function within<K extends WeakKey, L extends WeakKey, V>(
  maps: WeakMap<K, WeakMap<L, V>>,
  key: K,
): WeakMap<L, V> {
  let map = maps.get(key)
  if (map === undefined) maps.set(key, (map = new WeakMap()))
  return map
}

function compile(source: Schema, target: Schema, parametersFit: ParametersFit): Projection {
  if (source === target) return (value) => value ?? null
  checkAlike(source, target, parametersFit)
  const project = partsOf(source, target, parametersFit)
  if (!source.optional || target.optional) return (value) => (isNull(value) ? null : project(value))
  const { defaultValue } = target
  if (defaultValue === null) {
    throw failed('Writer schema is optional, however, target schema does not provide a default value.')
  }
  return (value) => (isNull(value) ? defaultValue : project(value))
}

const isNull = (value: unknown): boolean => value === null || value === undefined

function checkAlike(source: Schema, target: Schema, parametersFit: ParametersFit): void {
  const wider =
    widening.includes(source.type) && widening.indexOf(source.type) <= widening.indexOf(target.type)
  if (source.type !== target.type && !wider) {
    const [from, to] = [source.type.toUpperCase(), target.type.toUpperCase()]
    throw failed(`Schema type mismatch. source type: ${from} and target type: ${to}`)
  }
  if (source.name !== target.name) {
    throw failed(`Schema name mismatch. source name: ${source.name} and target name: ${target.name}`)
  }
  if (!parametersFit(source, target)) {
    const [from, to] = [JSON.stringify(source.parameters), JSON.stringify(target.parameters)]
    throw failed(`Schema parameters not equal. source parameters: ${from} and target parameters: ${to}`)
  }
}

function sameParameters(source: Schema, target: Schema): boolean {
  const [a, b] = [source.parameters ?? {}, target.parameters ?? {}]
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  )
}

function partsOf(source: Schema, target: Schema, parametersFit: ParametersFit): Projection {
  switch (target.type) {
    case 'struct':
      return structProjection(source, target, parametersFit)
    case 'array': {
      const item = elementProjection(source.valueSchema, target.valueSchema, parametersFit)
      return (value) => (value as unknown[]).map(item)
    }
    case 'map': {
      const [keyOf, itemOf] = [
        elementProjection(source.keySchema, target.keySchema, parametersFit),
        elementProjection(source.valueSchema, target.valueSchema, parametersFit),
      ]
      return (value) =>
        new Map([...(value as Map<unknown, unknown>)].map(([key, item]) => [keyOf(key), itemOf(item)]))
    }
    case 'float32':
      return (value) => (isNumber(value) ? Math.fround(Number(value)) : value)
    case 'float64':
      return (value) => (isNumber(value) ? Number(value) : value)
    default:
      return (value) => value
  }
}

const isNumber = (value: unknown): value is number | bigint =>
  typeof value === 'number' || typeof value === 'bigint'

function elementProjection(
  source: Schema | null,
  target: Schema | null,
  parametersFit: ParametersFit,
): Projection {
  return source === null || target === null ? (value) => value : projectionOf(source, target, parametersFit)
}

function structProjection(source: Schema, target: Schema, parametersFit: ParametersFit): Projection {
  const fields = target.fields.map(({ name, schema }) => ({
    name,
    project: fieldProjection(source, name, schema, parametersFit),
  }))
  return (value) => {
    const struct = value as Readonly<Record<string, unknown>>
    return Object.fromEntries(
      fields.map(({ name, project }) => [name, project(Object.hasOwn(struct, name) ? struct[name] : null)]),
    )
  }
}

/** A null is first replaced with the default of the source field, as by `Struct.get` in Java. */
function fieldProjection(
  source: Schema,
  name: string,
  target: Schema,
  parametersFit: ParametersFit,
): Projection {
  const field = source.field(name)
  if (field === undefined) {
    if (target.optional) return () => null
    if (target.defaultValue !== null) return () => target.defaultValue
    throw failed(`Required field \`${name}\` is missing from source schema: ${String(source)}`)
  }
  const project = named(name, () => projectionOf(field.schema, target, parametersFit))
  return (value) => named(name, () => project(isNull(value) ? field.schema.defaultValue : value))
}

function named<T>(name: string, run: () => T): T {
  try {
    return run()
  } catch (cause) {
    if (!isConnectError(cause)) throw cause
    throw failed(`Error projecting ${name}: ${messageOf(cause)}`, cause)
  }
}

function failed(message: string, cause?: unknown): ConnectError {
  return new ConnectError('HR_PROJECTION_FAILED', message, cause === undefined ? {} : { cause })
}
