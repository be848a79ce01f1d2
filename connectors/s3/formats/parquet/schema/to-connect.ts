import {
  ConnectError,
  dateSchema,
  decimalSchema,
  makeSchema,
  timeSchema,
  timestampSchema,
  type Schema,
  type SchemaInit,
} from '../../../../../api/index.ts'
import {
  elementOf,
  isGroup,
  repeatedOf,
  type GroupType,
  type ParquetType,
  type PrimitiveType,
} from './parquet-type.ts'

/** Precision that Confluent's AvroData assumes if a schema names none. */
const USUAL_PRECISION = 64
const PRECISION = 'connect.decimal.precision'

/**
 * Returns the Connect schema for files that store none. Types without an equivalent become the next larger one; times and
 * timestamps have milliseconds, whatever the file has.
 *
 * Throws `HR_DATA_INVALID` for a schema that cannot be represented.
 */
export function connectSchemaFor(root: GroupType): Schema {
  return structOf(root, false)
}

function schemaOf(type: ParquetType): Schema {
  // A repeated type outside of a list is a required list of required elements.
  if (type.repetition === 'REPEATED') return arrayOf(presentSchema(type, false), false)
  return presentSchema(type, type.repetition === 'OPTIONAL')
}

function presentSchema(type: ParquetType, optional: boolean): Schema {
  if (!isGroup(type)) return primitiveOf(type, optional)
  const list = repeatedOf(type, 'LIST')
  if (list !== undefined) {
    const element = elementOf(list, type.name)
    return arrayOf(element === list ? presentSchema(element, false) : schemaOf(element), optional)
  }
  const entry = repeatedOf(type, 'MAP')
  const [key, value, ...more] = entry !== undefined && isGroup(entry) ? entry.fields : []
  if (key !== undefined && value !== undefined && more.length === 0) {
    return makeSchema({ type: 'map', optional, keySchema: schemaOf(key), valueSchema: schemaOf(value) })
  }
  return structOf(type, optional)
}

const arrayOf = (valueSchema: Schema, optional: boolean): Schema =>
  makeSchema({ type: 'array', optional, valueSchema })

function structOf({ name, fields }: GroupType, optional: boolean): Schema {
  if (fields.length === 0) throw new ConnectError('HR_DATA_INVALID', `The group "${name}" has no fields`)
  return makeSchema({
    type: 'struct',
    optional,
    fields: fields.map((field) => [field.name, schemaOf(field)] as const),
  })
}

function primitiveOf(type: PrimitiveType, optional: boolean): Schema {
  const { annotation, physical } = type
  switch (annotation?.kind) {
    case 'DECIMAL':
      return decimalOf(annotation.precision, annotation.scale, optional)
    case 'DATE':
      return dateSchema({ optional })
    case 'TIME':
      return timeSchema({ optional })
    case 'TIMESTAMP':
      return timestampSchema({ optional })
    case 'STRING':
    case 'ENUM':
    case 'JSON':
    case 'UUID':
      return makeSchema({ type: 'string', optional })
    case 'FLOAT16':
      return makeSchema({ type: 'float32', optional })
    case 'INTEGER':
      return integerOf(annotation.bits, annotation.signed, optional)
    default:
      return physical === 'INT96'
        ? timestampSchema({ optional })
        : makeSchema({ type: plainTypes[physical], optional })
  }
}

const plainTypes = {
  BOOLEAN: 'boolean',
  INT32: 'int32',
  INT64: 'int64',
  FLOAT: 'float32',
  DOUBLE: 'float64',
  BYTE_ARRAY: 'bytes',
  FIXED_LEN_BYTE_ARRAY: 'bytes',
} as const satisfies Readonly<Partial<Record<PrimitiveType['physical'], SchemaInit['type']>>>

/** Unsigned integers have the next larger type, those with 64 bits are decimals. */
function integerOf(bits: number, signed: boolean, optional: boolean): Schema {
  const needed = signed ? bits : bits * 2
  if (needed > 64) return decimalSchema(0, { optional })
  return makeSchema({
    type: needed <= 8 ? 'int8' : needed <= 16 ? 'int16' : needed <= 32 ? 'int32' : 'int64',
    optional,
  })
}

function decimalOf(precision: number, scale: number, optional: boolean): Schema {
  const parameters: Readonly<Record<string, string>> =
    precision === USUAL_PRECISION ? {} : { [PRECISION]: String(precision) }
  return decimalSchema(scale, { optional, parameters })
}
