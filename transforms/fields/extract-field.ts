import { ConnectError, defineConfig, oneOfIgnoringCase } from '../../api/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { isNull, replaceNullWithDefault, requireMap, requireStruct } from '../structs.ts'
import { fieldsOnPath, mapValue, parseFieldPath, structValue } from './field-path.ts'

const PURPOSE = 'field extraction'

const config = defineConfig({
  'field': { type: 'string', importance: 'medium', doc: 'Field to extract.' },
  'replace.null.with.default': replaceNullWithDefault,
  'field.syntax.version': {
    type: 'string',
    default: 'V1',
    validate: oneOfIgnoringCase('V1', 'V2'),
    importance: 'high',
    doc: 'Syntax of the field setting. V1: a top-level field name. V2: a path of field names separated by dots; backticks enclose a name that contains dots.',
  },
})

/** Replaces the whole key or value with the value of one field. Source: ExtractField. */
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
