import {
  ConnectError,
  defineConfig,
  invalidValue,
  makeSchema,
  type Schema,
  type Validator,
} from '../../api/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import {
  basicsOf,
  fieldValue,
  isNull,
  nullInRequired,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  setField,
  type Fields,
} from '../structs.ts'

const PURPOSE = 'field replacement'

const renameList: Validator = {
  description: 'list of colon-delimited pairs, e.g. foo:bar,abc:xyz',
  check: (key, value) => {
    const wrong = ((value ?? []) as readonly string[]).find((mapping) => mapping.split(':').length !== 2)
    return wrong === undefined ? undefined : invalidValue(key, value, `Invalid rename mapping: ${wrong}`)
  },
}

const config = defineConfig({
  'exclude': {
    type: 'list',
    default: [],
    importance: 'medium',
    doc: 'Fields to leave out; this goes before include.',
  },
  'include': {
    type: 'list',
    default: [],
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
    const renames = new Map(own.renames.map(parseRename))
    const keeps = (name: string) => !excluded.has(name) && (included.size === 0 || included.has(name))
    const nameOf = (name: string) => renames.get(name) ?? name
    const withDefaults = own['replace.null.with.default']
    const compiled = perSchema((schema) => compile(schema, keeps, nameOf, withDefaults))
    return (schema, value) => {
      if (value === null || value === undefined) return undefined
      if (schema === null) {
        const fields: Fields = {}
        for (const [name, item] of Object.entries(requireMap(value, PURPOSE))) {
          if (keeps(name)) setField(fields, nameOf(name), item)
        }
        return { schema: null, value: fields }
      }
      const struct = requireStruct(schema, value, PURPOSE)
      const { schema: changed, project } = compiled(schema)
      return { schema: changed, value: project(struct) }
    }
  },
}

function parseRename(mapping: string): [string, string] {
  const [from = '', to = '', ...rest] = mapping.split(':')
  if (rest.length === 0 && mapping.includes(':')) return [from, to]
  const message = invalidValue('renames', mapping, `Invalid rename mapping: ${mapping}`)
  throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'renames' })
}

function compile(
  schema: Schema,
  keeps: (name: string) => boolean,
  nameOf: (name: string) => string,
  withDefaults: boolean,
) {
  const kept = schema.fields
    .filter((field) => keeps(field.name))
    .map((field) => ({ ...field, to: nameOf(field.name) }))
  const changed = makeSchema({
    ...basicsOf(schema),
    type: 'struct',
    fields: kept.map((field) => [field.to, field.schema] as const),
  })
  const project = (struct: Readonly<Fields>): Fields => {
    const fields: Fields = {}
    for (const { name, to, schema: own } of kept) {
      const value = fieldValue(struct, name, own, withDefaults)
      if (isNull(value) && !own.optional) throw nullInRequired(to, own)
      setField(fields, to, value)
    }
    return fields
  }
  return { schema: changed, project }
}
