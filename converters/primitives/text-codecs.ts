/** Writes and reads texts in one character set; what it does not hold becomes a replacement, as in Java. */
export interface TextCodec {
  encode(text: string): Buffer | string
  decode(bytes: Buffer, start: number, end: number): string
}

const LONE_SURROGATES = /\p{Surrogate}/gu
const REPLACEMENT = '\ufffd'

const utf8: TextCodec = {
  encode: (text) => (isWellFormed(text) ? text : text.replaceAll(LONE_SURROGATES, '?')),
  decode: (bytes, start, end) => bytes.toString('utf8', start, end),
}

/** In Node.js since 20, in the types of the language since ES2024. */
const isWellFormed = (text: string): boolean => (text as string & { isWellFormed(): boolean }).isWellFormed()

const latin1: TextCodec = {
  encode: (text) => Buffer.from(text.replaceAll(/[^\u0000-\u00ff]/gu, '?'), 'latin1'),
  decode: (bytes, start, end) => bytes.toString('latin1', start, end),
}

const ascii: TextCodec = {
  encode: (text) => Buffer.from(text.replaceAll(/[^\u0000-\u007f]/gu, '?'), 'latin1'),
  decode: (bytes, start, end) =>
    bytes.toString('latin1', start, end).replaceAll(/[^\u0000-\u007f]/g, REPLACEMENT),
}

function utf16(label: 'utf-16le' | 'utf-16be'): TextCodec {
  const decoder = new TextDecoder(label, { ignoreBOM: true })
  return {
    encode: (text) => {
      const bytes = Buffer.from(text.replaceAll(LONE_SURROGATES, REPLACEMENT), 'utf16le')
      return label === 'utf-16le' ? bytes : bytes.swap16()
    },
    decode: (bytes, start, end) => decoder.decode(bytes.subarray(start, end)),
  }
}

const utf16le = utf16('utf-16le')
const utf16be = utf16('utf-16be')
const BYTE_ORDER_MARK = Buffer.from([0xfe, 0xff])

/** Big-endian with a mark; what is read without one counts as big-endian too. */
const utf16WithMark: TextCodec = {
  encode: (text) => (text === '' ? '' : Buffer.concat([BYTE_ORDER_MARK, utf16be.encode(text) as Buffer])),
  decode: (bytes, start, end) => {
    const mark = end - start >= 2 ? bytes.readUInt16BE(start) : 0
    if (mark === 0xfffe) return utf16le.decode(bytes, start + 2, end)
    return utf16be.decode(bytes, mark === 0xfeff ? start + 2 : start, end)
  },
}

/** By Java's names, without case and signs. */
const codecs: Readonly<Record<string, TextCodec>> = {
  UTF8: utf8,
  USASCII: ascii,
  ASCII: ascii,
  ISO88591: latin1,
  LATIN1: latin1,
  UTF16: utf16WithMark,
  UTF16LE: utf16le,
  UTF16BE: utf16be,
}

/** Sets of one byte a character, which Node.js knows under the same names as Java. */
const SINGLE_BYTE = /^(?:iso-8859-(?:[2-8]|10|13|14|15|16)|windows-125[0-8]|koi8-[ru]|ibm866)$/

/**
 * The codec of a Java character set; undefined for one that is not known here.
 *
 * Differs: sets of several bytes a character beside Unicode's own are not there.
 */
export function textCodec(name: string): TextCodec | undefined {
  const label = name.toLowerCase()
  if (SINGLE_BYTE.test(label)) return singleByteCodec(label)
  return codecs[name.toUpperCase().replaceAll(/[-_]/g, '')]
}

/** What windows-1252 has where Latin-1 has control characters; Node.js 20 takes the one for the other. */
const WINDOWS_1252 = '€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ'

function lettersOf(label: string): string[] {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const letters = Array.from(new TextDecoder(label).decode(bytes))
  if (label === 'windows-1252') letters.splice(0x80, WINDOWS_1252.length, ...Array.from(WINDOWS_1252))
  return letters
}

function singleByteCodec(label: string): TextCodec {
  const letters = lettersOf(label)
  const bytesOf = new Map(letters.map((letter, byte) => [letter, byte] as const))
  bytesOf.delete(REPLACEMENT)
  const unknown = '?'.charCodeAt(0)
  return {
    encode: (text) => Buffer.from(Array.from(text, (letter) => bytesOf.get(letter) ?? unknown)),
    decode: (bytes, start, end) =>
      Array.from(bytes.subarray(start, end), (byte) => letters[byte] ?? REPLACEMENT).join(''),
  }
}
