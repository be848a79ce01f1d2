/** Encodes and decodes strings in one character set. Replaces unmappable characters and bytes, as in Java. */
export interface TextCodec {
  encode(text: string): Buffer | string
  decode(bytes: Buffer, start: number, end: number): string
}

const LONE_SURROGATES = /\p{Surrogate}/gu
const REPLACEMENT = '\ufffd'

/**
 * Decodes UTF-8. Like Java, replaces an encoded surrogate with one replacement character; Node.js replaces each byte.
 *
 * Source: String.decodeUTF8.
 */
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

/** Available in Node.js 20, but typed only in ES2024. */
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

/** Writes big-endian with a byte order mark. Reads text without a mark as big-endian too. */
const utf16WithMark: TextCodec = {
  encode: (text) => (text === '' ? '' : Buffer.concat([BYTE_ORDER_MARK, utf16be.encode(text) as Buffer])),
  decode: (bytes, start, end) => {
    const mark = end - start >= 2 ? bytes.readUInt16BE(start) : 0
    if (mark === 0xfffe) return utf16le.decode(bytes, start + 2, end)
    return utf16be.decode(bytes, mark === 0xfeff ? start + 2 : start, end)
  },
}

/** Codecs by Java's charset names, in lower case. */
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

/** Single-byte charsets that have the same name in Node.js and Java. */
const SINGLE_BYTE = /^(?:iso-8859-(?:[2-9]|13|15)|windows-125[0-8]|koi8-[ru]|ibm866)$/

/** Java's aliases of charsets, with the canonical name. */
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
 * Returns the codec of a Java charset, or undefined if it is not supported.
 *
 * Differs: the only multi-byte charsets are those of Unicode.
 */
export function textCodec(name: string): TextCodec | undefined {
  let label = name.toLowerCase()
  for (const [alias, known] of aliases) label = label.replace(alias, known)
  return SINGLE_BYTE.test(label) ? singleByteCodec(label) : codecs[label]
}

/** The characters of windows-1252 where Latin-1 has control characters. Node.js 20 confuses the two charsets. */
const WINDOWS_1252 = '€�‚ƒ„…†‡ˆ‰Š‹Œ�Ž��‘’“”•–—˜™š›œ�žŸ'

const CONTROLS = Array.from({ length: 32 }, (_, index) => String.fromCharCode(0x80 + index))

function lettersOf(label: string): string[] {
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  const letters = Array.from(new TextDecoder(label).decode(bytes))
  // Node.js decodes it as windows-1254
  if (label === 'iso-8859-9') letters.splice(0x80, CONTROLS.length, ...CONTROLS)
  if (label === 'windows-1252') letters.splice(0x80, WINDOWS_1252.length, ...Array.from(WINDOWS_1252))
  // Node.js decodes unmapped bytes as control characters
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
