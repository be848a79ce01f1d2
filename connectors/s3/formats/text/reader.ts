import { STRING } from '../../../../api/index.ts'
import type { ObjectReader } from '../../ports.ts'
import type { Compression } from '../compression/index.ts'
import { rowReader, separatedRows, type RowDecoder } from '../lines/index.ts'

const CARRIAGE_RETURN = 13
const LINE_FEED = Buffer.from('\n')

/** Reads lines of text, which end with `\n` or `\r\n`. A line longer than `mostBytes` is invalid. */
export function textReader(compression: Compression, mostBytes: number): ObjectReader {
  return rowReader(
    compression,
    () => separatedRows(LINE_FEED, mostBytes),
    () => decoder,
  )
}

const decoder: RowDecoder = {
  isValue: () => true,
  decode(bytes, start, end) {
    const to = end > start && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end
    return { schema: STRING, value: bytes.toString('utf8', start, to) }
  },
}
