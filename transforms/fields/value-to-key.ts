import {
  changedRecord,
  defineConfig,
  makeSchema,
  version,
  type Schema,
  type Transform,
} from '../../api/index.ts'
import { structBuilder } from '../../java/index.ts'
import { transformName } from '../catalog.ts'
import { perSchema } from '../field-transform.ts'
import { names } from '../rules.ts'
import {
  entryOf,
  invalid,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  sameField,
  setField,
  type Fields,
} from '../structs.ts'

const PURPOSE = 'copying fields from value to key'

const config = defineConfig({
  'fields': {
    type: 'list',
    validate: names,
    importance: 'high',
    doc: 'Fields of the value to use as the key.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Replaces the key with a new key made of fields of the value. Source: ValueToKey. */
export const valueToKey: Transform<typeof config> = {
  kind: 'transformation',
  name: transformName('ValueToKey'),
  version,
  config,
  create({ fields, 'replace.null.with.default': withDefaults }) {
    const compiled = perSchema((schema) => compile(schema, fields, withDefaults))
    return {
      apply: (record) => {
        const { valueSchema, value } = record
        if (valueSchema !== null) {
          const struct = requireStruct(valueSchema, value, PURPOSE)
          const { schema: keySchema, project } = compiled(valueSchema)
          return changedRecord(record, { keySchema, key: project(struct) })
        }
        const map = requireMap(value, PURPOSE)
        const key: Fields = {}
        for (const field of fields) setField(key, field, entryOf(map, field))
        return changedRecord(record, { keySchema: null, key })
      },
    }
  },
}

function compile(schema: Schema, chosen: readonly string[], withDefaults: boolean) {
  const fields = chosen.map((name) => {
    const field = schema.field(name)
    if (field === undefined) throw invalid(`Field does not exist: ${name}`)
    return field
  })
  const project = structBuilder(fields.map((field) => sameField(field, withDefaults)))
  const keySchema = makeSchema({ type: 'struct', fields: fields.map((field) => [field.name, field.schema]) })
  return { schema: keySchema, project }
}
