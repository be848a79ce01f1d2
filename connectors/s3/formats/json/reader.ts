import { parseJson } from '../../../../java/index.ts'
import type { ObjectReader } from '../../ports.ts'
import type { Compression } from '../compression/index.ts'
import { rowReader, separatedRows, type RowDecoder } from '../lines/index.ts'

const BLANK = 0x20
const COMMA = 0x2c
const OPENING_BRACKET = 0x5b
const CLOSING_BRACKET = 0x5d
const BYTE_ORDER_MARK = Buffer.from('\ufeff')
const LINE_FEED = Buffer.from('\n')

/**
 * Reads lines of JSON into schemaless values. Empty lines are passed over. An array with one item per line, as Aiven's sink
 * writes it, is read as the lines.
 *
 * Integers of 64 bits are exact, and larger ones become the nearest double. A line longer than `mostBytes` is invalid.
 */
export function jsonReader(compression: Compression, mostBytes: number): ObjectReader {
  return rowReader(compression, () => separatedRows(LINE_FEED, mostBytes), createDecoder)
}

function createDecoder(): RowDecoder {
  let lines = 0
  let inArray = false
  return {
    isValue(bytes, start, end) {
      lines++
      const first = firstInk(bytes, start, end)
      if (first === end) return false
      // In lines of JSON, these would be values that do not end
      if (lines === 1 && isAlone(bytes, first, end, OPENING_BRACKET)) {
        inArray = true
        return false
      }
      return !(inArray && isAlone(bytes, first, end, CLOSING_BRACKET))
    },
    decode(bytes, start, end) {
      const to = inArray ? endOfItem(bytes, end) : end
      const from = lines === 1 && startsWithMark(bytes, start, end) ? start + BYTE_ORDER_MARK.length : start
      return { schema: null, value: parseJson(bytes.toString('utf8', from, to), options) }
    },
  }
}

const options = { whole: true, longIntegers: 'double' } as const

/** Returns the index of the first byte that is not blank, or `end`. */
function firstInk(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at]! <= BLANK) at++
  return at
}

const isAlone = (bytes: Buffer, at: number, end: number, byte: number): boolean =>
  bytes[at] === byte && firstInk(bytes, at + 1, end) === end

/** Returns the end of an item, before the comma that follows. */
function endOfItem(bytes: Buffer, end: number): number {
  let at = end
  while (bytes[at - 1]! <= BLANK) at--
  return bytes[at - 1] === COMMA ? at - 1 : at
}

const startsWithMark = (bytes: Buffer, start: number, end: number): boolean =>
  bytes.subarray(start, Math.min(end, start + BYTE_ORDER_MARK.length)).equals(BYTE_ORDER_MARK)
