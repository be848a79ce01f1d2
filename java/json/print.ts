import {
  type Decimal,
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

type Print = (value: unknown) => string

/** The values that Kafka Connect's JsonConverter and Jackson's ObjectMapper write differently. */
interface PrintRules {
  decimal(value: Decimal): string
  date(value: Date): string
  bigInteger(value: object): string
  map(value: ReadonlyMap<unknown, unknown>, print: Print): string
}

type Fields = Readonly<Record<string, unknown>>

/** Creates a function that serializes schemaless values. */
export function jsonPrinter(rules: PrintRules): Print {
  /** Most objects have the same fields. Generated code that names the fields is several times faster than a loop. */
  const writers = new Shapes((keys) => structWriter(keys.map((name) => ({ name, write: print }))))

  function print(value: unknown): string {
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
        return value === undefined ? 'null' : refuseToPrint(value)
    }
  }

  function printObject(value: object): string {
    const prototype = Object.getPrototypeOf(value) as unknown
    if (prototype === Object.prototype || prototype === null) return printFields(value as Fields)
    if (Array.isArray(value)) return `[${value.map(print).join()}]`
    if (value instanceof Uint8Array) return base64Json(value)
    if (isFloat64(value)) return jsonDouble(value.value)
    if (isFloat32(value)) return jsonFloat(value.value)
    if (isBoxedInteger(value)) return value.type === 'biginteger' ? rules.bigInteger(value) : String(value)
    if (isDecimal(value)) return rules.decimal(value)
    if (value instanceof Date) return rules.date(value)
    if (value instanceof Map) return rules.map(value, print)
    return printFields(value as Fields)
  }

  function printFields(fields: Fields): string {
    const keys = Object.keys(fields)
    const write = writers.of(keys)
    if (write !== undefined) return write(fields)
    let json = '{'
    for (const key of keys) {
      json += json.length === 1 ? `${jsonString(key)}:` : `,${jsonString(key)}:`
      json += print(fields[key])
    }
    return `${json}}`
  }

  return print
}

/** Serializes bytes as a base64 string. */
export const base64Json = (bytes: Uint8Array): string =>
  `"${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64')}"`

/**
 * Serializes a schemaless value like Kafka Connect's JsonConverter: compact and exact, with doubles in Java's format.
 *
 * Throws `HR_DATA_INVALID` for values that have no schemaless form, such as a Date.
 */
export const printJson = jsonPrinter({
  decimal: refuseToPrint,
  date: refuseToPrint,
  bigInteger: refuseToPrint,
  map: printMap,
})

/** Writes a map as an object if all keys are strings, and otherwise as an array of pairs. */
function printMap(map: ReadonlyMap<unknown, unknown>, print: Print): string {
  const entries = [...map]
  if (entries.every(([key]) => typeof key === 'string')) {
    return `{${entries.map(([key, item]) => `${jsonString(key as string)}:${print(item)}`).join()}}`
  }
  return `[${entries.map(([key, item]) => `[${print(key)},${print(item)}]`).join()}]`
}

function refuseToPrint(value: unknown): never {
  const message = `Java class ${javaClassOf(value)} does not have corresponding schema type.`
  throw new ConnectError('HR_DATA_INVALID', message)
}
