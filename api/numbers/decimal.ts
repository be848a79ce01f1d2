import { asciiDigits } from './digits.ts'

const DECIMAL = Symbol.for('headrace.decimal')
const DIGITS = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/

/** An exact decimal number, `unscaled × 10^-scale`, like Java's BigDecimal. */
export class Decimal {
  readonly [DECIMAL] = true
  readonly unscaled: bigint
  readonly scale: number

  constructor(unscaled: bigint, scale: number) {
    this.unscaled = unscaled
    this.scale = scale
  }

  /** Parses a number such as `12.50` or `-1e3`. Returns undefined if the string is not a number. */
  static parse(text: string): Decimal | undefined {
    const match = DIGITS.exec(asciiDigits(text))
    if (match === null) return undefined
    const [, sign, whole = '', fraction = '', exponent = '0'] = match
    if (whole === '' && fraction === '') return undefined
    const scale = fraction.length - Number(exponent)
    if (!Number.isSafeInteger(scale) || Math.abs(scale) > 2_147_483_647) return undefined
    const digits = BigInt(whole + fraction)
    return new Decimal(sign === '-' ? -digits : digits, scale)
  }

  /** Decodes big-endian two's complement, the serialized form of the Decimal logical type. */
  static fromBytes(bytes: Uint8Array, scale: number): Decimal {
    if (bytes.length === 0) return new Decimal(0n, scale)
    const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
    return new Decimal(BigInt.asIntN(bytes.length * 8, BigInt(`0x${hex}`)), scale)
  }

  toBytes(): Buffer {
    let size = 1
    while (BigInt.asIntN(size * 8, this.unscaled) !== this.unscaled) size++
    const hex = BigInt.asUintN(size * 8, this.unscaled).toString(16)
    return Buffer.from(hex.padStart(size * 2, '0'), 'hex')
  }

  equals(other: Decimal): boolean {
    return this.unscaled === other.unscaled && this.scale === other.scale
  }

  toNumber(): number {
    return Number(`${this.unscaled}e${-this.scale}`)
  }

  /** Returns the integer part, truncated towards zero. */
  toBigInt(): bigint {
    if (this.scale <= 0) return this.unscaled * 10n ** BigInt(-this.scale)
    return this.unscaled / 10n ** BigInt(this.scale)
  }

  /** Returns the low 64 bits of the integer part. Source: BigDecimal.longValue. */
  toLong(): bigint {
    if (this.scale <= -64 || this.unscaled === 0n) return 0n
    if (this.scale > 0 && this.scale > String(this.unscaled).length) return 0n
    return BigInt.asIntN(64, this.toBigInt())
  }

  toPlainString(): string {
    const sign = this.unscaled < 0n ? '-' : ''
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString()
    if (this.scale <= 0) return this.unscaled === 0n ? '0' : sign + digits + '0'.repeat(-this.scale)
    const padded = digits.padStart(this.scale + 1, '0')
    return `${sign}${padded.slice(0, -this.scale)}.${padded.slice(-this.scale)}`
  }

  /** Uses an exponent if the scale is negative or the number is very small. Source: BigDecimal.toString. */
  toString(): string {
    const sign = this.unscaled < 0n ? '-' : ''
    const digits = (this.unscaled < 0n ? -this.unscaled : this.unscaled).toString()
    const exponent = digits.length - 1 - this.scale
    if (this.scale === 0) return sign + digits
    if (this.scale > 0 && exponent >= -6) return this.toPlainString()
    const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits
    return `${sign}${mantissa}${exponent === 0 ? '' : `E${exponent > 0 ? '+' : ''}${exponent}`}`
  }
}

/** Whether a value is a {@link Decimal}, including one of another copy of this package. */
export function isDecimal(value: unknown): value is Decimal {
  return typeof value === 'object' && value !== null && DECIMAL in value
}
