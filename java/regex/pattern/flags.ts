import type { PatternText } from './text.ts'

/** Supported inline flags. `x` is not supported, but it is tracked because it changes the syntax. */
export interface Flags {
  /** Ignores the case of ASCII letters. */
  readonly i: boolean
  /** `^` and `$` match at line boundaries. */
  readonly m: boolean
  /** The dot matches line terminators. */
  readonly s: boolean
  /** Only `\n` terminates a line. */
  readonly d: boolean
  /** Whitespace and comments are ignored. */
  readonly x: boolean
}

export const NO_FLAGS: Flags = { i: false, m: false, s: false, d: false, x: false }

const KNOWN = 'imsdxcuU'
const NOT_HERE = 'xcuU'

/** Parses flags and applies them to those already in effect. Source: Pattern.addFlag and subFlag. */
export function readFlags(text: PatternText, before: Flags): Flags {
  let flags = before
  let on = true
  for (;;) {
    const letter = text.peek()
    if (letter === '-' && on) on = false
    else if (letter === '' || !KNOWN.includes(letter)) return flags
    else {
      if (on && NOT_HERE.includes(letter)) text.refuse(`the flag (?${letter})`)
      if (letter in NO_FLAGS) flags = { ...flags, [letter]: on }
    }
    text.cursor++
  }
}
