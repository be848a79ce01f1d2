import { BYTES, Decimal, INT32, logicalNames } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'
import type { ValueSettings } from '../settings.ts'
import { decimalAt, withoutTrailingZeros, withScale } from './decimals.ts'
import { floatAt, float64Reader } from './floats.ts'
import { placeholderText, textAt } from './text.ts'

/** The size of the header that is part of a modifier. */
const MODIFIER_OFFSET = 4

/** Precision and scale of a numeric type; the scale can be negative. */
export interface NumericModifier {
  readonly precision: number
  readonly scale: number
}

/** Decodes the modifier of numeric. Returns undefined for numbers of any scale. */
export function numericModifier(typmod: number): NumericModifier | undefined {
  if (typmod < MODIFIER_OFFSET) return undefined
  const packed = typmod - MODIFIER_OFFSET
  const scale = packed & 0x7ff
  return { precision: (packed >> 16) & 0xffff, scale: scale >= 0x400 ? scale - 0x800 : scale }
}

/**
 * Numbers of arbitrary precision, by `decimal.handling.mode`.
 *
 * Source: PostgresValueConverter.convertDecimal. Differs: a negative scale stays negative; Debezium reads the modifier of
 * numeric(5,-2) as the scale 2046.
 */
export function numericReader(typmod: number, settings: ValueSettings): BaseReader {
  const modifier = numericModifier(typmod)
  switch (settings.decimalMode) {
    case 'double':
      return floatingNumbers(modifier)
    case 'string':
      return plainNumbers(modifier, settings)
    case 'precise':
      return modifier === undefined ? anyScale : fixedScale(modifier)
  }
}

/** A default that does not fit the scale is no default. */
function floatingNumbers(modifier: NumericModifier | undefined): BaseReader {
  return {
    ...float64Reader,
    read: floatAt,
    parseDefault: (text) => decimalDefault(text, modifier?.scale)?.toNumber(),
  }
}

const NOT_A_NUMBER = 0x4e
const INFINITY = 0x49
const MINUS = 0x2d

function plainNumbers(modifier: NumericModifier | undefined, settings: ValueSettings): BaseReader {
  return {
    schema: { type: 'string' },
    read(bytes, start, end) {
      const first = bytes[start]
      if (first === NOT_A_NUMBER) return 'NAN'
      if (first === INFINITY) return 'POSITIVE_INFINITY'
      if (first === MINUS && bytes[start + 1] === INFINITY) return 'NEGATIVE_INFINITY'
      return textAt(bytes, start, end)
    },
    unavailable: placeholderText(settings),
    zero: new Decimal(0n, modifier?.scale ?? 0).toPlainString(),
    parseDefault: (text) => decimalDefault(text, modifier?.scale)?.toPlainString(),
    generatedDefault: '0.0',
  }
}

function decimalDefault(text: string, scale: number | undefined): Decimal | undefined {
  const value = Decimal.parse(text.trim())
  if (value === undefined || scale === undefined) return value
  try {
    return withScale(value, scale)
  } catch {
    return undefined
  }
}

function fixedScale({ precision, scale }: NumericModifier): BaseReader {
  const parameters = { 'scale': String(scale), 'connect.decimal.precision': String(precision) }
  return {
    schema: { type: 'bytes', name: logicalNames.decimal, version: 1, parameters },
    read: (bytes, start, end) => withScale(decimalAt(bytes, start, end), scale),
    unavailable: null,
    zero: new Decimal(0n, scale),
    parseDefault: (text) => decimalDefault(text, scale),
    generatedDefault: '0.0',
  }
}

/** Numbers with their own scale. A struct cannot be a default. Source: VariableScaleDecimal. */
const anyScale: BaseReader = {
  schema: {
    type: 'struct',
    name: 'io.debezium.data.VariableScaleDecimal',
    version: 1,
    doc: 'Variable scaled decimal',
    fields: [
      ['scale', INT32],
      ['value', BYTES],
    ],
  },
  read: variableAt,
  unavailable: null,
  zero: { scale: 0, value: Buffer.from([0]) },
}

const ZERO = 0x30
const POINT = 0x2e
/** Any integer with this many digits is exact as a double. */
const EXACT_DIGITS = 15

/** Numbers with few digits do not need big integers, which take most of the time otherwise. */
function variableAt(bytes: Buffer, start: number, end: number): object {
  const negative = bytes[start] === MINUS
  const first = negative ? start + 1 : start
  if (end - first > EXACT_DIGITS) return longVariable(bytes, start, end)
  let value = 0
  let shortest = 0
  let scale = 0
  let point = end
  for (let at = first; at < end; at++) {
    const byte = bytes[at]!
    if (byte === POINT) point = at
    else {
      const digit = byte - ZERO
      if (digit < 0 || digit > 9) return longVariable(bytes, start, end)
      value = value * 10 + digit
      if (at < point) shortest = value
      else if (digit > 0) {
        shortest = value
        scale = at - point
      }
    }
  }
  return { scale, value: twosComplement(negative ? -shortest : shortest) }
}

function longVariable(bytes: Buffer, start: number, end: number): object {
  const value = withoutTrailingZeros(decimalAt(bytes, start, end))
  return { scale: value.scale, value: value.toBytes() }
}

/** Encodes a safe integer in as few big-endian bytes as possible. Source: BigInteger.toByteArray. */
function twosComplement(value: number): Buffer {
  let size = 1
  for (let limit = 0x80; value >= limit || value < -limit; limit *= 0x100) size++
  const bytes = Buffer.allocUnsafe(size)
  let rest = value
  for (let at = size - 1; at >= 0; at--) {
    bytes[at] = rest
    rest = Math.floor(rest / 0x100)
  }
  return bytes
}
