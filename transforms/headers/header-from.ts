import {
  ConnectError,
  defineConfig,
  makeSchema,
  nonEmptyList,
  oneOf,
  withHeader,
  type Header,
  type Schema,
} from '../../api/index.ts'
import { structBuilder } from '../../java/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import {
  basicsOf,
  copyOfMap,
  deleteEntry,
  entryOf,
  fieldsOf,
  fieldValue,
  invalid,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  sameField,
} from '../structs.ts'

const config = defineConfig({
  'fields': {
    type: 'list',
    validate: nonEmptyList,
    importance: 'high',
    doc: 'Fields to move or copy to headers.',
  },
  'headers': {
    type: 'list',
    validate: nonEmptyList,
    importance: 'high',
    doc: 'Header names, in the same order as the fields.',
  },
  'operation': {
    type: 'string',
    validate: oneOf('move', 'copy'),
    importance: 'high',
    doc: 'move removes the fields from the key or value; copy leaves them there.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Moves or copies fields to headers. Source: HeaderFrom. */
export const headerFrom: FieldTransform<typeof config> = {
  name: 'HeaderFrom',
  config,
  create({ fields, 'headers': keys, operation, 'replace.null.with.default': withDefaults }) {
    if (fields.length !== keys.length) {
      const message = "'fields' config must have the same number of elements as 'headers' config."
      throw new ConnectError('HR_CONFIG_INVALID', message, { configKey: 'headers' })
    }
    const purpose = `header ${operation}`
    const compiled = perSchema((schema) => compile(schema, operation === 'move' ? fields : [], withDefaults))
    return (schema, value, record) => {
      let headers: readonly Header[] = record.headers
      if (schema === null) {
        const map = requireMap(value, purpose)
        const rest = copyOfMap(map)
        for (const [index, field] of fields.entries()) {
          headers = withHeader(headers, keys[index] ?? '', null, entryOf(map, field))
          if (operation === 'move') deleteEntry(rest, field)
        }
        return { schema, value: rest, headers }
      }
      const struct = requireStruct(schema, value, purpose)
      const { schema: restSchema, rest } = compiled(schema)
      const changed =
        operation === 'move' ? { schema: restSchema, value: rest(struct) } : { schema, value: struct }
      for (const [index, name] of fields.entries()) {
        const field = schema.field(name)
        if (field === undefined) throw invalid(`Cannot ${operation} field ${name} to a header: no such field`)
        const item = fieldValue(struct, name, field.schema, withDefaults)
        headers = withHeader(headers, keys[index] ?? '', field.schema, item)
      }
      return { ...changed, headers }
    }
  },
}

/** Compiles the removal of fields from structs of a schema. */
function compile(schema: Schema, gone: readonly string[], withDefaults: boolean) {
  const kept = fieldsOf(schema).filter(({ name }) => !gone.includes(name))
  const rest = structBuilder(kept.map((field) => sameField(field, withDefaults)))
  const fields = kept.map((field) => [field.name, field.schema] as const)
  return { schema: makeSchema({ ...basicsOf(schema), type: 'struct', fields }), rest }
}
