import { complement, MAX_CODE_POINT, type CodePoints } from './code-points.ts'

/**
 * The regular expression syntax of an engine.
 *
 * Differs: `\b` considers only ASCII characters, and `$` matches only at the end of the text.
 */
export interface Dialect {
  /** Matches one character, given its code point. */
  letter(code: number): string
  /** Matches any character of a set. */
  set(set: CodePoints): string
  readonly start: string
  readonly end: string
  readonly lineStart: string
  readonly lineEnd: string
}

function dialect(hex: (code: number) => string, anchors: Omit<Dialect, 'letter' | 'set'>): Dialect {
  const letter = (code: number): string => {
    const text = String.fromCodePoint(code)
    if (/^[0-9A-Za-z_]$/.test(text)) return text
    return hex(code)
  }
  const ranges = (set: CodePoints): string =>
    set.map(([first, last]) => (first === last ? letter(first) : `${letter(first)}-${letter(last)}`)).join('')
  const nothing = `[^${hex(0)}-${hex(MAX_CODE_POINT)}]`
  const set = (members: CodePoints): string => {
    if (members.length === 0) return nothing
    const others = complement(members)
    if (others.length > 0 && others.length < members.length) return `[^${ranges(others)}]`
    return `[${ranges(members)}]`
  }
  return { letter, set, ...anchors }
}

/** Syntax of re2js, the linear-time engine. */
export const linearDialect = dialect((code) => `\\x{${code.toString(16)}}`, {
  start: '\\A',
  end: '\\z',
  lineStart: '(?m:^)',
  lineEnd: '(?m:$)',
})

/** Syntax of JavaScript's own engine with the `u` flag. */
export const backtrackingDialect = dialect((code) => `\\u{${code.toString(16)}}`, {
  start: '^',
  end: '$',
  lineStart: '(?<![^\\n])',
  lineEnd: '(?![^\\n])',
})
