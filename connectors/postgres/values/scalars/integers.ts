import { ConnectError, int64 } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'

const ZERO = 0x30
const MINUS = 0x2d
/** Any integer with this many digits is exact as a double. */
const EXACT_DIGITS = 15

/** Reads an integer as a number, or as a bigint if it is not a safe integer. */
export function integerAt(bytes: Buffer, start: number, end: number): number | bigint {
  const negative = bytes[start] === MINUS
  const first = negative ? start + 1 : start
  if (end - first > EXACT_DIGITS) return int64(BigInt(bytes.toString('latin1', start, end)))
  let value = 0
  for (let at = first; at < end; at++) {
    const digit = bytes[at]! - ZERO
    if (digit < 0 || digit > 9) throw notAnInteger(bytes, start, end)
    value = value * 10 + digit
  }
  if (first === end) throw notAnInteger(bytes, start, end)
  return negative ? -value : value
}

function notAnInteger(bytes: Buffer, start: number, end: number): ConnectError {
  const found = bytes.toString('utf8', start, Math.min(end, start + 100))
  return new ConnectError('HR_DATA_INVALID', `Expected an integer but found "${found}"`)
}

/** A signed integer type. */
export function integerReader(type: 'int16' | 'int32' | 'int64'): BaseReader {
  const bits = BigInt(type.slice(3))
  return {
    schema: { type },
    read: integerAt,
    unavailable: null,
    zero: 0,
    parseDefault: (text) => integerDefault(text, bits),
    generatedDefault: '0',
  }
}

function integerDefault(text: string, bits: bigint): number | bigint | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined
  const value = BigInt(text.replace('+', ''))
  return BigInt.asIntN(Number(bits), value) === value ? int64(value) : undefined
}

/** Object identifiers, unsigned integers of 32 bits. Fields have no default. */
export const oidReader: BaseReader = {
  schema: { type: 'int64' },
  read: integerAt,
  unavailable: null,
  zero: 0,
}

/** PostgreSQL prints `t` and `f`. */
export const booleanReader: BaseReader = {
  schema: { type: 'boolean' },
  read: (bytes, start) => bytes[start] === 0x74,
  unavailable: null,
  zero: false,
  parseDefault: (text) => text.toLowerCase() === 'true',
  generatedDefault: 'false',
}
