/** Writes and reads texts in one character set; what it does not hold becomes a replacement, as in Java. */
export interface TextCodec {
  encode(text: string): Buffer | string
  decode(bytes: Buffer, start: number, end: number): string
}

const LONE_SURROGATES = /\p{Surrogate}/gu
const REPLACEMENT = '\ufffd'

/** Bytes as UTF-8. Java takes the bytes of a surrogate for one fault, Node.js each of them. Source: String.decodeUTF8. */
export function utf8Text(bytes: Buffer, start = 0, end = bytes.length): string {
  const text = bytes.toString('utf8', start, end)
  if (!text.includes(REPLACEMENT)) return text
  let [result, from] = ['', start]
  for (let at = bytes.indexOf(0xed, start); at >= 0 && at + 1 < end; at = bytes.indexOf(0xed, at + 1)) {
    if (((bytes[at + 1] ?? 0) & 0xe0) !== 0xa0) continue
    result += bytes.toString('utf8', from, at) + REPLACEMENT
    from = at + 2 < end && ((bytes[at + 2] ?? 0) & 0xc0) === 0x80 ? at + 3 : at + 2
  }
  return result + bytes.toString('utf8', from, end)
}

const utf8: TextCodec = {
  encode: (text) => (isWellFormed(text) ? text : text.replaceAll(LONE_SURROGATES, '?')),
  decode: utf8Text,
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

/** By Java's names in lower case. */
const codecs: Readonly<Record<string, TextCodec>> = {
  'utf-8': utf8,
  'utf8': utf8,
  'unicode-1-1-utf-8': utf8,
  'us-ascii': ascii,
  'ascii': ascii,
  'ascii7': ascii,
  'iso646-us': ascii,
  '646': ascii,
  'us': ascii,
  'iso-8859-1': latin1,
  'utf-16': utf16WithMark,
  'utf_16': utf16WithMark,
  'utf16': utf16WithMark,
  'unicode': utf16WithMark,
  'unicodebig': utf16WithMark,
  'utf-16le': utf16le,
  'utf_16le': utf16le,
  'x-utf-16le': utf16le,
  'unicodelittleunmarked': utf16le,
  'utf-16be': utf16be,
  'utf_16be': utf16be,
  'x-utf-16be': utf16be,
  'unicodebigunmarked': utf16be,
}

/** Sets of one byte a character, which Node.js knows under the same names as Java. */
const SINGLE_BYTE = /^(?:iso-8859-(?:[2-9]|13|15)|windows-125[0-8]|koi8-[ru]|ibm866)$/

/** Java's other names of sets, by what stands for their name. */
const aliases: readonly (readonly [RegExp, string])[] = [
  [/^(?:iso[-_]?)?8859[-_](\d+)$/, 'iso-8859-$1'],
  [/^(?:latin|l)([1-4])$/, 'iso-8859-$1'],
  [/^(?:latin|l)5$/, 'iso-8859-9'],
  [/^(?:latin-?|l)[09]$/, 'iso-8859-15'],
  [/^(?:cp|ibm-?)(125\d)$/, 'windows-$1'],
  [/^koi8_([ru])$/, 'koi8-$1'],
  [/^koi8$/, 'koi8-r'],
  [/^(?:cp|ibm-)?866$/, 'ibm866'],
]

/**
 * The codec of a Java character set; undefined for one that is not known here.
 *
 * Differs: sets of several bytes a character beside Unicode's own are not there.
 */
export function textCodec(name: string): TextCodec | undefined {
  let label = name.toLowerCase()
  for (const [alias, known] of aliases) label = label.replace(alias, known)
  return SINGLE_BYTE.test(label) ? singleByteCodec(label) : codecs[label]
}

/** What windows-1252 has where Latin-1 has control characters; Node.js 20 takes the one for the other. */
const WINDOWS_1252 = '€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ'

const CONTROLS = Array.from({ length: 32 }, (_, index) => String.fromCharCode(0x80 + index))

function lettersOf(label: string): string[] {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const letters = Array.from(new TextDecoder(label).decode(bytes))
  // To Node.js it is windows-1254
  if (label === 'iso-8859-9') letters.splice(0x80, CONTROLS.length, ...CONTROLS)
  if (label === 'windows-1252') letters.splice(0x80, WINDOWS_1252.length, ...Array.from(WINDOWS_1252))
  // Bytes without a letter are control characters to Node.js
  return label.startsWith('windows-') ? letters.map(withoutControl) : letters
}

const withoutControl = (letter: string): string => (CONTROLS.includes(letter) ? REPLACEMENT : letter)

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
