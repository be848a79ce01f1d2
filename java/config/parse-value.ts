import {
  ConnectError,
  invalidValue,
  isBoxedInteger,
  isFloat32,
  isFloat64,
  Secret,
  type ConfigType,
} from '../../api/index.ts'
import { javaClassOf, javaText } from '../../api/data/java-text.ts'
import { parseDouble } from '../numbers/java-numbers.ts'

/** Resolves a class name or alias to the full class name; returns undefined for an unknown class. */
export type ResolveClass = (name: string) => string | undefined

const INTEGER = /^[+-]?\d+$/
const integerLimits = {
  short: [-32_768n, 32_767n],
  int: [-2_147_483_648n, 2_147_483_647n],
  long: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
} as const

/**
 * Parses the value of a setting. Strings are trimmed, lists split at commas. Null stays null. A value that already has
 * the type of the setting is returned unchanged.
 *
 * Throws `HR_CONFIG_INVALID` with Kafka's message when the value does not have the type.
 * Source: ConfigDef.parseType. Differs: a long beyond 2^53 loses precision.
 */
export function parseValue(key: string, type: ConfigType, text: unknown, resolve?: ResolveClass): unknown {
  if (text === null) return null
  if (typeof text !== 'string') return typedValue(key, type, text)
  const trimmed = trim(text)
  switch (type) {
    case 'string':
      return trimmed
    case 'boolean':
      return parseBoolean(key, trimmed, text)
    case 'short':
    case 'int':
    case 'long':
      return parseInteger(key, type, trimmed, text)
    case 'double':
      return parseDouble(trimmed) ?? refuse(key, text, 'Not a number of type DOUBLE')
    case 'list':
      return trimmed === '' ? [] : trimmed.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/)
    case 'class':
      return parseClass(key, trimmed, text, resolve)
    case 'password':
      return new Secret(trimmed)
  }
}

/** Trims characters up to U+0020, as Java's `String.trim` does. */
function trim(text: string): string {
  let start = 0
  let end = text.length
  while (start < end && text.charCodeAt(start) <= 32) start++
  while (start < end && text.charCodeAt(end - 1) <= 32) end--
  return text.slice(start, end)
}

function parseBoolean(key: string, trimmed: string, text: string): boolean {
  const lower = trimmed.toLowerCase()
  if (lower === 'true' || lower === 'false') return lower === 'true'
  throw refused(key, text, 'Expected value to be either true or false')
}

function parseInteger(key: string, type: 'short' | 'int' | 'long', trimmed: string, text: string): number {
  const [low, high] = integerLimits[type]
  const value = INTEGER.test(trimmed) ? BigInt(trimmed.replace('+', '')) : undefined
  if (value === undefined || value < low || value > high) {
    throw refused(key, text, `Not a number of type ${type.toUpperCase()}`)
  }
  return Number(value)
}

function parseClass(key: string, trimmed: string, text: string, resolve: ResolveClass | undefined): string {
  const name = resolve === undefined ? trimmed : resolve(trimmed)
  if (name === undefined) throw refused(key, text, `Class ${text} could not be found.`)
  return name
}

const expectations: Readonly<Record<ConfigType, string>> = {
  string: 'Expected value to be a string, but it was a ',
  boolean: 'Expected value to be either true or false',
  short: 'Expected value to be a 16-bit integer (short), but it was a ',
  int: 'Expected value to be a 32-bit integer, but it was a ',
  long: 'Expected value to be a 64-bit integer (long), but it was a ',
  double: 'Expected value to be a double, but it was a ',
  list: 'Expected a comma separated list.',
  class: 'Expected a Class instance or class name.',
  password: 'Expected value to be a string, but it was a ',
}

/** A plain JavaScript number has no width and matches any numeric type; a boxed number matches only its own type. */
function typedValue(key: string, type: ConfigType, value: unknown): unknown {
  const number = numberOf(value, type)
  if (number !== undefined) return number
  if (type === 'boolean' && typeof value === 'boolean') return value
  if (type === 'list' && Array.isArray(value)) return value
  if (type === 'password' && value instanceof Secret) return value
  const reason = expectations[type]
  throw refused(key, value, reason.endsWith(' a ') ? `${reason}${javaClassOf(value)}` : reason)
}

const boxes: Readonly<Partial<Record<ConfigType, readonly string[]>>> = { long: ['int32'] }

function numberOf(value: unknown, type: ConfigType): number | undefined {
  const limits = type === 'double' ? undefined : integerLimits[type as keyof typeof integerLimits]
  if (type === 'double') return isNumeric(value) ? Number(value) : undefined
  if (limits === undefined) return undefined
  if (isBoxedInteger(value))
    return boxes[type]?.includes(value.type) === true ? Number(value.value) : undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) return undefined
  return value >= limits[0] && value <= limits[1] ? value : undefined
}

const isNumeric = (value: unknown): boolean =>
  typeof value === 'number' || isBoxedInteger(value) || isFloat64(value) || isFloat32(value)

function refused(key: string, text: unknown, reason: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', invalidValue(key, shown(text), reason), { configKey: key })
}

function refuse(key: string, text: unknown, reason: string): never {
  throw refused(key, text, reason)
}

/** Formats boxed numbers as Java does. */
const shown = (value: unknown): unknown =>
  typeof value === 'object' && !Array.isArray(value) ? javaText(value, null) : value
