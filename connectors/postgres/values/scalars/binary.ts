import type { BaseReader } from '../base-reader.ts'
import type { BinaryMode, ValueSettings } from '../settings.ts'
import { placeholderText } from './text.ts'

const BACKSLASH = 0x5c
const LETTER_X = 0x78

/**
 * Byte strings by `binary.handling.mode`. Fields have no default.
 *
 * Differs: the placeholder of a value that was not sent is its text in all modes with text.
 */
export function byteaReader(settings: ValueSettings): BaseReader {
  return binaryReader(settings, byteaAt)
}

/** Types that Debezium does not know: their text, as bytes, if `include.unknown.datatypes` is set. */
export function unknownReader(settings: ValueSettings, text?: (text: string) => string): BaseReader {
  if (text === undefined)
    return binaryReader(settings, (bytes, start, end) => Buffer.from(bytes.subarray(start, end)))
  return binaryReader(settings, (bytes, start, end) => Buffer.from(text(bytes.toString('utf8', start, end))))
}

function binaryReader(
  settings: ValueSettings,
  bytesAt: (bytes: Buffer, start: number, end: number) => Buffer,
): BaseReader {
  const { binaryMode, placeholder } = settings
  if (binaryMode === 'bytes') {
    return { schema: { type: 'bytes' }, read: bytesAt, unavailable: placeholder, zero: Buffer.alloc(0) }
  }
  const encoding = encodings[binaryMode]
  return {
    schema: { type: 'string' },
    read: (bytes, start, end) => encoded(bytesAt(bytes, start, end), encoding),
    unavailable: placeholderText(settings),
    zero: '',
  }
}

const encodings = {
  'base64': 'base64',
  'base64-url-safe': 'base64url',
  'hex': 'hex',
} as const satisfies Record<Exclude<BinaryMode, 'bytes'>, BufferEncoding>

/** Java's URL-safe encoder pads, Node's does not. */
function encoded(bytes: Buffer, encoding: BufferEncoding): string {
  const text = bytes.toString(encoding)
  return encoding === 'base64url' ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text
}

/** Decodes both formats of `bytea_output`. */
function byteaAt(bytes: Buffer, start: number, end: number): Buffer {
  if (bytes[start] === BACKSLASH && bytes[start + 1] === LETTER_X) {
    return hexAt(bytes, start + 2, end)
  }
  return unescaped(bytes, start, end)
}

/** Longer texts are faster with a call into the engine. */
const LONGEST_LOOP = 200
/** The values of hexadecimal digits. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) =>
  Math.max(0, '0123456789abcdef'.indexOf(String.fromCharCode(code))),
)

function hexAt(bytes: Buffer, start: number, end: number): Buffer {
  const size = (end - start) >> 1
  if (end - start > LONGEST_LOOP) return Buffer.from(bytes.toString('latin1', start, end), 'hex')
  const result = Buffer.allocUnsafe(size)
  for (let at = 0, from = start; at < size; at++, from += 2) {
    result[at] = (DIGITS[bytes[from]!]! << 4) | DIGITS[bytes[from + 1]!]!
  }
  return result
}

function unescaped(bytes: Buffer, start: number, end: number): Buffer {
  const result = Buffer.alloc(end - start)
  let size = 0
  for (let at = start; at < end; at++) {
    if (bytes[at] !== BACKSLASH) result[size++] = bytes[at]!
    else if (bytes[at + 1] === BACKSLASH) {
      result[size++] = BACKSLASH
      at++
    } else {
      result[size++] = Number.parseInt(bytes.toString('latin1', at + 1, at + 4), 8)
      at += 3
    }
  }
  return result.subarray(0, size)
}
