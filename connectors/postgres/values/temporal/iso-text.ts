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
    let length = timeEnd - start
    for (let place = 0; place < length; place++) text[place] = bytes[start + place]!
    text[10] = LETTER_T
    if (digits > 0 && length === 19) text[length++] = POINT
    while (length < 20 + digits && digits > 0) text[length++] = ZERO
    text[length++] = LETTER_Z
    return text.toString('latin1', 0, length)
  }
}
