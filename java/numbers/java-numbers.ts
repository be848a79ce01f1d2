import { Decimal } from '../../api/numbers/decimal.ts'
import { asciiDigits } from '../../api/numbers/digits.ts'

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?$/
const NAMED = /^([+-]?)(Infinity|NaN)$/
const HEX = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[dDfF]?$/
const BLANKS = /^[\u0000-\u0020]+|[\u0000-\u0020]+$/g

/** Parses a double like Java's `Double.parseDouble`. Returns undefined if the string is invalid. */
export function parseDouble(text: string): number | undefined {
  const trimmed = text.replace(BLANKS, '')
  if (DECIMAL.test(trimmed)) return Number(trimmed.replace(/[dDfF]$/, ''))
  const [, sign, name] = NAMED.exec(trimmed) ?? []
  if (name === 'NaN') return NaN
  if (name !== undefined) return sign === '-' ? -Infinity : Infinity
  return parseHex(trimmed)
}

/** Parses a float like Java's `Float.parseFloat`: rounds once, from the full precision. */
export function parseFloat32(text: string): number | undefined {
  const trimmed = text.replace(BLANKS, '')
  const decimal = DECIMAL.test(trimmed) ? Decimal.parse(trimmed.replace(/[dDfF]$/, '')) : undefined
  if (decimal !== undefined && decimal.unscaled !== 0n) return toFloat32(decimal)
  const double = parseDouble(trimmed)
  return double === undefined ? undefined : Math.fround(double)
}

function parseHex(text: string): number | undefined {
  const [, sign, whole = '', fraction = '', exponent] = HEX.exec(text) ?? []
  const digits = Number.parseInt(whole + fraction, 16)
  if (exponent === undefined || Number.isNaN(digits)) return undefined
  return (sign === '-' ? -digits : digits) * 2 ** (Number(exponent) - 4 * fraction.length)
}

const view = new DataView(new ArrayBuffer(4))

/** Returns the adjacent float, away from zero or towards zero. */
function neighbour(float: number, step: 1 | -1): number {
  view.setFloat32(0, float)
  view.setUint32(0, view.getUint32(0) + step)
  return view.getFloat32(0)
}

/**
 * Returns the nearest 32-bit float. Rounding to a double first is wrong only if that double is halfway between two
 * floats; in this case, all digits are compared.
 */
export function toFloat32(decimal: Decimal): number {
  const double = decimal.toNumber()
  const float = Math.fround(double)
  if (!Number.isFinite(double) || double === float) return float
  const size = Math.abs(double)
  const [near, away] =
    Math.abs(float) > size
      ? [neighbour(Math.abs(float), -1), Math.abs(float)]
      : [Math.abs(float), neighbour(Math.abs(float), 1)]
  const upper = Number.isFinite(away) ? away : 2 ** 128
  if ((near + upper) / 2 !== size) return float
  const order = compareSize(decimal, size)
  if (order === 0) return float
  return Math.sign(double) * (order > 0 ? away : near)
}

/** Compares the absolute value of a decimal with a double. Returns -1, 0 or 1. */
function compareSize(decimal: Decimal, size: number): number {
  const exact = exactDecimal(size)
  const unscaled = decimal.unscaled < 0n ? -decimal.unscaled : decimal.unscaled
  const scale = Math.max(decimal.scale, exact.scale)
  const left = unscaled * 10n ** BigInt(scale - decimal.scale)
  const right = exact.unscaled * 10n ** BigInt(scale - exact.scale)
  return left < right ? -1 : left > right ? 1 : 0
}

/** Returns the exact decimal value of a positive double. A binary fraction with n bits has n decimal digits. */
function exactDecimal(value: number): Decimal {
  let scale = 0
  let whole = value
  while (!Number.isInteger(whole)) {
    whole *= 2
    scale++
  }
  return new Decimal(BigInt(whole) * 5n ** BigInt(scale), scale)
}

const MAX_INTEGER_DIGITS = 20

/**
 * Parses an integer like Java's `Long.parseLong` and its siblings. Returns undefined if the string is invalid or the
 * value does not fit. Accepts digits of any script in the basic multilingual plane.
 */
export function parseInteger(text: string, bits: 8 | 16 | 32 | 64): bigint | undefined {
  const [, sign, digits = ''] = /^([+-]?)0*([0-9]*)$/.exec(asciiDigits(text)) ?? []
  const none = sign === undefined || text.length === sign.length
  if (none || digits.length > MAX_INTEGER_DIGITS) return undefined
  const value = BigInt(sign === '-' ? `-${digits || '0'}` : digits)
  return BigInt.asIntN(bits, value) === value ? value : undefined
}
