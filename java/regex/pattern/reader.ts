import { readClass } from './character-class.ts'
import { complement, EVERY_CODE_POINT, foldAscii, type CodePoints } from './code-points.ts'
import type { Dialect } from './dialect.ts'
import { readEscape, VERTICAL } from './escapes.ts'
import { NO_FLAGS, readFlags, type Flags } from './flags.ts'
import { PatternText } from './text.ts'
import {
  alternative,
  emptyPiece,
  inSequence,
  letterPiece,
  MAX_REPEATS,
  repeated,
  type Piece,
} from './piece.ts'
import { readQuantifier } from './quantifier.ts'
import type { TranslatedPattern } from './translate.ts'

const LINE_FEED: CodePoints = [[10, 10]]
const LINE_ENDS: CodePoints = [
  [10, 10],
  [13, 13],
  [0x85, 0x85],
  [0x2028, 0x2029],
]
/** The maximum repetition count of re2js. */
const MAX_LINEAR_REPEATS = 1000
const LOOK_AROUND = /^\(\?<?[=!]/

const isDigit = (letter: string): boolean => /^[0-9]$/.test(letter)
const isLetter = (letter: string): boolean => /^[A-Za-z]$/.test(letter)

/** Translates a Java pattern to a dialect. Source: java.util.regex.Pattern, including its error messages. */
export class PatternReader {
  readonly #text: PatternText
  readonly #dialect: Dialect
  readonly #names = new Map<string, number>()
  #flags = NO_FLAGS
  #groupCount = 0
  #kept = 0
  #backtracking = false

  constructor(pattern: string, dialect: Dialect) {
    this.#text = new PatternText(pattern)
    this.#dialect = dialect
  }

  read(): TranslatedPattern {
    const { source } = this.#alternatives()
    if (this.#text.peek() === ')') throw this.#text.error("Unmatched closing ')'")
    if (this.#text.cursor > this.#text.length) throw this.#text.error('Unexpected internal error')
    this.#text.throwRefused()
    const engine = this.#backtracking ? 'backtracking' : 'linear'
    return { source, engine, groupCount: this.#groupCount, names: this.#names }
  }

  /** Parses alternatives up to the end, or to the closing parenthesis of the enclosing group. */
  #alternatives(): Piece {
    let all = this.#sequence()
    while (this.#text.peek() === '|') {
      this.#text.cursor++
      all = alternative(all, this.#sequence())
    }
    return all
  }

  #sequence(): Piece {
    let all = emptyPiece('')
    for (
      let letter = this.#text.peek();
      letter !== '' && letter !== '|' && letter !== ')';
      letter = this.#text.peek()
    ) {
      all = inSequence(all, this.#piece(letter))
    }
    return all
  }

  #piece(letter: string): Piece {
    if ('*+?'.includes(letter)) {
      this.#text.cursor++
      throw this.#text.error(`Dangling meta character '${letter}'`)
    }
    if (letter === '(') return this.#group()
    const piece = this.#atom(letter)
    return this.#quantified(piece, piece.longest === 1 ? 'letter' : 'other')
  }

  #atom(letter: string): Piece {
    if (letter === '{') return emptyPiece('(?:)')
    if (letter === '[') return this.#oneOf(readClass(this.#text, this.#flags.i))
    this.#text.cursor++
    if (letter === '\\') return this.#escape()
    const { s, m, d } = this.#flags
    if (letter === '.') return this.#oneOf(s ? EVERY_CODE_POINT : complement(d ? LINE_FEED : LINE_ENDS))
    if (letter === '^') return this.#place(m ? this.#dialect.lineStart : this.#dialect.start)
    if (letter === '$') return this.#place(m ? this.#dialect.lineEnd : this.#dialect.end)
    return this.#letter(letter.codePointAt(0) ?? 0)
  }

  #letter(code: number): Piece {
    const cases = this.#flags.i ? foldAscii([[code, code]]) : []
    return cases.length > 1 ? this.#oneOf(cases) : letterPiece(this.#dialect.letter(code))
  }

  #oneOf(set: CodePoints): Piece {
    return letterPiece(this.#dialect.set(set))
  }

  /** Parses an escape, with the cursor after the backslash. */
  #escape(): Piece {
    const letter = this.#text.peek()
    const { start, end } = this.#dialect
    const place = { A: start, z: end, Z: `(?:\\r?\\n)?${end}`, B: '\\B' }[letter]
    if (place !== undefined) return this.#skip(place)
    if (letter === 'b') return this.#boundary()
    if (letter === 'R') return { ...this.#skip(`\\r\\n|${this.#dialect.set(VERTICAL)}`), longest: 2 }
    if (letter === 'G') return this.#refuse('\\G')
    if (letter === 'X') return this.#refuse('\\X')
    if (letter === 'k') return this.#namedReference()
    if (/^[1-9]$/.test(letter)) return this.#numberedReference()
    const escape = readEscape(this.#text, this.#flags.i, false)
    return 'code' in escape ? this.#letter(escape.code) : this.#oneOf(escape.set)
  }

  #skip(source: string): Piece {
    this.#text.cursor++
    return this.#place(source)
  }

  /** Wraps an assertion in a group, because the engines cannot repeat a bare one. */
  #place(source: string): Piece {
    return emptyPiece(`(?:${source})`)
  }

  #refuse(what: string): Piece {
    this.#text.refuse(what)
    return this.#skip('')
  }

  #boundary(): Piece {
    if (this.#text.peek(1) !== '{' || this.#text.peek(2) !== 'g') return this.#skip('\\b')
    this.#text.cursor += 3
    if (this.#text.peek() !== '}') {
      this.#text.cursor++
      throw this.#text.error('Illegal/unsupported escape sequence')
    }
    return this.#refuse('\\b{g}')
  }

  #numberedReference(): Piece {
    let number = Number(this.#text.read())
    while (isDigit(this.#text.peek()) && number * 10 + Number(this.#text.peek()) <= this.#groupCount) {
      number = number * 10 + Number(this.#text.read())
    }
    return this.#reference(number)
  }

  #namedReference(): Piece {
    this.#text.cursor++
    if (this.#text.read() !== '<') {
      throw this.#text.error("\\k is not followed by '<' for named capturing group")
    }
    const name = this.#groupName()
    const number = this.#names.get(name)
    if (number === undefined) throw this.#text.error(`named capturing group <${name}> does not exist`)
    return this.#reference(number)
  }

  /** A reference to a group that has not been opened yet never matches. */
  #reference(number: number): Piece {
    this.#backtracking = true
    if (this.#flags.i) this.#text.refuse('a back reference that ignores case')
    const source = number > this.#groupCount ? this.#dialect.set([]) : `\\k<${groupKey(number)}>`
    return { ...emptyPiece(source), bounded: false }
  }

  /** Parses the group name and the closing `>`. */
  #groupName(): string {
    let letter = this.#text.read()
    if (!isLetter(letter)) throw this.#text.error('capturing group name does not start with a Latin letter')
    let name = ''
    for (; isLetter(letter) || isDigit(letter); letter = this.#text.read()) name += letter
    if (letter !== '>') throw this.#text.error("named capturing group is missing trailing '>'")
    return name
  }

  #group(): Piece {
    const outer = this.#flags
    this.#text.cursor++
    if (this.#text.peek() !== '?') return this.#closing(outer, this.#capturing())
    this.#text.cursor++
    const letter = this.#text.read()
    if (letter === ':') return this.#closing(outer, '(?:')
    if (letter === '=' || letter === '!') return this.#closing(outer, this.#lookAround(`(?${letter}`))
    if (letter === '>') {
      const [opening, closing] = this.#keeping()
      return this.#closing(outer, opening, closing)
    }
    if (letter === '<') return this.#angled(outer)
    if (letter === '$' || letter === '@') throw this.#text.error('Unknown group type')
    this.#text.cursor--
    this.#flags = readFlags(this.#text, this.#flags)
    const end = this.#text.read()
    if (end !== ')' && end !== ':') throw this.#text.error('Unknown inline modifier')
    // The rest cannot be checked without Java's rules for comments
    if (this.#flags.x) this.#text.throwRefused()
    if (end === ')') return emptyPiece('')
    return this.#closing(outer, '(?:')
  }

  /** Parses a named group or a look-behind. */
  #angled(outer: Flags): Piece {
    const letter = this.#text.peek()
    if (letter === '=' || letter === '!') {
      this.#text.cursor++
      return this.#closing(outer, this.#lookAround(`(?<${letter}`))
    }
    const name = this.#groupName()
    if (this.#names.has(name)) {
      throw this.#text.error(`Named capturing group <${name}> is already defined`)
    }
    this.#names.set(name, this.#groupCount + 1)
    return this.#closing(outer, this.#capturing())
  }

  #lookAround(opening: string): string {
    this.#backtracking = true
    return opening
  }

  #capturing(): string {
    return `(?<${groupKey(++this.#groupCount)}>`
  }

  /** Emulates an atomic group: a look-ahead captures the match, and a back reference consumes it. */
  #keeping(): [opening: string, closing: string] {
    const name = `kept${this.#kept++}`
    this.#backtracking = true
    return [`(?=(?<${name}>`, `))\\k<${name}>`]
  }

  /** Parses the contents of a group, its closing parenthesis, and its quantifier. */
  #closing(outer: Flags, opening: string, closing = ')'): Piece {
    const body = this.#alternatives()
    const isAround = LOOK_AROUND.test(opening)
    if (isAround && opening.startsWith('(?<') && !body.bounded) {
      throw this.#text.error('Look-behind group does not have an obvious maximum length')
    }
    if (this.#text.read() !== ')') throw this.#text.error('Unclosed group')
    this.#flags = outer
    const source = opening + body.source + closing
    if (isAround) return this.#quantified(this.#place(source), 'other')
    return this.#quantified({ ...body, source }, closing === ')' ? 'group' : 'other')
  }

  #quantified(piece: Piece, what: 'letter' | 'group' | 'other'): Piece {
    const quantifier = readQuantifier(this.#text)
    if (quantifier === undefined) return piece
    const { min, max, kind } = quantifier
    if (min > MAX_LINEAR_REPEATS || (max > MAX_LINEAR_REPEATS && max < MAX_REPEATS)) this.#backtracking = true
    const all = repeated(piece, quantifier, what)
    if (kind !== 'possessive') return all
    const [opening, closing] = this.#keeping()
    return { ...all, source: opening + all.source + closing }
  }
}

/** The name of a group in the translated pattern. */
export function groupKey(number: number): string {
  return `g${number}`
}
