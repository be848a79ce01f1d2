import {
  ConnectError,
  Decimal,
  defineConfig,
  Float32,
  Float64,
  int64,
  isDecimal,
  isFloat32,
  isFloat64,
  javaClassOf,
  nonEmpty,
  type Schema,
} from '../../api/index.ts'
import { perSchema, type FieldTransform } from '../field-transform.ts'
import { nonEmptyFields } from '../rules.ts'
import {
  replaceNullWithDefault,
  requireMap,
  requireStruct,
  setField,
  structCopier,
  type Fields,
} from '../structs.ts'

const PURPOSE = 'mask fields'

const config = defineConfig({
  'fields': { type: 'list', validate: nonEmptyFields, importance: 'high', doc: 'Fields to mask.' },
  'replacement': {
    type: 'string',
    default: null,
    validate: nonEmpty,
    importance: 'low',
    doc: 'What masked numbers and texts become; by default an empty value of their type.',
  },
  'replace.null.with.default': replaceNullWithDefault,
})

/** Gives fields an empty value of their type, or a fixed one. Source: MaskField. */
export const maskField: FieldTransform<typeof config> = {
  name: 'MaskField',
  config,
  create({ fields, replacement, 'replace.null.with.default': withDefaults }) {
    const names = [...new Set(fields)]
    const mask = (value: unknown, schema: Schema | null): unknown => {
      if (value === null || value === undefined) return null
      return replacement === null ? emptyLike(value, schema) : replaced(value, schema, replacement)
    }
    const compiled = perSchema((schema) => ({
      copy: structCopier(schema, withDefaults),
      masked: names.flatMap((name) => schema.field(name) ?? []),
    }))
    return (schema, value) => {
      if (schema === null) {
        const masked: Fields = { ...requireMap(value, PURPOSE) }
        for (const name of names)
          setField(masked, name, mask(Object.hasOwn(masked, name) ? masked[name] : null, null))
        return { schema: null, value: masked }
      }
      const struct = requireStruct(schema, value, PURPOSE)
      const { copy, masked } = compiled(schema)
      const result = copy(struct)
      for (const field of masked) setField(result, field.name, mask(result[field.name], field.schema))
      return { schema, value: result }
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
    case 'number':
      return 0
    default:
      return emptyObject(value as object, schema)
  }
}

function emptyObject(value: object, schema: Schema | null): unknown {
  if (isFloat64(value)) return new Float64(0)
  if (isFloat32(value)) return new Float32(0)
  if (isDecimal(value)) return new Decimal(0n, 0)
  if (value instanceof Date) return new Date(0)
  if (Array.isArray(value)) return []
  if (value instanceof Map) return new Map()
  if (schema?.type === 'struct' || value instanceof Uint8Array) {
    throw invalid(`Cannot mask value of type: ${javaClassOf(value, schema)}`)
  }
  return {}
}

/** A text for a text, a number for a number; nothing else has a replacement. */
function replaced(value: unknown, schema: Schema | null, replacement: string): unknown {
  if (typeof value === 'string') return replacement
  const number = Decimal.parse(replacement.trim())
  if (isNumeric(value)) {
    if (number !== undefined) return numberLike(value, schema, number)
    throw invalid(`Unable to convert ${replacement} (class java.lang.String) to number`)
  }
  throw invalid(`Cannot mask value of type ${javaClassOf(value, schema)} with custom replacement.`)
}

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' ||
  typeof value === 'bigint' ||
  isDecimal(value) ||
  isFloat64(value) ||
  isFloat32(value)

function numberLike(value: unknown, schema: Schema | null, number: Decimal): unknown {
  if (isDecimal(value)) return number
  if (isFloat64(value)) return new Float64(number.toNumber())
  if (isFloat32(value)) return new Float32(number.toNumber())
  switch (schema?.type) {
    case 'float32':
      return Math.fround(number.toNumber())
    case 'float64':
      return number.toNumber()
    case 'int8':
      return Number(BigInt.asIntN(8, number.toBigInt()))
    case 'int16':
      return Number(BigInt.asIntN(16, number.toBigInt()))
    case 'int32':
      return Number(BigInt.asIntN(32, number.toBigInt()))
    default:
      return typeof value === 'number' && !Number.isSafeInteger(value)
        ? number.toNumber()
        : int64(number.toBigInt())
  }
}

function invalid(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message)
}
