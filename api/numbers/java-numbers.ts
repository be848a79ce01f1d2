import { Decimal } from './decimal.ts'
import { asciiDigits } from './digits.ts'

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[dDfF]?$/
const NAMED = /^([+-]?)(Infinity|NaN)$/
const HEX = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?\d+)[dDfF]?$/
const BLANKS = /^[\u0000-\u0020]+|[\u0000-\u0020]+$/g

/** Reads a text as Java's `Double.parseDouble`; undefined where that fails. */
export function parseDouble(text: string): number | undefined {
  const trimmed = text.replace(BLANKS, '')
  if (DECIMAL.test(trimmed)) return Number(trimmed.replace(/[dDfF]$/, ''))
  const [, sign, name] = NAMED.exec(trimmed) ?? []
  if (name === 'NaN') return NaN
  if (name !== undefined) return sign === '-' ? -Infinity : Infinity
  return parseHex(trimmed)
}

/** As `Float.parseFloat`: rounded once, from all digits. */
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

/** The float next to a float, away from or towards zero. */
function neighbour(float: number, step: 1 | -1): number {
  view.setFloat32(0, float)
  view.setUint32(0, view.getUint32(0) + step)
  return view.getFloat32(0)
}

/**
 * The nearest 32-bit float. Rounding to a double first goes wrong just where that double lies in the middle between
 * two floats: then all digits decide.
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

/** Whether a decimal's size is below, at or above that of a double. */
function compareSize(decimal: Decimal, size: number): number {
  const exact = exactDecimal(size)
  const unscaled = decimal.unscaled < 0n ? -decimal.unscaled : decimal.unscaled
  const scale = Math.max(decimal.scale, exact.scale)
  const left = unscaled * 10n ** BigInt(scale - decimal.scale)
  const right = exact.unscaled * 10n ** BigInt(scale - exact.scale)
  return left < right ? -1 : left > right ? 1 : 0
}

/** All digits of a positive double. Its fraction is a sum of powers of a half: n of them have n digits. */
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
 * Reads a text as Java's `Long.parseLong` and the like; undefined where that fails or the value has more bits.
 * Digits may be of any script of the basic plane.
 */
export function parseInteger(text: string, bits: 8 | 16 | 32 | 64): bigint | undefined {
  const [, sign, digits = ''] = /^([+-]?)0*([0-9]*)$/.exec(asciiDigits(text)) ?? []
  const none = sign === undefined || text.length === sign.length
  if (none || digits.length > MAX_INTEGER_DIGITS) return undefined
  const value = BigInt(sign === '-' ? `-${digits || '0'}` : digits)
  return BigInt.asIntN(bits, value) === value ? value : undefined
}
