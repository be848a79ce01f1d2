import { isBoxedInteger } from '../data/boxed-integer.ts'
import { isDecimal } from '../data/decimal.ts'
import { isFloat32, isFloat64 } from '../data/floats.ts'
import { doubleText, floatText, javaClassOf } from '../data/java-text.ts'
import { ConnectError } from '../errors.ts'

/** Nothing that a JSON string has to escape; a lone surrogate is left to the slower way. */
const PLAIN = /^[^"\\\u0000-\u001f\ud800-\udfff]*$/

const SPECIAL = /\\u|[\ud800-\udfff]/
const ESCAPED = /\\\\|\\u[0-9a-f]{4}|[\ud800-\udfff]/g

function escaped(found: string): string {
  if (found === '\\\\') return found
  const digits = found.length === 1 ? found.charCodeAt(0).toString(16) : found.slice(2)
  return `\\u${digits.toUpperCase()}`
}

/**
 * A JSON string as Jackson writes it: as `JSON.stringify` does, but with capitals in `\u001F`, and with what lies
 * beyond the basic plane as two escapes.
 */
export function jsonString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  const json = JSON.stringify(text)
  return SPECIAL.test(json) ? json.replaceAll(ESCAPED, escaped) : json
}

/** A double as Jackson writes it. What is no number goes as text: `"NaN"`. */
export function jsonDouble(value: number): string {
  return Number.isFinite(value) ? doubleText(value) : `"${value}"`
}

/** A 32-bit float as Jackson writes it, with fewer digits than a double. */
export function jsonFloat(value: number): string {
  return Number.isFinite(value) ? floatText(value) : `"${value}"`
}

/**
 * Writes a schemaless value as Kafka Connect's JsonConverter does: compact, exact, doubles in Java's notation.
 *
 * Throws `HR_DATA_INVALID` for what has no schemaless form, such as a Date.
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

function printFields(fields: Fields): string {
  let json = '{'
  for (const key of Object.keys(fields)) {
    json += json.length === 1 ? fieldHead(key) : `,${fieldHead(key)}`
    json += printJson(fields[key])
  }
  return `${json}}`
}

const MOST_HEADS = 1000
/** Names of fields as they stand in JSON: the same few come again with every record. */
const heads = new Map<string, string>()

function fieldHead(name: string): string {
  let head = heads.get(name)
  if (head === undefined) {
    head = `${jsonString(name)}:`
    if (heads.size < MOST_HEADS) heads.set(name, head)
  }
  return head
}

/** With text keys an object, else a list of pairs. */
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
