import {
  codePoints,
  complement,
  EVERY_CODE_POINT,
  intersection,
  union,
  type CodePoints,
} from './code-points.ts'
import { blockRange } from './unicode-blocks.ts'

const SURROGATES: CodePoints = [[0xd800, 0xdfff]]

/** Names of general categories, which are the same in JavaScript. */
const CATEGORY = /^(?:[LMNZCPS]|L[ultmoC]|M[nec]|N[dlo]|Z[slp]|C[cfosn]|P[dsecoif]|S[mcko])$/

const scanned = new Map<string, CodePoints>()

/**
 * Returns the code points with a property of JavaScript's engine. Throws a SyntaxError for an unknown name.
 */
function scan(name: string): CodePoints {
  const known = scanned.get(name)
  if (known !== undefined) return known
  const runs = new RegExp(`\\p{${name}}+`, 'gu')
  const ranges: [number, number][] = []
  const scanRange = (from: number, to: number): void => {
    const text = textOfRange(from, to)
    const width = from > 0xffff ? 2 : 1
    for (const { index, 0: run } of text.matchAll(runs)) {
      ranges.push([from + index / width, from + (index + run.length) / width - 1])
    }
  }
  scanRange(0, 0xd7ff)
  scanRange(0xe000, 0xffff)
  for (let plane = 1; plane <= 16; plane++) scanRange(plane * 0x10000, plane * 0x10000 + 0xffff)
  const set = codePoints(...ranges)
  scanned.set(name, set)
  return set
}

function textOfRange(from: number, to: number): string {
  const parts: string[] = []
  for (let first = from; first <= to; first += 0x1000) {
    const length = Math.min(0x1000, to - first + 1)
    parts.push(String.fromCodePoint(...Array.from({ length }, (_, index) => first + index)))
  }
  return parts.join('')
}

/** Source: the general categories of java.lang.Character. */
function category(name: string): CodePoints {
  return name === 'C' ? union(scan(name), SURROGATES) : name === 'Cs' ? SURROGATES : scan(name)
}

const categories = (...names: readonly string[]): CodePoints => union(...names.map(category))
const ascii = (text: string): CodePoints =>
  codePoints(
    ...[...text.matchAll(/(.)-(.)/gs)].map(
      ([, a = '', b = '']) => [a.charCodeAt(0), b.charCodeAt(0)] as const,
    ),
  )

type Sets = Readonly<Record<string, () => CodePoints>>

/** Source: java.util.regex.CharPredicates: POSIX classes, and the categories defined there. */
const ASCII_CLASSES: Sets = {
  ASCII: () => [[0, 0x7f]],
  Alnum: () => ascii('0-9A-Za-z'),
  Alpha: () => ascii('A-Za-z'),
  Blank: () => ascii(' - \t-\t'),
  Cntrl: () => ascii('\0-\x1f\x7f-\x7f'),
  Digit: () => ascii('0-9'),
  Graph: () => ascii('!-~'),
  Lower: () => ascii('a-z'),
  Print: () => ascii(' -~'),
  Punct: () => ascii('!-/:-@[-`{-~'),
  Space: () => ascii('\t-\r - '),
  Upper: () => ascii('A-Z'),
  XDigit: () => ascii('0-9A-Fa-f'),
  L1: () => [[0, 0xff]],
  LD: () => categories('L', 'Nd'),
  all: () => EVERY_CODE_POINT,
}

const ignorable = (): CodePoints =>
  union(
    [
      [0, 8],
      [0xe, 0x1b],
      [0x7f, 0x9f],
    ],
    category('Cf'),
  )

/** Source: the tests of java.lang.Character, with the prefix `java` in a pattern. */
const CHARACTER_TESTS: Sets = {
  LowerCase: () => scan('Lowercase'),
  UpperCase: () => scan('Uppercase'),
  TitleCase: () => category('Lt'),
  Alphabetic: () => scan('Alphabetic'),
  Ideographic: () => scan('Ideographic'),
  Digit: () => category('Nd'),
  Defined: () => complement(category('Cn')),
  Letter: () => category('L'),
  LetterOrDigit: () => categories('L', 'Nd'),
  JavaIdentifierStart: () => categories('L', 'Nl', 'Sc', 'Pc'),
  JavaIdentifierPart: () => union(categories('L', 'Sc', 'Pc', 'Nd', 'Nl', 'Mc', 'Mn'), ignorable()),
  UnicodeIdentifierStart: () => scan('ID_Start'),
  UnicodeIdentifierPart: () => union(scan('ID_Continue'), ignorable()),
  IdentifierIgnorable: ignorable,
  SpaceChar: () => category('Z'),
  Whitespace: () =>
    union(
      intersection(
        category('Z'),
        complement([
          [0xa0, 0xa0],
          [0x2007, 0x2007],
          [0x202f, 0x202f],
        ]),
      ),
      [
        [9, 13],
        [0x1c, 0x1f],
      ],
    ),
  ISOControl: () => category('Cc'),
  Mirrored: () => scan('Bidi_Mirrored'),
}

const graphic = (): CodePoints => complement(categories('Z', 'Cc', 'Cs', 'Cn'))
const blank = (): CodePoints => union(category('Zs'), ascii('\t-\t'))
const whiteSpace = (): CodePoints => scan('White_Space')
const hexDigits = (): CodePoints => union(category('Nd'), scan('Hex_Digit'))

/**
 * Source: java.util.regex.CharPredicates.forUnicodeProperty: binary properties, with the prefix `Is` in a
 * pattern.
 */
const BINARY: Sets = {
  ALPHABETIC: () => scan('Alphabetic'),
  LETTER: () => category('L'),
  IDEOGRAPHIC: () => scan('Ideographic'),
  LOWERCASE: () => scan('Lowercase'),
  UPPERCASE: () => scan('Uppercase'),
  TITLECASE: () => category('Lt'),
  WHITE_SPACE: whiteSpace,
  WHITESPACE: whiteSpace,
  CONTROL: () => category('Cc'),
  PUNCTUATION: () => category('P'),
  HEX_DIGIT: hexDigits,
  HEXDIGIT: hexDigits,
  ASSIGNED: () => complement(category('Cn')),
  NONCHARACTER_CODE_POINT: () => scan('Noncharacter_Code_Point'),
  NONCHARACTERCODEPOINT: () => scan('Noncharacter_Code_Point'),
  DIGIT: () => category('Nd'),
  ALNUM: () => union(scan('Alphabetic'), category('Nd')),
  BLANK: blank,
  GRAPH: graphic,
  PRINT: () => intersection(union(graphic(), blank()), complement(category('Cc'))),
  WORD: () => union(scan('Alphabetic'), categories('M', 'Nd', 'Pc'), scan('Join_Control')),
  JOIN_CONTROL: () => scan('Join_Control'),
  JOINCONTROL: () => scan('Join_Control'),
}

/** Replacements for properties that depend on case, when a pattern ignores case. */
const CASED: Readonly<Record<string, string>> = {
  Lower: 'Alpha',
  Upper: 'Alpha',
  Lu: 'LC',
  Ll: 'LC',
  Lt: 'LC',
}

const bothCases = (): CodePoints => union(scan('Lowercase'), scan('Uppercase'), category('Lt'))

/** Returns a category, POSIX class or test of java.lang.Character; undefined for an unknown name. */
function property(name: string, ignoreCase: boolean): CodePoints | undefined {
  const key = ignoreCase ? (CASED[name] ?? name) : name
  if (Object.hasOwn(ASCII_CLASSES, key)) return ASCII_CLASSES[key]?.()
  if (CATEGORY.test(key)) return category(key)
  if (!name.startsWith('java')) return undefined
  const test = name.slice(4)
  if (ignoreCase && /^(?:Lower|Upper|Title)Case$/.test(test)) return bothCases()
  return Object.hasOwn(CHARACTER_TESTS, test) ? CHARACTER_TESTS[test]?.() : undefined
}

function binary(name: string, ignoreCase: boolean): CodePoints | undefined {
  const key = name.toUpperCase()
  if (ignoreCase && /^(?:LOWER|UPPER|TITLE)CASE$/.test(key)) return bothCases()
  return Object.hasOwn(BINARY, key) ? BINARY[key]?.() : undefined
}

/** The name equals JavaScript's except for case. */
function script(name: string): CodePoints | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) return undefined
  const words = name.toLowerCase().replace(/(?:^|_)[a-z]/g, (start) => start.toUpperCase())
  try {
    return scan(`Script=${words === 'Signwriting' ? 'SignWriting' : words}`)
  } catch {
    return undefined
  }
}

function block(name: string): CodePoints | undefined {
  const range = blockRange(name)
  return range === undefined ? undefined : codePoints(range)
}

/**
 * Returns the code points of `\p{name}`; undefined for a name that Java does not support.
 *
 * Source: java.util.regex.Pattern.family. Differs: uses the Unicode version of Node.js, which may be newer.
 */
export function namedSet(name: string, ignoreCase: boolean): CodePoints | undefined {
  if (name.startsWith('In')) return block(name.slice(2))
  if (!name.startsWith('Is')) return property(name, ignoreCase)
  const short = name.slice(2)
  return binary(short, ignoreCase) ?? property(short, ignoreCase) ?? script(short)
}

/**
 * Returns the code points of `\p{key=value}`, with a lowercase key; undefined if Java does not support them.
 */
export function keyedSet(key: string, value: string, ignoreCase: boolean): CodePoints | undefined {
  if (key === 'sc' || key === 'script') return script(value)
  if (key === 'blk' || key === 'block') return block(value)
  return key === 'gc' || key === 'general_category' ? property(value, ignoreCase) : undefined
}
