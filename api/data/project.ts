import { ConnectError, isConnectError, messageOf } from '../errors.ts'
import type { Schema, SchemaType } from './schema.ts'

/** Numeric types; each can be widened to all that follow. */
const widening: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64']

/** Converts a value of one schema to another. */
export type Projection = (value: unknown) => unknown

const projections = new WeakMap<Schema, WeakMap<Schema, Projection>>()

/**
 * Returns the projection from one schema to a compatible one. It widens numbers, drops fields that the target does not
 * have, and sets missing fields to their defaults. Compiled once for each pair of schemas.
 *
 * Throws `HR_PROJECTION_FAILED` if the schemas are incompatible; the projection throws it for incompatible values.
 * Source: SchemaProjector.
 */
export function projectionOf(source: Schema, target: Schema): Projection {
  let ofSource = projections.get(source)
  if (ofSource === undefined) projections.set(source, (ofSource = new WeakMap()))
  let projection = ofSource.get(target)
  if (projection === undefined) ofSource.set(target, (projection = compile(source, target)))
  return projection
}

function compile(source: Schema, target: Schema): Projection {
  if (source === target) return (value) => value ?? null
  checkAlike(source, target)
  const project = partsOf(source, target)
  if (!source.optional || target.optional) return (value) => (isNull(value) ? null : project(value))
  const { defaultValue } = target
  if (defaultValue === null) {
    throw failed('Writer schema is optional, however, target schema does not provide a default value.')
  }
  return (value) => (isNull(value) ? defaultValue : project(value))
}

const isNull = (value: unknown): boolean => value === null || value === undefined

function checkAlike(source: Schema, target: Schema): void {
  const wider =
    widening.includes(source.type) && widening.indexOf(source.type) <= widening.indexOf(target.type)
  if (source.type !== target.type && !wider) {
    const [from, to] = [source.type.toUpperCase(), target.type.toUpperCase()]
    throw failed(`Schema type mismatch. source type: ${from} and target type: ${to}`)
  }
  if (source.name !== target.name) {
    throw failed(`Schema name mismatch. source name: ${source.name} and target name: ${target.name}`)
  }
  if (!sameTexts(source.parameters ?? {}, target.parameters ?? {})) {
    const [from, to] = [JSON.stringify(source.parameters), JSON.stringify(target.parameters)]
    throw failed(`Schema parameters not equal. source parameters: ${from} and target parameters: ${to}`)
  }
}

function sameTexts(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a)
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && a[key] === b[key])
  )
}

function partsOf(source: Schema, target: Schema): Projection {
  switch (target.type) {
    case 'struct':
      return structProjection(source, target)
    case 'array': {
      const item = elementProjection(source.valueSchema, target.valueSchema)
      return (value) => (value as unknown[]).map(item)
    }
    case 'map': {
      const [keyOf, itemOf] = [
        elementProjection(source.keySchema, target.keySchema),
        elementProjection(source.valueSchema, target.valueSchema),
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

function elementProjection(source: Schema | null, target: Schema | null): Projection {
  return source === null || target === null ? (value) => value : projectionOf(source, target)
}

function structProjection(source: Schema, target: Schema): Projection {
  const fields = target.fields.map(({ name, schema }) => ({
    name,
    project: fieldProjection(source, name, schema),
  }))
  return (value) => {
    const struct = value as Readonly<Record<string, unknown>>
    return Object.fromEntries(
      fields.map(({ name, project }) => [name, project(Object.hasOwn(struct, name) ? struct[name] : null)]),
    )
  }
}

/** A null is first replaced with the default of the source field, as by `Struct.get` in Java. */
function fieldProjection(source: Schema, name: string, target: Schema): Projection {
  const field = source.field(name)
  if (field === undefined) {
    if (target.optional) return () => null
    if (target.defaultValue !== null) return () => target.defaultValue
    throw failed(`Required field \`${name}\` is missing from source schema: ${String(source)}`)
  }
  const project = named(name, () => projectionOf(field.schema, target))
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
