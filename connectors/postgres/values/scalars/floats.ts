import { ConnectError } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'

const ZERO = 0x30
const MINUS = 0x2d
const POINT = 0x2e
/** Numbers with this many digits are exact as doubles, and so are the powers of ten up to this exponent. */
const EXACT_DIGITS = 15
const POWERS = Array.from({ length: EXACT_DIGITS + 1 }, (_, exponent) => 10 ** exponent)

/**
 * Reads a number, correctly rounded to a double. Short numbers without an exponent are a division of two exact doubles,
 * which IEEE 754 rounds correctly; the rest is left to the engine.
 */
export function floatAt(bytes: Buffer, start: number, end: number): number {
  const negative = bytes[start] === MINUS
  let at = negative ? start + 1 : start
  if (end - at > EXACT_DIGITS || at === end) return longFloat(bytes, start, end)
  let value = 0
  let point = end
  for (; at < end; at++) {
    const byte = bytes[at]!
    if (byte === POINT && point === end) point = at + 1
    else {
      const digit = byte - ZERO
      if (digit < 0 || digit > 9) return longFloat(bytes, start, end)
      value = value * 10 + digit
    }
  }
  if (point !== end) value /= POWERS[end - point]!
  return negative ? -value : value
}

/** Also reads exponents, NaN and Infinity. */
function longFloat(bytes: Buffer, start: number, end: number): number {
  const text = bytes.toString('latin1', start, end)
  const value = Number(text)
  if ((!Number.isNaN(value) || text === 'NaN') && text !== '') return value
  throw new ConnectError('HR_DATA_INVALID', `Expected a number but found "${text.slice(0, 100)}"`)
}

export const float32Reader: BaseReader = {
  schema: { type: 'float32' },
  read: (bytes, start, end) => Math.fround(floatAt(bytes, start, end)),
  unavailable: null,
  zero: 0,
  parseDefault: (text) => {
    const value = numberDefault(text)
    return value === undefined ? undefined : Math.fround(value)
  },
  generatedDefault: '0.0',
}

export const float64Reader: BaseReader = {
  schema: { type: 'float64' },
  read: floatAt,
  unavailable: null,
  zero: 0,
  parseDefault: numberDefault,
  generatedDefault: '0.0',
}

/** Source: Double.parseDouble. */
function numberDefault(text: string): number | undefined {
  const number = text.trim()
  return NUMBER.test(number) ? Number(number) : undefined
}

const NUMBER = /^(?:NaN|[+-]?(?:Infinity|\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?))$/
