import { ConnectError, invalidValue, Secret, type ConfigType } from '../../api/index.ts'

/** Turns what a user wrote after `….class=` or a short alias into the full class name; undefined: no such class. */
export type ResolveClass = (name: string) => string | undefined

const INTEGER = /^[+-]?\d+$/
const DECIMAL = /^[+-]?(\d+\.?\d*([eE][+-]?\d+)?|\.\d+([eE][+-]?\d+)?|Infinity|NaN)[dDfF]?$/
const HEX_FLOAT = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[dDfF]?$/

const integerLimits = {
  short: [-32_768n, 32_767n],
  int: [-2_147_483_648n, 2_147_483_647n],
  long: [-9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n],
} as const

/**
 * Reads the text of a setting. Null stays null; texts are trimmed, lists split at commas.
 *
 * Throws `HR_CONFIG_INVALID` with Kafka's message when the text is not of the type.
 * Source: ConfigDef.parseType. Differs: a long beyond 2^53 loses its last digits.
 */
export function parseValue(
  key: string,
  type: ConfigType,
  text: string | null,
  resolve?: ResolveClass,
): unknown {
  if (text === null) return null
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
      return parseDouble(key, trimmed, text)
    case 'list':
      return trimmed === '' ? [] : trimmed.split(/[ \t\n\v\f\r]*,[ \t\n\v\f\r]*/)
    case 'class':
      return parseClass(key, trimmed, text, resolve)
    case 'password':
      return new Secret(trimmed)
  }
}

/** Java's trim: all characters up to the space, and only those. */
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

function parseDouble(key: string, trimmed: string, text: string): number {
  if (DECIMAL.test(trimmed)) return Number(trimmed.replace(/[dDfF]$/, ''))
  const hex = HEX_FLOAT.exec(trimmed)
  if (hex !== null) {
    const [, sign, whole = '', fraction = '', exponent] = hex
    const digits = Number.parseInt(whole + fraction, 16)
    if (!Number.isNaN(digits)) {
      return (sign === '-' ? -digits : digits) * 2 ** (Number(exponent) - 4 * fraction.length)
    }
  }
  throw refused(key, text, 'Not a number of type DOUBLE')
}

function parseClass(key: string, trimmed: string, text: string, resolve: ResolveClass | undefined): string {
  const name = resolve === undefined ? trimmed : resolve(trimmed)
  if (name === undefined) throw refused(key, text, `Class ${text} could not be found.`)
  return name
}

function refused(key: string, text: string, reason: string): ConnectError {
  return new ConnectError('HR_CONFIG_INVALID', invalidValue(key, text, reason), { configKey: key })
}
