import { ConnectError, Decimal } from '../../../../api/index.ts'

const ZERO = 0x30
const MINUS = 0x2d
const POINT = 0x2e
/** Any integer with this many digits is exact as a double. */
const EXACT_DIGITS = 15

/**
 * Reads a number as PostgreSQL prints it, without an exponent.
 *
 * Throws `HR_DATA_INVALID` for NaN and Infinity, which a Decimal cannot represent.
 */
export function decimalAt(bytes: Buffer, start: number, end: number): Decimal {
  const negative = bytes[start] === MINUS
  let at = negative ? start + 1 : start
  if (end - at > EXACT_DIGITS) return longDecimal(bytes, start, end)
  let value = 0
  let scale = 0
  for (; at < end; at++) {
    const byte = bytes[at]!
    if (byte === POINT) scale = end - at - 1
    else {
      const digit = byte - ZERO
      if (digit < 0 || digit > 9) return longDecimal(bytes, start, end)
      value = value * 10 + digit
    }
  }
  return new Decimal(BigInt(negative ? -value : value), scale)
}

function longDecimal(bytes: Buffer, start: number, end: number): Decimal {
  const text = bytes.toString('latin1', start, end)
  const value = Decimal.parse(text)
  if (value !== undefined) return value
  const remedy = 'set decimal.handling.mode to string or double to capture NaN and Infinity'
  throw new ConnectError(
    'HR_DATA_INVALID',
    `Expected a decimal number but found ${text.slice(0, 100)}; ${remedy}`,
  )
}

/**
 * Returns the same number with another scale. Throws `HR_DATA_INVALID` if that needs rounding. Source:
 * BigDecimal.setScale.
 */
export function withScale(value: Decimal, scale: number): Decimal {
  if (value.scale === scale) return value
  const exact = rescaled(value, scale)
  if (exact !== undefined) return exact
  const message = `The number ${value.toPlainString()} has more than ${scale} fractional digits`
  throw new ConnectError('HR_DATA_INVALID', message)
}

function rescaled({ unscaled, scale: from }: Decimal, scale: number): Decimal | undefined {
  if (scale >= from) return new Decimal(unscaled * 10n ** BigInt(scale - from), scale)
  const divisor = 10n ** BigInt(from - scale)
  return unscaled % divisor === 0n ? new Decimal(unscaled / divisor, scale) : undefined
}

/** Rounds half away from zero. Source: RoundingMode.HALF_UP. */
export function rounded(value: Decimal, scale: number): Decimal {
  if (scale >= value.scale) return withScale(value, scale)
  const divisor = 10n ** BigInt(value.scale - scale)
  const half = divisor / 2n
  const { unscaled } = value
  return new Decimal((unscaled < 0n ? unscaled - half : unscaled + half) / divisor, scale)
}

/** Removes zeros from the end of the fraction. */
export function withoutTrailingZeros(value: Decimal): Decimal {
  let { unscaled, scale } = value
  if (unscaled === 0n) return scale === 0 ? value : new Decimal(0n, 0)
  while (scale > 0 && unscaled % 10n === 0n) {
    unscaled /= 10n
    scale--
  }
  return scale === value.scale ? value : new Decimal(unscaled, scale)
}
