import { defineConfig, invalidValue, makeSchema, type Schema } from '../../api/index.ts'
import { mapBuilder, structBuilder, type FieldPlan } from '../../java/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { anyNames, colonParts, pairs } from '../rules.ts'
import {
  basicsOf,
  invalid,
  isTextKeyed,
  namedEntries,
  refusal,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
} from '../structs.ts'

const PURPOSE = 'field replacement'

const renameList = pairs((mappings) => {
  const wrong = (mappings ?? []).find((mapping) => colonParts(mapping).length !== 2)
  return wrong === undefined
    ? undefined
    : invalidValue('renames', mappings, `Invalid rename mapping: ${wrong}`)
})

const config = defineConfig({
  'exclude': {
    type: 'list',
    default: [],
    validate: anyNames,
    importance: 'medium',
    doc: 'Fields to exclude. Takes precedence over include.',
  },
  'include': {
    type: 'list',
    default: [],
    validate: anyNames,
    importance: 'medium',
    doc: 'Fields to include. If empty, all fields are included.',
  },
  'renames': {
    type: 'list',
    default: [],
    validate: renameList,
    importance: 'medium',
    doc: 'Comma-separated list of field renames, as old:new.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Filters or renames fields. Source: ReplaceField. */
export const replaceField: FieldTransform<typeof config> = {
  name: 'ReplaceField',
  config,
  create(own) {
    const excluded = new Set(own.exclude)
    const included = new Set(own.include)
    const renames = new Map(own.renames.map((mapping) => colonParts(mapping) as [string, string]))
    const origins = new Map([...renames].map(([from, to]) => [to, from]))
    const keeps = (name: string) => !excluded.has(name) && (included.size === 0 || included.has(name))
    const nameOf = (name: string) => renames.get(name) ?? name
    const originOf = (name: string) => origins.get(name) ?? name
    const withDefaults = own['replace.null.with.default']
    const schemaless = mapBuilder((keys) =>
      keys.filter(keeps).map((name) => ({ name: nameOf(name), from: name })),
    )
    const compiled = perSchema((schema) => compile(schema, { keeps, nameOf, originOf, withDefaults }))
    return (schema, value) => {
      if (value === null || value === undefined) return undefined
      if (schema === null) {
        const map = requireMap(value, PURPOSE)
        if (isTextKeyed(map)) return { schema, value: schemaless(map) }
        const entries = namedEntries(map).filter(([name]) => keeps(name))
        return { schema, value: new Map(entries.map(([name, item]) => [nameOf(name), item])) }
      }
      const struct = requireStruct(schema, value, PURPOSE)
      const { schema: changed, project } = compiled(schema)
      return { schema: changed, value: project(struct) }
    }
  },
}

interface Replacement {
  keeps(name: string): boolean
  nameOf(name: string): string
  /** Returns the old name for a new name. If several fields have the same new name, the last rename wins. */
  originOf(name: string): string
  readonly withDefaults: boolean
}

/** As in Kafka Connect, a new field's value is looked up by reversing the renames, even if the field was not renamed. */
function compile(schema: Schema, { keeps, nameOf, originOf, withDefaults }: Replacement) {
  const fields = schema.fields
    .filter(({ name }) => keeps(name))
    .map((field) => [nameOf(field.name), field.schema] as const)
  const changed = makeSchema({ ...basicsOf(schema), type: 'struct', fields })
  const plan = changed.fields.map(({ name, schema: own }): FieldPlan => {
    const source = schema.field(originOf(name))
    if (source === undefined) throw invalid(`${originOf(name)} is not a valid field name`)
    const fallback = withDefaults ? source.schema.defaultValue : null
    return { name, from: source.name, fallback, onNull: refusal(name, own) }
  })
  return { schema: changed, project: structBuilder(plan) }
}
