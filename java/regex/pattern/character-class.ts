import { codePoints, complement, foldAscii, intersection, union, type CodePoints } from './code-points.ts'
import { readEscape } from './escapes.ts'
import type { PatternText } from './text.ts'

/**
 * Parses a character class, with the cursor at its `[`: unions, nested classes and intersections. A leading
 * `^` negates all of it.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` with Java's message. Source: Pattern.clazz of Java 9 and later.
 */
export function readClass(text: PatternText, ignoreCase: boolean): CodePoints {
  text.cursor++
  return readMembers(text, ignoreCase, true)
}

/** `closes`: also consumes the `]`; otherwise the `]` belongs to the enclosing class. */
function readMembers(text: PatternText, ignoreCase: boolean, closes: boolean): CodePoints {
  const negated = text.peek() === '^' && text.codeAt(text.cursor - 1) === OPENING
  if (negated) text.cursor++
  let all: CodePoints | undefined
  let last: CodePoints | undefined
  for (;;) {
    const letter = text.peek()
    if (letter === '') throw text.error('Unclosed character class')
    if (letter === ']' && all !== undefined) break
    if (letter === '&' && text.peek(1) === '&') {
      text.cursor += 2
      const right = readRight(text, ignoreCase)
      if (all === undefined) {
        if (right === undefined) throw text.error('Bad class syntax')
        all = right
      } else all = intersection(all, right ?? last ?? all)
      last = right ?? last
      continue
    }
    last = letter === '[' ? readClass(text, ignoreCase) : readRange(text, ignoreCase)
    all = all === undefined ? last : union(all, last)
  }
  if (closes) text.cursor++
  return negated ? complement(all) : all
}

const OPENING = '['.charCodeAt(0)

/**
 * Parses the operand after `&&`, up to the end of the class or the next `&&`; undefined when there is none.
 */
function readRight(text: PatternText, ignoreCase: boolean): CodePoints | undefined {
  let right: CodePoints | undefined
  for (let letter = text.peek(); letter !== ']' && letter !== '&'; letter = text.peek()) {
    const part = letter === '[' ? readClass(text, ignoreCase) : readMembers(text, ignoreCase, false)
    right = right === undefined ? part : union(right, part)
  }
  return right
}

/** Parses a character, a range, or an escape for a set. Source: Pattern.range. */
function readRange(text: PatternText, ignoreCase: boolean): CodePoints {
  const from = readLetter(text, ignoreCase)
  if (typeof from !== 'number') return from
  const cased = (set: CodePoints): CodePoints => (ignoreCase ? foldAscii(set) : set)
  const next = text.peek(1)
  if (text.peek() !== '-' || next === '[' || next === ']') return cased([[from, from]])
  text.cursor++
  const to = readEnd(text, ignoreCase)
  if (to < from) throw text.error('Illegal character range')
  return cased(codePoints([from, to]))
}

function readLetter(text: PatternText, ignoreCase: boolean): number | CodePoints {
  if (text.peek() !== '\\') return text.read().codePointAt(0) ?? 0
  text.cursor++
  const escape = readEscape(text, ignoreCase, text.peek(1) === '-')
  return 'code' in escape ? escape.code : escape.set
}

/**
 * Parses the end of a range. Returns a value below any character when it is an escape for a set, or missing.
 */
function readEnd(text: PatternText, ignoreCase: boolean): number {
  if (text.peek() !== '\\') return text.read().codePointAt(0) ?? 0
  text.cursor++
  if (/^[pP]$/.test(text.peek())) {
    text.cursor++
    throw text.error('Illegal/unsupported escape sequence')
  }
  const escape = readEscape(text, ignoreCase, true)
  return 'code' in escape ? escape.code : -1
}
