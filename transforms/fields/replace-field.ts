import { defineConfig, invalidValue, makeSchema, type Schema } from '../../api/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { anyNames, colonParts, pairs } from '../rules.ts'
import {
  basicsOf,
  fieldValue,
  invalid,
  isNull,
  namedEntries,
  nullInRequired,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  setEntry,
  setField,
  type Fields,
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
    doc: 'Fields to leave out; this goes before include.',
  },
  'include': {
    type: 'list',
    default: [],
    validate: anyNames,
    importance: 'medium',
    doc: 'Fields to keep; all when there is none.',
  },
  'renames': {
    type: 'list',
    default: [],
    validate: renameList,
    importance: 'medium',
    doc: 'New names of fields, as old:new, separated by commas.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Leaves fields out and gives them other names. Source: ReplaceField. */
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
    const compiled = perSchema((schema) => compile(schema, { keeps, nameOf, originOf, withDefaults }))
    return (schema, value) => {
      if (value === null || value === undefined) return undefined
      if (schema === null) {
        const map = requireMap(value, PURPOSE)
        const fields = map instanceof Map ? new Map<unknown, unknown>() : {}
        for (const [name, item] of namedEntries(map)) {
          if (keeps(name)) setEntry(fields, nameOf(name), item)
        }
        return { schema: null, value: fields }
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
  /** The name that a new name stands for; where two do, the last one. */
  originOf(name: string): string
  readonly withDefaults: boolean
}

/** As in Kafka Connect a new field takes its value from the field that its name stands for, wherever it came from. */
function compile(schema: Schema, { keeps, nameOf, originOf, withDefaults }: Replacement) {
  const fields = schema.fields
    .filter(({ name }) => keeps(name))
    .map((field) => [nameOf(field.name), field.schema] as const)
  const changed = makeSchema({ ...basicsOf(schema), type: 'struct', fields })
  const sources = changed.fields.map(({ name, schema: own }) => {
    const source = schema.field(originOf(name))
    if (source === undefined) throw invalid(`${originOf(name)} is not a valid field name`)
    return { name, own, source }
  })
  const project = (struct: Readonly<Fields>): Fields => {
    const result: Fields = {}
    for (const { name, own, source } of sources) {
      const value = fieldValue(struct, source.name, source.schema, withDefaults)
      if (isNull(value) && !own.optional) throw nullInRequired(name, own)
      setField(result, name, value)
    }
    return result
  }
  return { schema: changed, project }
}
