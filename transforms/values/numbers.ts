import {
  Decimal,
  int64,
  isBoxedInteger,
  isDecimal,
  isFloat32,
  isFloat64,
  type Schema,
} from '../../api/index.ts'
import { toFloat32 } from '../../java/index.ts'

/** A number, independent of its JavaScript representation. */
export type AnyNumber =
  | { readonly kind: 'integer'; readonly value: bigint | number }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'decimal'; readonly value: Decimal }

/** Returns the number that a value of the given schema represents, or undefined if it is not a number. */
export function numberOf(value: unknown, schema: Schema | null): AnyNumber | undefined {
  if (typeof value === 'bigint') return { kind: 'integer', value }
  if (typeof value === 'number') {
    const float = schema === null ? !Number.isSafeInteger(value) : schema.type.startsWith('float')
    return { kind: float ? 'float' : 'integer', value }
  }
  if (isDecimal(value)) return { kind: 'decimal', value }
  if (isFloat64(value) || isFloat32(value)) return { kind: 'float', value: value.value }
  return isBoxedInteger(value) ? { kind: 'integer', value: value.value } : undefined
}

const INT_MAX = 2_147_483_647
const INT_MIN = -2_147_483_648
const LONG_MAX = 2n ** 63n - 1n
const LONG_MIN = -(2n ** 63n)

/** Returns the low 32 bits of an integer or decimal. Clamps a float to 32 bits. Source: Number.intValue. */
export function toInt32({ kind, value }: AnyNumber): number {
  if (kind === 'float') {
    if (Number.isNaN(value)) return 0
    return Math.max(INT_MIN, Math.min(INT_MAX, Math.trunc(value))) + 0
  }
  if (typeof value === 'number' && value === (value | 0)) return value
  return Number(BigInt.asIntN(32, kind === 'decimal' ? value.toLong() : BigInt(value)))
}

export const toInt8 = (number: AnyNumber): number => (toInt32(number) << 24) >> 24
export const toInt16 = (number: AnyNumber): number => (toInt32(number) << 16) >> 16

/** Returns the low 64 bits of an integer or decimal. Clamps a float to 64 bits. Source: Number.longValue. */
export function toInt64({ kind, value }: AnyNumber): number | bigint {
  if (kind === 'decimal') return int64(value.toLong())
  if (kind === 'integer') return int64(value)
  if (Number.isNaN(value)) return 0
  const whole = Math.trunc(value)
  if (Number.isSafeInteger(whole)) return whole + 0
  if (whole >= 2 ** 63) return LONG_MAX
  return whole <= -(2 ** 63) ? LONG_MIN : int64(BigInt(whole))
}

export function toDouble({ kind, value }: AnyNumber): number {
  return kind === 'decimal' ? value.toNumber() : Number(value)
}

/** Rounds once, from the full precision. */
export function toFloat({ kind, value }: AnyNumber): number {
  if (kind === 'decimal') return toFloat32(value)
  return typeof value === 'bigint' ? toFloat32(new Decimal(value, 0)) : Math.fround(value)
}

export type NumericType =
  'int8' | 'int16' | 'int32' | 'int64' | 'float32' | 'float64' | 'decimal' | 'biginteger'

/**
 * Parses a string as a number of the given type. Truncates integers to the width of the type. Returns undefined if the
 * string is not a number.
 *
 * Source: Values.convertToByte and its siblings; the constructors of BigDecimal and BigInteger.
 */
export function convertedNumber(text: string, type: NumericType): number | bigint | Decimal | undefined {
  if (type === 'biginteger') {
    const integer = /^[+-]?\p{Nd}+$/u.test(text) ? Decimal.parse(text) : undefined
    return integer?.unscaled
  }
  const value = Decimal.parse(text)
  if (value === undefined) return undefined
  const long: AnyNumber = { kind: 'integer', value: value.toLong() }
  switch (type) {
    case 'decimal':
      return value
    case 'int8':
      return toInt8(long)
    case 'int16':
      return toInt16(long)
    case 'int32':
      return toInt32(long)
    case 'int64':
      return toInt64(long)
    case 'float32':
      return Math.fround(value.toNumber())
    case 'float64':
      return value.toNumber()
  }
}
