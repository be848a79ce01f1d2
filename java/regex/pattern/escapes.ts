import { codePoints, complement, type CodePoints } from './code-points.ts'
import type { PatternText } from './text.ts'
import { keyedSet, namedSet } from './properties.ts'

/** The meaning of an escape: a single character or a set. */
export type Escape = { readonly code: number } | { readonly set: CodePoints }

const DIGITS = codePoints([0x30, 0x39])
const WORD = codePoints([0x30, 0x39], [0x41, 0x5a], [0x5f, 0x5f], [0x61, 0x7a])
const SPACE = codePoints([9, 13], [0x20, 0x20])
const HORIZONTAL = codePoints(
  [9, 9],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x180e, 0x180e],
  [0x2000, 0x200a],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
)
export const VERTICAL = codePoints([10, 13], [0x85, 0x85], [0x2028, 0x2029])

const SETS: Readonly<Record<string, CodePoints>> = {
  d: DIGITS,
  D: complement(DIGITS),
  w: WORD,
  W: complement(WORD),
  s: SPACE,
  S: complement(SPACE),
  h: HORIZONTAL,
  H: complement(HORIZONTAL),
  v: VERTICAL,
  V: complement(VERTICAL),
}

const LETTERS: Readonly<Record<string, number>> = { a: 7, e: 0x1b, f: 12, n: 10, r: 13, t: 9 }

/**
 * Parses an escape for characters, with the cursor after its backslash. `inRange`: at either end of a range,
 * where `\v` is a single character.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` with Java's message. Source: Pattern.escape.
 */
export function readEscape(text: PatternText, ignoreCase: boolean, inRange: boolean): Escape {
  const letter = text.peek()
  if (letter === 'p' || letter === 'P') return { set: readFamily(text, ignoreCase) }
  text.cursor++
  if (letter === 'v' && inRange) return { code: 11 }
  const set = SETS[letter]
  if (set !== undefined) return { set }
  const code = LETTERS[letter] ?? readCode(text, letter)
  if (code !== undefined) return { code }
  if (/^[A-Za-z0-9]$/.test(letter)) throw text.error('Illegal/unsupported escape sequence')
  return { code: letter.codePointAt(0) ?? 0 }
}

function readCode(text: PatternText, letter: string): number | undefined {
  if (letter === '') return 0
  if (letter === '0') return octal(text)
  if (letter === 'x') return hexadecimal(text)
  if (letter === 'u') return unicode(text)
  if (letter === 'N') return characterName(text)
  if (letter !== 'c') return undefined
  if (text.atEnd) throw text.error('Illegal control escape sequence')
  return (text.read().codePointAt(0) ?? 0) ^ 64
}

const isHex = (letter: string): boolean => /^[0-9a-fA-F]$/.test(letter)

function octal(text: PatternText): number {
  const [digits] = /^(?:[0-3][0-7]{2}|[0-7]{1,2})/.exec(text.peek() + text.peek(1) + text.peek(2)) ?? []
  if (digits === undefined) {
    text.cursor++
    throw text.error('Illegal octal escape sequence')
  }
  text.cursor += digits.length
  return Number.parseInt(digits, 8)
}

function hexadecimal(text: PatternText): number {
  const first = text.read()
  if (isHex(first)) {
    const second = text.read()
    if (isHex(second)) return Number.parseInt(first + second, 16)
  } else if (first === '{' && isHex(text.peek())) {
    let code = 0
    let letter = text.read()
    for (; isHex(letter); letter = text.read()) {
      code = code * 16 + Number.parseInt(letter, 16)
      if (code > 0x10ffff) throw text.error('Hexadecimal codepoint is too big')
    }
    if (letter !== '}') throw text.error('Unclosed hexadecimal escape sequence')
    return code
  }
  throw text.error('Illegal hexadecimal escape sequence')
}

/** Two consecutive escapes for the halves of a surrogate pair represent one character. */
function unicode(text: PatternText): number {
  const high = unicodeUnit(text)
  const start = text.cursor
  if (high >= 0xd800 && high <= 0xdbff && text.read() === '\\' && text.read() === 'u') {
    const low = unicodeUnit(text)
    if (low >= 0xdc00 && low <= 0xdfff) return String.fromCharCode(high, low).codePointAt(0) ?? 0
  }
  text.cursor = start
  return high
}

function unicodeUnit(text: PatternText): number {
  let digits = ''
  while (digits.length < 4) {
    const letter = text.read()
    if (!isHex(letter)) throw text.error('Illegal Unicode escape sequence')
    digits += letter
  }
  return Number.parseInt(digits, 16)
}

/** Unicode character names are not supported: rejects names that could be valid. */
function characterName(text: PatternText): number {
  if (text.read() !== '{') throw text.error('Illegal character name escape sequence')
  const end = text.indexOf('}')
  if (end < 0) {
    text.cursor = Math.max(text.length, text.cursor + 1)
    throw text.error('Unclosed character name escape sequence')
  }
  const name = text.slice(text.cursor, end)
  text.cursor = end + 1
  if (!/^ *[A-Za-z][A-Za-z0-9 ()-]*$/.test(name)) throw text.error(`Unknown character name [${name}]`)
  text.refuse(`\\N{${name}}`)
  return 0
}

/** Source: Pattern.family. */
function readFamily(text: PatternText, ignoreCase: boolean): CodePoints {
  const negated = text.read() === 'P'
  let name = text.peek() || '\0'
  if (name === '{') {
    const end = text.indexOf('}')
    if (end < 0) throw text.error('Unclosed character family', text.length)
    name = text.slice(text.cursor + 1, end)
    text.cursor = end + 1
    if (name === '') throw text.error('Empty character family')
  } else text.cursor++
  const set = family(text, name, ignoreCase)
  return negated ? complement(set) : set
}

function family(text: PatternText, name: string, ignoreCase: boolean): CodePoints {
  const equals = name.indexOf('=')
  if (equals < 0) {
    const set = namedSet(name, ignoreCase)
    if (set === undefined) throw text.error(`Unknown character property name {${name}}`)
    return set
  }
  const [key, value] = [name.slice(0, equals).toLowerCase(), name.slice(equals + 1)]
  const set = keyedSet(key, value, ignoreCase)
  if (set === undefined) throw text.error(`Unknown Unicode property {name=<${key}>, value=<${value}>}`)
  return set
}
