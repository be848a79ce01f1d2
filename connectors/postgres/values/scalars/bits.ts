import type { BaseReader } from '../base-reader.ts'
import { booleanReader } from './integers.ts'

const ONE = 0x31
/** Length of `bit varying` without a limit. */
const UNLIMITED = 2_147_483_647

/**
 * bit(1) as a boolean, and longer bit strings as bytes, the last bit first, without bytes that are zero at the end.
 *
 * Source: PostgresValueConverter.convertBits.
 */
export function bitsReader(typmod: number, generatedDefault: string): BaseReader {
  const length = typmod < 0 ? UNLIMITED : typmod
  if (length === 1) return { ...oneBit, generatedDefault }
  return {
    schema: {
      type: 'bytes',
      name: 'io.debezium.data.Bits',
      version: 1,
      parameters: { length: String(length) },
    },
    read: bitsAt,
    unavailable: null,
    zero: Buffer.alloc(0),
    parseDefault: (text) => (BITS.test(text) ? bitsAt(Buffer.from(text), 0, text.length) : undefined),
    generatedDefault,
  }
}

const BITS = /^[01]*$/

const oneBit: BaseReader = {
  ...booleanReader,
  read: (bytes, start) => bytes[start] === ONE,
  parseDefault: (text) => (BITS.test(text) ? text.includes('1') : undefined),
}

function bitsAt(bytes: Buffer, start: number, end: number): Buffer {
  let first = start
  while (first < end && bytes[first] !== ONE) first++
  const size = end - first
  const result = Buffer.alloc((size + 7) >> 3)
  for (let bit = 0; bit < size; bit++) {
    if (bytes[end - 1 - bit] === ONE) result[bit >> 3]! |= 1 << (bit & 7)
  }
  return result
}
