/*
 * The digits of floats as Java prints them before version 19. They are not always the shortest ones: integers of more bits
 * than the significand has lose only the digits that their size implies, and powers of two get a narrower interval.
 * Source: FloatingDecimal of Java 17. The tests compare with its recorded text.
 */

/** The decimal digits of a positive number: 0.d₁d₂d₃… × 10^exponent. */
export interface FloatDigits {
  readonly digits: string
  readonly exponent: number
}

/** A positive number as fraction × 2^(exponent − 52), where the fraction has 53 bits. */
interface Binary {
  readonly fraction: bigint
  readonly exponent: number
  /** How many of the 53 bits the format can store: fewer for subnormal numbers and 32-bit floats. */
  readonly precision: number
}

/** The bits of a significand, and the exponent of the smallest normal number. */
export interface FloatFormat {
  readonly bits: number
  readonly smallest: number
}

export const FLOAT64: FloatFormat = { bits: 53, smallest: -1022 }
export const FLOAT32: FloatFormat = { bits: 24, smallest: -126 }

/** Returns the digits of a positive, finite number of the format. */
export function floatDigits(value: number, format: FloatFormat): FloatDigits {
  const binary = binaryOf(value, format)
  const { fraction, exponent } = binary
  const isInteger = exponent >= 52 || fraction % (1n << BigInt(52 - Math.max(exponent, -1))) === 0n
  return exponent >= 0 && exponent <= 62 && isInteger ? integerDigits(binary) : shortDigits(binary)
}

const view = new DataView(new ArrayBuffer(8))

function binaryOf(value: number, { bits, smallest }: FloatFormat): Binary {
  view.setFloat64(0, value)
  const biased = view.getUint16(0) >> 4
  const stored = view.getBigUint64(0) & ((1n << 52n) - 1n)
  const missing = biased === 0 ? 53 - stored.toString(2).length : 0
  const fraction = biased === 0 ? stored << BigInt(missing) : stored | (1n << 52n)
  const exponent = (biased === 0 ? -1022 : biased - 1023) - missing
  return { fraction, exponent, precision: bits - Math.max(0, smallest - exponent) }
}

/** All digits of an integer, except for as many as 2^n has after its first one, if n bits are below the precision. */
function integerDigits({ fraction, exponent, precision }: Binary): FloatDigits {
  const value = exponent >= 52 ? fraction << BigInt(exponent - 52) : fraction >> BigInt(52 - exponent)
  const excess = exponent > precision ? exponent - precision - 1 : 0
  const dropped = excess > 1 ? String(2n ** BigInt(excess)).length - 1 : 0
  const unit = 10n ** BigInt(dropped)
  const digits = String((value + (dropped === 0 ? 0n : unit / 2n)) / unit)
  return { digits: digits.replace(/0+$/, ''), exponent: digits.length + dropped }
}

/** value = rest ÷ unit × 10^exponent; margin ÷ unit is half the distance to the next number. */
interface Scaled {
  readonly rest: bigint
  readonly unit: bigint
  readonly margin: bigint
  readonly exponent: number
  /** The bits of the integers with which Java computes; undefined if they are not limited. */
  readonly width: 32 | 64 | undefined
}

function scale({ fraction, exponent, precision }: Binary): Scaled {
  const zeros = trailingZeros(fraction)
  const bits = 53 - zeros
  const tiny = Math.max(0, bits - exponent - 1)
  const power = estimatedPower(fraction, exponent)
  const fives = Math.max(0, -power)
  const unitFives = Math.max(0, power)
  let twos = fives + tiny + exponent
  let unitTwos = unitFives + tiny
  let marginTwos = twos - precision
  twos -= bits - 1
  const shared = Math.min(twos, unitTwos)
  twos -= shared
  unitTwos -= shared
  marginTwos -= shared
  // The next smaller number is only half as far from a power of two
  if (bits === 1) marginTwos--
  const lift = Math.max(0, -marginTwos)
  twos += lift
  unitTwos += lift
  const size = Math.max(bits + twos + bitsOfFive(fives), unitTwos + 1 + bitsOfFive(unitFives + 1))
  return {
    rest: ((fraction >> BigInt(zeros)) * 5n ** BigInt(fives)) << BigInt(twos),
    unit: (5n ** BigInt(unitFives)) << BigInt(unitTwos),
    margin: (5n ** BigInt(fives)) << BigInt(marginTwos + lift),
    exponent: power,
    width: size < 32 ? 32 : size < 64 ? 64 : undefined,
  }
}

/** Generates digits until they identify the number, and rounds the last one. */
function shortDigits(binary: Binary): FloatDigits {
  const { unit, width, ...scaled } = scale(binary)
  const tens = unit * 10n
  let { rest, margin, exponent } = scaled
  let low = false
  let high = false
  const digits: number[] = []
  const next = (): number => {
    const digit = Number(rest / unit)
    rest = (rest % unit) * 10n
    margin = wrap(margin * 10n, width)
    low = rest < margin || margin <= 0n
    high = width === undefined ? rest + margin >= tens : margin <= 0n || wrap(rest + margin, width) > tens
    return digit
  }
  const first = next()
  if (first === 0 && !high) exponent--
  else digits.push(first)
  // A text with an exponent has at least two digits
  if (exponent < -3 || exponent >= 8) low = high = false
  while (!low && !high) digits.push(next())
  const order = low ? rest * 2n - tens : 1n
  const odd = ((digits.at(-1) ?? 0) & 1) === 1
  const up = high && (order > 0n || (order === 0n && odd))
  return up ? roundedUp(digits, exponent + 1) : { digits: digits.join(''), exponent: exponent + 1 }
}

/** The margin overflows in Java, too, which changes the last digit of a few numbers. */
const wrap = (value: bigint, width: 32 | 64 | undefined): bigint =>
  width === undefined ? value : BigInt.asIntN(width, value)

function roundedUp(digits: number[], exponent: number): FloatDigits {
  const last = digits.findLastIndex((digit) => digit !== 9)
  const zeros = '0'.repeat(digits.length - 1 - Math.max(last, 0))
  if (last < 0) return { digits: `1${zeros}`, exponent: exponent + 1 }
  const kept = digits.slice(0, last).join('')
  return { digits: `${kept}${(digits[last] ?? 0) + 1}${zeros}`, exponent }
}

function trailingZeros(fraction: bigint): number {
  const text = fraction.toString(2)
  return text.length - 1 - text.lastIndexOf('1')
}

/** The length of 5^n; for large n an upper bound. */
function bitsOfFive(n: number): number {
  return n < 27 ? (5n ** BigInt(n)).toString(2).length : 3 * n
}

/** The power of ten of the first digit, or one more: the tangent of the logarithm at 1.5. */
function estimatedPower(fraction: bigint, exponent: number): number {
  const significand = Number(fraction) / 2 ** 52
  return Math.floor((significand - 1.5) * 0.289_529_654 + 0.176_091_259 + exponent * 0.301_029_995_663_981)
}
