import { ConnectError, defineConfig, oneOfIgnoringCase } from '../../api/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { isNull, replaceNullWithDefault, requireMap, requireStruct } from '../structs.ts'
import { fieldsOnPath, mapValue, parseFieldPath, structValue } from './field-path.ts'

const PURPOSE = 'field extraction'

const config = defineConfig({
  'field': { type: 'string', importance: 'medium', doc: 'Field whose value takes the place of the whole.' },
  'replace.null.with.default': replaceNullWithDefault,
  'field.syntax.version': {
    type: 'string',
    default: 'V1',
    validate: oneOfIgnoringCase('V1', 'V2'),
    importance: 'high',
    doc: 'V1: field is a name; V2: names with dots between them lead into the depth, a name with dots in backticks.',
  },
})

/** Puts the value of one field in place of the whole. Source: ExtractField. */
export const extractField: FieldTransform<typeof config> = {
  name: 'ExtractField',
  config,
  create({ field, 'field.syntax.version': syntax, 'replace.null.with.default': withDefaults }) {
    const path = parseFieldPath(field, syntax.toUpperCase() === 'V2' ? 'V2' : 'V1')
    const unknown = () => new ConnectError('HR_ILLEGAL_ARGUMENT', `Unknown field: ${field}`)
    const compiled = perSchema((schema) => {
      const fields = fieldsOnPath(path, schema)
      const last = fields?.at(-1)
      if (fields !== undefined && last !== undefined) return { fields, schema: last.schema }
      throw unknown()
    })
    return (schema, value) => {
      if (schema === null) {
        if (isNull(value)) return { schema, value: null }
        const map = requireMap(value, PURPOSE)
        if (path.length === 0) throw unknown()
        return { schema, value: mapValue(path, map) }
      }
      const struct = isNull(value) ? null : requireStruct(schema, value, PURPOSE)
      const { fields, schema: extracted } = compiled(schema)
      return { schema: extracted, value: struct === null ? null : structValue(fields, struct, withDefaults) }
    }
  },
}
