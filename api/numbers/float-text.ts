import { FLOAT32, FLOAT64, floatDigits, type FloatFormat } from './float-digits.ts'

/*
 * Most numbers have Java's text also as their shortest one, which the engine prints fast. Those for which the two can
 * differ, such as large integers and powers of two, are left to `floatDigits`.
 */

const PLAIN_FROM = 1e-3
const PLAIN_BELOW = 1e7
/** Beyond, no decimal of up to 17 digits is exactly halfway between two 64-bit floats. */
const BEYOND_HALVES = 1e41
const FLOAT64_NORMAL = 2 ** -1022
const FLOAT32_INTEGERS = 2 ** 24
const FLOAT32_NORMAL = 2 ** -126

/** Formats a 64-bit float like Java 17: `1.0`, `1.0E10`, `NaN`. Source: Double.toString. */
export function doubleText(value: number): string {
  const size = Math.abs(value)
  if (size >= PLAIN_FROM && size < PLAIN_BELOW) {
    return Number.isInteger(value) ? `${value}.0` : String(value)
  }
  const edge = edgeText(value)
  if (edge !== undefined) return edge
  const isLarge = size > Number.MAX_SAFE_INTEGER && size < BEYOND_HALVES
  const hasShortest = !isLarge && size > FLOAT64_NORMAL && !isPowerOfTwo(size)
  return hasShortest ? scientific(shortestFloat64(value)) : exactText(value, FLOAT64)
}

/** Formats a 32-bit float like Java 17, with fewer digits than a double. Source: Float.toString. */
export function floatText(value: number): string {
  const float = Math.fround(value)
  const size = Math.abs(float)
  const isPlain = size >= PLAIN_FROM && size < PLAIN_BELOW
  if (isPlain && Number.isInteger(float)) return `${float}.0`
  const edge = edgeText(float)
  if (edge !== undefined) return edge
  const hasShortest = size < FLOAT32_INTEGERS && size > FLOAT32_NORMAL && !isPowerOfTwo(size)
  const short = hasShortest ? shortestFloat32(float) : undefined
  if (short === undefined) return exactText(float, FLOAT32)
  if (isPlain) return Number.isInteger(short) ? `${short}.0` : String(short)
  return scientific(twoDigits(float, Math.fround) ?? short.toExponential())
}

function edgeText(value: number): string | undefined {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  return Number.isFinite(value) ? undefined : String(value)
}

const view = new DataView(new ArrayBuffer(8))

/** The interval of decimals below a power of two is only half as large as the one above. */
function isPowerOfTwo(size: number): boolean {
  view.setFloat64(0, size)
  return view.getUint32(4) === 0 && (view.getUint32(0) & 0xf_ff_ff) === 0
}

/** The shortest decimal with an exponent. Java prints at least two digits: those that are nearest to the value. */
function shortestFloat64(value: number): string {
  return twoDigits(value, Number) ?? value.toExponential()
}

function twoDigits(value: number, round: (value: number) => number): string | undefined {
  const text = value.toExponential(1)
  return round(Number(text)) === value ? text : undefined
}

/**
 * The double with the shortest decimal that is nearest to a normal 32-bit float. Undefined if two decimals are as near:
 * then Java takes the even one.
 */
function shortestFloat32(float: number): number | undefined {
  // A decimal of up to six digits is the only one of its float
  for (let digits = 6; digits < 9; digits++) {
    const decimal = Number(float.toPrecision(digits))
    if (Math.fround(decimal) === float) return isHalfway(float, decimal, digits) ? undefined : decimal
  }
  return Number(float.toPrecision(9))
}

const MOST_BITS_OF_TEN_DIGITS = 2 ** 14

function isHalfway(float: number, decimal: number, digits: number): boolean {
  return (
    decimal !== float &&
    Number.isInteger(float * MOST_BITS_OF_TEN_DIGITS) &&
    Number(float.toPrecision(digits + 1)) === float
  )
}

function exactText(value: number, format: FloatFormat): string {
  const { digits, exponent } = floatDigits(Math.abs(value), format)
  const sign = value < 0 ? '-' : ''
  if (exponent <= -3 || exponent > 7) return `${sign}${digits[0]}.${digits.slice(1) || '0'}E${exponent - 1}`
  const whole = digits.slice(0, Math.max(0, exponent)).padEnd(exponent, '0') || '0'
  const fraction = '0'.repeat(Math.max(0, -exponent)) + digits.slice(Math.max(0, exponent))
  return `${sign}${whole}.${fraction || '0'}`
}

/** `1e+21` → `1.0E21`. */
function scientific(exponential: string): string {
  const [mantissa = '', exponent = ''] = exponential.split('e')
  const point = mantissa.includes('.') ? mantissa : `${mantissa}.0`
  return `${point}E${exponent.replace('+', '')}`
}
