import { endOfPlainTimestamp } from './scan.ts'

const LETTER_T = 0x54
const LETTER_Z = 0x5a
const POINT = 0x2e
const ZERO = 0x30

/** Text of one timestamp. Reused: a slice of it becomes a string at once. */
const text = Buffer.alloc(32)

/**
 * Returns a function that rewrites a timestamp of four-digit year in UTC, such as `2020-01-31 01:02:03.4+00`, as
 * `2020-01-31T01:02:03.400000Z`, or returns undefined for any other form. The fraction is padded to `digits`, or left
 * as it is if `digits` is 0.
 */
export function isoTimestampAt(digits: number) {
  return (bytes: Buffer, start: number, end: number): string | undefined => {
    const timeEnd = endOfPlainTimestamp(bytes, start, end)
    if (timeEnd < 0) return undefined
    if (digits === 6) return inMicroseconds(bytes, start, timeEnd)
    let length = timeEnd - start
    for (let place = 0; place < length; place++) text[place] = bytes[start + place]!
    text[10] = LETTER_T
    if (digits > 0 && length === 19) text[length++] = POINT
    while (length < 20 + digits && digits > 0) text[length++] = ZERO
    text[length++] = LETTER_Z
    return text.toString('latin1', 0, length)
  }
}

/** The most frequent case, about twice as fast: one call with all characters, without a call into the engine. */
function inMicroseconds(bytes: Buffer, start: number, end: number): string {
  const digit = (place: number): number => (start + place < end ? bytes[start + place]! : ZERO)
  return String.fromCharCode(
    bytes[start]!,
    bytes[start + 1]!,
    bytes[start + 2]!,
    bytes[start + 3]!,
    bytes[start + 4]!,
    bytes[start + 5]!,
    bytes[start + 6]!,
    bytes[start + 7]!,
    bytes[start + 8]!,
    bytes[start + 9]!,
    LETTER_T,
    bytes[start + 11]!,
    bytes[start + 12]!,
    bytes[start + 13]!,
    bytes[start + 14]!,
    bytes[start + 15]!,
    bytes[start + 16]!,
    bytes[start + 17]!,
    bytes[start + 18]!,
    POINT,
    digit(20),
    digit(21),
    digit(22),
    digit(23),
    digit(24),
    digit(25),
    LETTER_Z,
  )
}
