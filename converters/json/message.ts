import { isUtf8 } from 'node:buffer'
import { ConnectError } from '../../api/index.ts'
import { parseJson, type JsonParseOptions } from '../../java/index.ts'

/**
 * Decodes a JSON message. Assumes UTF-8, unless a byte order mark or zeros in the first bytes indicate another encoding.
 *
 * Throws `HR_DATA_INVALID` for invalid bytes. Source: Jackson's ByteSourceJsonBootstrapper.
 */
function jsonText(bytes: Buffer, start: number, end: number): string {
  const first = start < end ? bytes[start]! : BLANK
  const second = start + 1 < end ? bytes[start + 1]! : BLANK
  if (first === 0 || first >= 0xef || second === 0) return otherText(bytes.subarray(start, end))
  return utf8Text(bytes, start, end)
}

const BLANK = 0x20

function utf8Text(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString('utf8', start, end)
  if (text.includes('\ufffd') && !isUtf8(bytes.subarray(start, end))) throw invalidText('UTF-8')
  return text
}

function otherText(bytes: Buffer): string {
  if (bytes.length >= 4) {
    const four = bytes.readUInt32BE()
    if (four === 0xfeff || four >>> 8 === 0) return utf32Text(bytes, four === 0xfeff ? 4 : 0, 'BE')
    if (four === 0xfffe0000 || (four & 0xffffff) === 0)
      return utf32Text(bytes, four === 0xfffe0000 ? 4 : 0, 'LE')
    if (four >>> 8 === 0xefbbbf) return utf8Text(bytes, 3, bytes.length)
  }
  const two = bytes.length >= 2 ? bytes.readUInt16BE() : 0xffff
  // A byte order mark counts in texts of four bytes or more only
  const [bigEndian, littleEndian] = bytes.length >= 4 ? [two === 0xfeff, two === 0xfffe] : [false, false]
  if (bigEndian || two >>> 8 === 0) return utf16Text(bytes, bigEndian ? 2 : 0, 'utf-16be')
  if (littleEndian || (two & 0xff) === 0) return utf16Text(bytes, littleEndian ? 2 : 0, 'utf-16le')
  return utf8Text(bytes, 0, bytes.length)
}

const utf16Text = (bytes: Buffer, start: number, label: 'utf-16be' | 'utf-16le'): string =>
  new TextDecoder(label, { ignoreBOM: true }).decode(bytes.subarray(start))

function utf32Text(bytes: Buffer, start: number, order: 'BE' | 'LE'): string {
  let text = ''
  for (let at = start; at + 4 <= bytes.length; at += 4) {
    const code = order === 'BE' ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
    if (code > 0x10ffff) throw invalidText('UTF-32')
    text += String.fromCodePoint(code)
  }
  return text
}

function invalidText(encoding: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', `The message is not valid ${encoding}`)
}

const FAILED = 'Converting byte[] to Kafka Connect data failed due to serialization error: '

/** Decodes the message from `start` to `end`. Throws `HR_DATA_INVALID` with Connect's message for invalid JSON. */
export function messageText(bytes: Buffer, start: number, end: number): string {
  try {
    return jsonText(bytes, start, end)
  } catch (cause) {
    throw new ConnectError('HR_DATA_INVALID', FAILED, { cause })
  }
}

/** Returns `plain` if it is pure ASCII, because the message must then be UTF-8; otherwise decodes the message. */
export function textOf(plain: string | undefined, bytes: Buffer, start: number, end: number): string {
  return plain?.length === end - start ? plain : messageText(bytes, start, end)
}

/**
 * Whether a text consists of whitespace only. Source: Jackson's ReaderBasedJsonParser, which skips these four
 * characters.
 */
export function isBlank(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return false
  }
  return true
}

export function parseMessageText(text: string, options: JsonParseOptions = {}): unknown {
  try {
    return parseJson(text, options)
  } catch (cause) {
    throw new ConnectError('HR_DATA_INVALID', FAILED, { cause })
  }
}
