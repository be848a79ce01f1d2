import { defineConfig, fitsType, makeSchema, validateValue } from '../../api/index.ts'
import { structBuilder } from '../../java/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { isNull, nullInRequired } from '../structs.ts'

const nothing = {}

const config = defineConfig({
  field: {
    type: 'string',
    importance: 'medium',
    doc: 'Name of the single field in the resulting struct or map.',
  },
})

/** Wraps the whole key or value in a struct or map with a single field. Source: HoistField. */
export const hoistField: FieldTransform<typeof config> = {
  name: 'HoistField',
  config,
  create({ field }) {
    const hoist = structBuilder([{ name: field, from: 0 }])
    const hoisted = perSchema((schema) => makeSchema({ type: 'struct', fields: [[field, schema]] }))
    return (schema, value) => {
      const fields = hoist(nothing, [value])
      if (schema === null) return { schema, value: fields }
      const changed = hoisted(schema)
      if (isNull(value)) {
        if (!schema.optional) throw nullInRequired(field, schema)
      } else if (!fitsType(schema, value)) validateValue(schema, value, `field: "${field}"`)
      return { schema: changed, value: fields }
    }
  },
}
