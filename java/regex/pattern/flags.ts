import type { PatternText } from './text.ts'

/** Inline flags that can be followed; of the others, `x` is kept in mind, since it changes the syntax. */
export interface Flags {
  /** Ignores the case of letters of ASCII. */
  readonly i: boolean
  /** `^` and `$` match at lines. */
  readonly m: boolean
  /** The dot matches line ends. */
  readonly s: boolean
  /** Only `\n` ends a line. */
  readonly d: boolean
  /** Blanks and comments are left out. */
  readonly x: boolean
}

export const NO_FLAGS: Flags = { i: false, m: false, s: false, d: false, x: false }

const KNOWN = 'imsdxcuU'
const NOT_HERE = 'xcuU'

/** Reads flags up to what is none, and changes those that were on before. Source: Pattern.addFlag and subFlag. */
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
