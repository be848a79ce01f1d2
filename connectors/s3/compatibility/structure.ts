import type { Schema, SchemaType } from '../../../api/index.ts'
import { parametersFit } from './parameters.ts'

/** Numeric types; each can be widened to all that follow. */
const widening: readonly SchemaType[] = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64']

/**
 * Whether values of one schema can be written with another: same names and parameters, types that are equal or can be
 * widened, and a value for every field. The versions are not compared.
 *
 * Source: StorageSchemaCompatibility.checkSchemaCompatibility.
 */
export function structureFits(source: Schema | null, target: Schema | null): boolean {
  if (source === target) return true
  if (source === null || target === null) return false
  if (!typeFits(source.type, target.type) || source.name !== target.name) return false
  if (!parametersFit(source, target)) return false
  if (source.optional && !target.optional && target.defaultValue === null) return false
  switch (source.type) {
    case 'struct':
      return fieldsFit(source, target)
    case 'array':
      return structureFits(source.valueSchema, target.valueSchema)
    case 'map':
      return (
        structureFits(source.keySchema, target.keySchema) &&
        structureFits(source.valueSchema, target.valueSchema)
      )
    default:
      return true
  }
}

function typeFits(source: SchemaType, target: SchemaType): boolean {
  return (
    source === target || (widening.includes(source) && widening.indexOf(source) <= widening.indexOf(target))
  )
}

function fieldsFit(source: Schema, target: Schema): boolean {
  return target.fields.every(({ name, schema }) => {
    const field = source.field(name)
    if (field !== undefined) return structureFits(field.schema, schema)
    return schema.optional || schema.defaultValue !== null
  })
}
