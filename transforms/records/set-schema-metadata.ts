import { ConnectError, defineConfig, withAttributes, type Schema } from '../../api/index.ts'
import { structBuilder } from '../../java/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { fieldsOf, invalid, isNull, replaceNullWithDefault, requireStruct, sameField } from '../structs.ts'

const config = defineConfig({
  'schema.name': { type: 'string', default: null, importance: 'high', doc: 'New schema name.' },
  'schema.version': { type: 'int', default: null, importance: 'high', doc: 'New schema version.' },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Sets the schema name, the schema version, or both, of a struct. Source: SetSchemaMetadata. */
export const setSchemaMetadata: FieldTransform<typeof config> = {
  name: 'SetSchemaMetadata',
  config,
  create({ 'schema.name': name, 'schema.version': version, 'replace.null.with.default': withDefaults }) {
    if (name === null && version === null) {
      throw new ConnectError('HR_CONFIG_INVALID', 'Neither schema name nor version configured')
    }
    const compiled = perSchema((schema: Schema) => {
      const fields = fieldsOf(schema)
      const changed = withAttributes(schema, {
        name: name ?? schema.name,
        version: version ?? schema.version,
      })
      return { schema: changed, copy: structBuilder(fields.map((field) => sameField(field, withDefaults))) }
    })
    return (schema, value) => {
      if (schema === null) {
        if (isNull(value)) return undefined
        throw invalid('Schema required for [updating schema metadata]')
      }
      const { schema: changed, copy } = compiled(schema)
      if (isNull(value)) return { schema: changed, value: null }
      return { schema: changed, value: copy(requireStruct(schema, value, 'updating schema metadata')) }
    }
  },
}
