import { ConnectError } from '../../../../api/index.ts'
import type { BaseReader } from '../base-reader.ts'

const QUOTE = 0x22
const EQUALS = 0x3d
const OPENING_BRACKET = 0x5b
const BACKSLASH = 0x5c
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const NULL_TEXT = Buffer.from('NULL')

/**
 * Reads the elements of an array as PostgreSQL prints it. The elements of an array with several dimensions become one
 * list, row by row: a column's type does not tell the number of dimensions, so that the schema cannot. Bounds of the
 * indexes (`[0:2]={1,2,3}`) are ignored.
 *
 * Differs: Debezium writes nulls, or names of Java classes, for the inner lists.
 */
export function readElements(
  bytes: Buffer,
  start: number,
  end: number,
  element: BaseReader,
  delimiter: number,
): unknown[] {
  const items: unknown[] = []
  let at = firstBrace(bytes, start, end)
  while (at < end) {
    const byte = bytes[at]!
    if (byte === OPENING_BRACE || byte === CLOSING_BRACE || byte === delimiter) at++
    else if (byte === QUOTE) {
      const close = closingQuote(bytes, at + 1, end)
      items.push(quoted(bytes, at + 1, close, element))
      at = close + 1
    } else {
      const close = endOfBare(bytes, at, end, delimiter)
      items.push(isNull(bytes, at, close) ? nullElement(element) : element.read(bytes, at, close))
      at = close
    }
  }
  return items
}

function firstBrace(bytes: Buffer, start: number, end: number): number {
  let at = start
  if (bytes[at] === OPENING_BRACKET) {
    while (at < end && bytes[at] !== EQUALS) at++
    at++
  }
  if (bytes[at] === OPENING_BRACE) return at
  const found = bytes.toString('utf8', start, Math.min(end, start + 100))
  throw new ConnectError('HR_DATA_INVALID', `Expected an array but found "${found}"`)
}

function closingQuote(bytes: Buffer, start: number, end: number): number {
  let at = start
  while (at < end && bytes[at] !== QUOTE) at += bytes[at] === BACKSLASH ? 2 : 1
  return at
}

function endOfBare(bytes: Buffer, start: number, end: number, delimiter: number): number {
  let at = start
  while (at < end && bytes[at] !== delimiter && bytes[at] !== CLOSING_BRACE) at++
  return at
}

function isNull(bytes: Buffer, start: number, end: number): boolean {
  return end - start === NULL_TEXT.length && bytes.compare(NULL_TEXT, 0, NULL_TEXT.length, start, end) === 0
}

function nullElement(element: BaseReader): null {
  if (element.requiredElement !== true) return null
  throw new ConnectError('HR_DATA_INVALID', 'The array contains NULL, which its schema does not allow')
}

/** Removes backslashes if there are any. */
function quoted(bytes: Buffer, start: number, end: number, element: BaseReader): unknown {
  let escape = start
  while (escape < end && bytes[escape] !== BACKSLASH) escape++
  if (escape === end) return element.read(bytes, start, end)
  const plain = Buffer.allocUnsafe(end - start)
  let size = 0
  for (let at = start; at < end; at++) {
    if (bytes[at] === BACKSLASH) at++
    plain[size++] = bytes[at]!
  }
  return element.read(plain, 0, size)
}
