import {
  dateToDays,
  decimalToBytes,
  Float32,
  logicalNames,
  schemalessFloat,
  timeToMs,
  type Decimal,
  type Schema,
} from '../../../../../api/index.ts'
import { isInteger, isList, isObject, numberOf, type Json } from './json.ts'
import { isAvroMap, isUnion } from './names.ts'
import type { AvroNode } from './nodes.ts'

/**
 * Returns a default of a Connect schema as JSON of Avro; bytes are a string with a character for each byte.
 *
 * Source: AvroData.defaultValueFromConnect.
 */
export function defaultJson(schema: Schema, value: unknown, allowOptionalKeys: boolean): Json {
  if (value === null || value === undefined) return null
  const plain = withoutLogicalType(schema, value)
  const itemJson = (item: unknown): Json =>
    schema.valueSchema === null ? null : defaultJson(schema.valueSchema, item, allowOptionalKeys)
  switch (schema.type) {
    case 'float32':
      return new Float32(plain as number)
    case 'float64':
      return schemalessFloat(plain as number)
    case 'bytes':
      return Buffer.from(plain as Uint8Array).toString('latin1')
    case 'array':
      return (plain as readonly unknown[]).map(itemJson)
    case 'map': {
      const { keySchema } = schema
      const keyJson = (key: unknown): Json =>
        keySchema === null ? null : defaultJson(keySchema, key, allowOptionalKeys)
      const entries = [...(plain as ReadonlyMap<unknown, unknown>)].map(
        ([key, item]) => [keyJson(key), itemJson(item)] as const,
      )
      return isAvroMap(schema, allowOptionalKeys) ? Object.fromEntries(entries) : entries
    }
    case 'struct':
      return structJson(schema, plain as Readonly<Record<string, unknown>>, allowOptionalKeys)
    default:
      return plain as Json
  }
}

function structJson(
  schema: Schema,
  value: Readonly<Record<string, unknown>>,
  allowOptionalKeys: boolean,
): Json {
  const fields = schema.fields.map(
    ({ name, schema: type }) =>
      [name, defaultJson(type, value[name] ?? type.defaultValue, allowOptionalKeys)] as const,
  )
  return isUnion(schema) ? (fields[0]?.[1] ?? null) : Object.fromEntries(fields)
}

function withoutLogicalType(schema: Schema, value: unknown): unknown {
  switch (schema.name) {
    case logicalNames.decimal:
      return decimalToBytes(schema, value as Decimal)
    case logicalNames.date:
      return dateToDays(value as Date)
    case logicalNames.time:
      return timeToMs(value as Date)
    case logicalNames.timestamp:
      return (value as Date).getTime()
    default:
      return value
  }
}

/** Whether Avro allows the default for a field of this type. Source: Schema.isValidDefault of Avro 1.12. */
export function isValidDefault(node: AvroNode, value: Json): boolean {
  switch (node.type) {
    case 'null':
      return value === null
    case 'boolean':
      return typeof value === 'boolean'
    case 'int':
      return isInteger(value, 32)
    case 'long':
      return isInteger(value, 64)
    case 'float':
    case 'double':
      return numberOf(value) !== undefined
    case 'enum':
      return typeof value === 'string' && node.symbols.includes(value)
    case 'array':
      return isList(value) && value.every((item) => isValidDefault(node.items, item))
    case 'map':
      return isObject(value) && Object.values(value).every((item) => isValidDefault(node.values, item))
    case 'union':
      return node.branches.some((branch) => isValidDefault(branch, value))
    case 'record':
      return (
        isObject(value) &&
        node.fields.every(({ name, node: type, defaultValue }) => {
          const item = Object.hasOwn(value, name) ? value[name] : defaultValue
          return item !== undefined && isValidDefault(type, item)
        })
      )
    default:
      return typeof value === 'string'
  }
}
