import type { PatternText } from './text.ts'
import { MAX_REPEATS, type Quantifier } from './piece.ts'

const isDigit = (letter: string): boolean => /^[0-9]$/.test(letter)

/**
 * Parses a quantifier; undefined when there is none. Throws `HR_ILLEGAL_ARGUMENT`.
 *
 * Source: Pattern.closure.
 */
export function readQuantifier(text: PatternText): Quantifier | undefined {
  const letter = text.peek()
  if (letter === '' || !'*+?{'.includes(letter)) return undefined
  const [min, max] =
    letter === '{' ? readCounts(text) : [letter === '+' ? 1 : 0, letter === '?' ? 1 : MAX_REPEATS]
  if (letter !== '{') text.cursor++
  const suffix = text.peek()
  const kind = suffix === '?' ? 'lazy' : suffix === '+' ? 'possessive' : 'greedy'
  if (kind !== 'greedy') text.cursor++
  const source = letter === '{' ? countsText(min, max) : letter
  return { source: kind === 'lazy' ? `${source}?` : source, min, max, kind, letter }
}

function readCounts(text: PatternText): readonly [min: number, max: number] {
  text.cursor++
  if (!isDigit(text.peek())) {
    text.cursor++
    throw text.error('Illegal repetition')
  }
  const min = readCount(text)
  let max = min
  if (text.peek() === ',') {
    text.cursor++
    max = text.peek() === '}' ? MAX_REPEATS : readCount(text)
  }
  if (text.read() !== '}') throw text.error('Unclosed counted closure')
  if (max < min) throw text.error('Illegal repetition range')
  return [min, max]
}

/** On overflow of 31 bits, the error points at the digit that causes it. */
function readCount(text: PatternText): number {
  let count = 0
  while (isDigit(text.peek())) {
    count = count * 10 + Number(text.read())
    if (count > MAX_REPEATS) throw text.error('Illegal repetition range')
  }
  return count
}

function countsText(min: number, max: number): string {
  if (max === min) return `{${min}}`
  return max === MAX_REPEATS ? `{${min},}` : `{${min},${max}}`
}
