import {
  dateFromMs,
  Decimal,
  decimalScale,
  logicalNames,
  MS_PER_DAY,
  timeFromMs,
  type Schema,
} from '../../../../../api/index.ts'
import { isInteger, isList, isObject, numberOf, type Json } from './json.ts'
import type { AvroField, AvroNode } from './nodes.ts'

/**
 * Returns a default of a field, or of `connect.default`, as a value of the Connect schema; undefined if it does not fit the
 * type. `schema` may lack the default itself.
 *
 * Source: AvroData.defaultValueFromAvro. Differs: in Java, optional items of arrays and maps become null, the defaults of
 * maps with other keys than strings are lost, and a value of the wrong type may become another value.
 */
export function defaultValue(schema: Schema, node: AvroNode, json: Json): unknown {
  if (json === null) return undefined
  const value = plainValue(schema, node, json)
  return value === undefined ? undefined : logicalValue(schema, value)
}

function plainValue(schema: Schema, node: AvroNode, json: Json): unknown {
  switch (node.type) {
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined
    case 'int':
      return isInteger(json, schema.type === 'int8' ? 8 : schema.type === 'int16' ? 16 : 32)
        ? json
        : undefined
    case 'long':
      return isInteger(json, 64) ? json : undefined
    case 'float':
    case 'double': {
      const number = numberOf(json)
      return number !== undefined && node.type === 'float' ? Math.fround(number) : number
    }
    case 'string':
      return typeof json === 'string' ? json : undefined
    case 'enum':
      return typeof json === 'string' && node.symbols.includes(json) ? json : undefined
    case 'bytes':
    case 'fixed':
      return typeof json === 'string' ? Buffer.from(json, 'latin1') : undefined
    case 'array':
      return listValue(schema, node.items, json)
    case 'map':
      return mapValue(schema, node.values, json)
    case 'record':
      return structValue(schema, node.fields, json)
    case 'union':
      return unionValue(schema, node.branches, json)
    default:
      return undefined
  }
}

function logicalValue(schema: Schema, value: unknown): unknown {
  switch (schema.name) {
    case logicalNames.decimal:
      return Decimal.fromBytes(value as Buffer, decimalScale(schema))
    case logicalNames.date:
      return dateFromMs((value as number) * MS_PER_DAY)
    case logicalNames.time:
      return timeFromMs(value as number)
    case logicalNames.timestamp:
      return dateFromMs(Number(value))
    default:
      return value
  }
}

/** A value inside another one, where null is a value; undefined if it does not fit. */
function partValue(schema: Schema | null, node: AvroNode, json: Json | undefined): unknown {
  if (schema === null || json === undefined) return undefined
  if (json === null) return schema.optional ? null : undefined
  const other = node.type === 'union' ? node.branches.filter(({ type }) => type !== 'null') : [node]
  const [only] = other
  return other.length === 1 && only !== undefined
    ? defaultValue(schema, only, json)
    : defaultValue(schema, node, json)
}

function allOrNone<T>(values: readonly T[], isMissing: (value: T) => boolean): readonly T[] | undefined {
  return values.some(isMissing) ? undefined : values
}

function listValue(schema: Schema, items: AvroNode, json: Json): unknown {
  if (!isList(json)) return undefined
  if (schema.type === 'map') return entriesValue(schema, items, json)
  const values = json.map((item) => partValue(schema.valueSchema, items, item))
  return allOrNone(values, (value) => value === undefined)
}

/** The default of a map with other keys than strings is a list of pairs. */
function entriesValue({ keySchema, valueSchema }: Schema, entry: AvroNode, json: readonly Json[]): unknown {
  if (entry.type !== 'record') return undefined
  const [key, value] = ['key', 'value'].map((name) => entry.fields.find((field) => field.name === name)?.node)
  if (key === undefined || value === undefined) return undefined
  const entries = json.map((pair) =>
    isList(pair)
      ? ([partValue(keySchema, key, pair[0]), partValue(valueSchema, value, pair[1])] as const)
      : ([undefined, undefined] as const),
  )
  const complete = allOrNone(entries, ([k, v]) => k === undefined || v === undefined)
  return complete === undefined ? undefined : new Map(complete)
}

function mapValue({ valueSchema }: Schema, values: AvroNode, json: Json): unknown {
  if (!isObject(json)) return undefined
  const entries = Object.entries(json).map(
    ([key, item]) => [key, partValue(valueSchema, values, item)] as const,
  )
  const complete = allOrNone(entries, ([, value]) => value === undefined)
  return complete === undefined ? undefined : new Map(complete)
}

function structValue(schema: Schema, fields: readonly AvroField[], json: Json): unknown {
  if (!isObject(json)) return undefined
  const entries = fields.map(({ name, node, defaultValue: other }) => {
    const own = Object.hasOwn(json, name) ? json[name] : other
    return [name, partValue(schema.field(name)?.schema ?? null, node, own)] as const
  })
  const complete = allOrNone(entries, ([, value]) => value === undefined)
  return complete === undefined ? undefined : Object.fromEntries(complete)
}

/** A default of a union is a value of its first type. */
function unionValue(schema: Schema, [first]: readonly AvroNode[], json: Json): unknown {
  const [field] = schema.fields
  if (first === undefined || first.type === 'null' || field === undefined) return undefined
  const value = defaultValue(field.schema, first, json)
  if (value === undefined) return undefined
  return Object.fromEntries(schema.fields.map(({ name }) => [name, name === field.name ? value : null]))
}
