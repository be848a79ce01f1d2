import { defineConfig, isConnectError, primitive, struct, type Schema } from '../../api/index.ts'
import { structBuilder, type FieldPlan } from '../../java/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { pairs } from '../rules.ts'
import {
  basicsOf,
  copyOfMap,
  entryOf,
  fieldsOf,
  isNull,
  refusal,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  setEntry,
} from '../structs.ts'
import { parseCastSpec, type CastSpec, type CastTarget } from './cast-spec.ts'
import { casterOf } from './cast-value.ts'

const PURPOSE = 'cast types'

const config = defineConfig({
  'spec': {
    type: 'list',
    validate: pairs((mappings) => {
      try {
        parseCastSpec(mappings)
        return undefined
      } catch (error) {
        if (!isConnectError(error)) throw error
        return error.message
      }
    }),
    importance: 'high',
    doc: 'Comma-separated list of fields and their target types, as field:type; or a single type for the whole value. Types are int8, int16, int32, int64, float32, float64, boolean and string. Bytes can be cast to string only.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Casts fields, or the whole key or value, to other types. Source: Cast. */
export const cast: FieldTransform<typeof config> = {
  name: 'Cast',
  config,
  create({ 'spec': mappings, 'replace.null.with.default': withDefaults }) {
    const spec = parseCastSpec(mappings)
    const schemaless = new Map([...spec.fields].map(([name, target]) => [name, casterOf(null, target)]))
    const whole = spec.whole
    const wholeSchemaless = whole === undefined ? undefined : casterOf(null, whole)
    const compiledWhole = perSchema((schema) => compileWhole(schema, whole ?? 'string'))
    const compiled = perSchema((schema) => compileFields(schema, spec, withDefaults))
    return (schema, value) => {
      if (isNull(value)) return undefined
      if (schema === null) {
        if (wholeSchemaless !== undefined) return { schema, value: wholeSchemaless(value) }
        const map = requireMap(value, PURPOSE)
        const result = copyOfMap(map)
        for (const [name, caster] of schemaless) setEntry(result, name, caster(entryOf(map, name)))
        return { schema, value: result }
      }
      if (whole !== undefined) {
        const { schema: changed, caster } = compiledWhole(schema)
        return { schema: changed, value: caster(value) }
      }
      const { schema: changed, project } = compiled(schema)
      return { schema: changed, value: project(requireStruct(schema, value, PURPOSE)) }
    }
  },
}

function compileWhole(schema: Schema, target: CastTarget) {
  const caster = casterOf(schema, target)
  const attributes = {
    ...basicsOf(schema),
    optional: schema.optional,
    defaultValue: caster(schema.defaultValue),
  }
  return { schema: primitive(target, attributes), caster }
}

function compileFields(schema: Schema, spec: CastSpec, withDefaults: boolean) {
  const fields = fieldsOf(schema).map(({ name, schema: from }) => {
    const target = spec.fields.get(name)
    if (target === undefined) return { name, from, to: from, caster: undefined }
    const caster = casterOf(from, target)
    const to = primitive(target, { optional: from.optional, defaultValue: caster(from.defaultValue) })
    return { name, from, to, caster }
  })
  // The default of a whole struct cannot be cast; Kafka Connect rejects such a schema too
  if (schema.defaultValue !== null) casterOf(schema, 'string')(schema.defaultValue)
  const changed = struct(
    fields.map(({ name, to }) => [name, to] as const),
    { ...basicsOf(schema), optional: schema.optional },
  )
  const plan = fields.map(({ name, from, to, caster }): FieldPlan => ({
    name,
    from: name,
    fallback: withDefaults ? from.defaultValue : null,
    change: caster,
    onNull: refusal(name, to),
  }))
  return { schema: changed, project: structBuilder(plan) }
}
