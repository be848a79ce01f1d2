import {
  doubleText,
  floatText,
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
} from '../../api/numbers/index.ts'
import { javaClassOf } from '../../api/data/java-text.ts'
import { Shapes } from '../structs/shapes.ts'
import { ConnectError } from '../../api/errors.ts'
import { jsonString } from './text.ts'
import { structWriter } from './struct-writer.ts'

/** Formats a double like Jackson. Values that JSON has no number for become strings, such as `"NaN"`. */
export function jsonDouble(value: number): string {
  return Number.isFinite(value) ? doubleText(value) : `"${value}"`
}

/** Formats a 32-bit float like Jackson, with fewer digits than a double. */
export function jsonFloat(value: number): string {
  return Number.isFinite(value) ? floatText(value) : `"${value}"`
}

/**
 * Serializes a schemaless value like Kafka Connect's JsonConverter: compact and exact, with doubles in Java's format.
 *
 * Throws `HR_DATA_INVALID` for values that have no schemaless form, such as a Date.
 */
export function printJson(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return jsonString(value)
    case 'number':
      return Number.isSafeInteger(value) ? String(value) : jsonDouble(value)
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'object':
      return value === null ? 'null' : printObject(value)
    default:
      return value === undefined ? 'null' : refuse(value)
  }
}

function printObject(value: object): string {
  const prototype = Object.getPrototypeOf(value) as unknown
  if (prototype === Object.prototype || prototype === null) return printFields(value as Fields)
  if (Array.isArray(value)) return `[${value.map(printJson).join()}]`
  if (value instanceof Uint8Array) return `"${Buffer.from(value).toString('base64')}"`
  if (isFloat64(value)) return jsonDouble(value.value)
  if (isFloat32(value)) return jsonFloat(value.value)
  if (isBoxedInteger(value)) return value.type === 'biginteger' ? refuse(value) : String(value)
  if (isDecimal(value) || value instanceof Date) return refuse(value)
  if (value instanceof Map) return printMap(value)
  return printFields(value as Fields)
}

type Fields = Readonly<Record<string, unknown>>

/** Most objects have the same fields. Generated code that names the fields is several times faster than a loop. */
const writers = new Shapes((keys) => structWriter(keys.map((name) => ({ name, write: printJson }))))

function printFields(fields: Fields): string {
  const keys = Object.keys(fields)
  const write = writers.of(keys)
  if (write !== undefined) return write(fields)
  let json = '{'
  for (const key of keys) {
    json += json.length === 1 ? `${jsonString(key)}:` : `,${jsonString(key)}:`
    json += printJson(fields[key])
  }
  return `${json}}`
}

/** Writes a map as an object if all keys are strings, and otherwise as an array of pairs. */
function printMap(map: ReadonlyMap<unknown, unknown>): string {
  const entries = [...map]
  if (entries.every(([key]) => typeof key === 'string')) {
    return `{${entries.map(([key, item]) => `${jsonString(key as string)}:${printJson(item)}`).join()}}`
  }
  return `[${entries.map(([key, item]) => `[${printJson(key)},${printJson(item)}]`).join()}]`
}

function refuse(value: unknown): never {
  const message = `Java class ${javaClassOf(value)} does not have corresponding schema type.`
  throw new ConnectError('HR_DATA_INVALID', message)
}
