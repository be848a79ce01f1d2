import {
  BoxedInteger,
  Decimal,
  defineConfig,
  Float32,
  Float64,
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
  isPlainObject,
  nonEmpty,
  schemalessFloat,
  schemalessTypeOf,
  type Schema,
} from '../../api/index.ts'
import { javaClassOf, mapBuilder, structBuilder } from '../../java/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { names } from '../rules.ts'
import {
  fieldsOf,
  invalid,
  isNull,
  isTextKeyed,
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  sameField,
} from '../structs.ts'
import { convertedNumber, type NumericType } from '../values/numbers.ts'

const PURPOSE = 'mask fields'

const config = defineConfig({
  'fields': { type: 'list', validate: names, importance: 'high', doc: 'Fields to mask.' },
  'replacement': {
    type: 'string',
    default: null,
    validate: nonEmpty,
    importance: 'low',
    doc: 'Replacement for masked strings and numbers. By default, they are replaced with the empty value of their type.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Replaces the values of fields with the empty value of their type or with a fixed value. Source: MaskField. */
export const maskField: FieldTransform<typeof config> = {
  name: 'MaskField',
  config,
  create({ fields, replacement, 'replace.null.with.default': withDefaults }) {
    const mask = (value: unknown, schema: Schema | null): unknown => {
      if (isNull(value)) return null
      return replacement === null ? emptyLike(value, schema) : replaced(value, schema, replacement)
    }
    const compiled = perSchema((schema) =>
      structBuilder(
        fieldsOf(schema).map((field) => ({
          ...sameField(field, withDefaults),
          change: fields.includes(field.name) ? (value) => mask(value, field.schema) : undefined,
        })),
      ),
    )
    const maskNoSchema = (value: unknown): unknown => mask(value, null)
    const schemaless = mapBuilder((keys) =>
      [...new Set([...keys, ...fields])].map((name) => ({
        name,
        from: name,
        change: fields.includes(name) ? maskNoSchema : undefined,
      })),
    )
    return (schema, value) => {
      if (schema === null) {
        const map = requireMap(value, PURPOSE)
        if (isTextKeyed(map)) return { schema, value: schemaless(map) }
        const masked = new Map(map)
        for (const name of fields) masked.set(name, mask(map.get(name), null))
        return { schema, value: masked }
      }
      const struct = requireStruct(schema, value, PURPOSE)
      return { schema, value: compiled(schema)(struct) }
    }
  },
}

function emptyLike(value: unknown, schema: Schema | null): unknown {
  switch (typeof value) {
    case 'boolean':
      return false
    case 'string':
      return ''
    case 'bigint':
      return 0
    case 'number':
      return schema !== null || Number.isSafeInteger(value) ? 0 : new Float64(0)
    default:
      return emptyObject(value, schema)
  }
}

function emptyObject(value: unknown, schema: Schema | null): unknown {
  if (isFloat64(value)) return new Float64(0)
  if (isFloat32(value)) return new Float32(0)
  if (isBoxedInteger(value)) return new BoxedInteger(value.type, 0)
  if (isDecimal(value)) return new Decimal(0n, 0)
  if (value instanceof Date) return new Date(0)
  if (Array.isArray(value)) return []
  if (value instanceof Map) return new Map()
  if (schema?.type !== 'struct' && isPlainObject(value)) return {}
  throw invalid(`Cannot mask value of type: class ${javaClassOf(value, schema)}`)
}

/** Returns the replacement for a string or a number. Throws `HR_DATA_INVALID` for other values. */
function replaced(value: unknown, schema: Schema | null, replacement: string): unknown {
  if (typeof value === 'string') return replacement
  const type = numericType(value, schema)
  if (type === undefined) {
    const found = javaClassOf(value, schema)
    throw invalid(`Cannot mask value of type class ${found} with custom replacement.`)
  }
  const number = convertedNumber(replacement, type)
  if (number === undefined) {
    throw invalid(`Unable to convert ${replacement} (class java.lang.String) to a number`)
  }
  if (schema !== null) return number
  if (type === 'float64') return schemalessFloat(number as number)
  if (type === 'float32') return new Float32(number as number)
  return isBoxedInteger(value) ? new BoxedInteger(value.type, number as number | bigint) : number
}

const numericTypes = ['int8', 'int16', 'int32', 'int64', 'float32', 'float64'] as const

/** Returns the type of a number, or undefined for other values. */
function numericType(value: unknown, schema: Schema | null): NumericType | undefined {
  if (isDecimal(value)) return 'decimal'
  if (isBoxedInteger(value) && value.type === 'biginteger') return 'biginteger'
  const number = typeof value === 'number' || typeof value === 'bigint' || typeof value === 'object'
  if (!number || value instanceof Date) return undefined
  const type = schema?.type ?? schemalessTypeOf(value)
  return numericTypes.find((numeric) => numeric === type)
}
