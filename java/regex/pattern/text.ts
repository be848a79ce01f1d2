import { ConnectError } from '../../../api/errors.ts'

/**
 * A pattern as Java's compiler reads it: code points, with quotations converted to escapes. Zeros follow the
 * end.
 *
 * Source: java.util.regex.Pattern of Java 17, including its cursor: an error points at the character before
 * the cursor.
 */
export class PatternText {
  readonly pattern: string
  readonly length: number
  cursor = 0
  readonly #codes: readonly number[]
  #refused: string | undefined

  constructor(pattern: string) {
    this.pattern = pattern
    this.#codes = Array.from(unquoted(pattern), (letter) => letter.codePointAt(0) ?? 0)
    this.length = this.#codes.length
  }

  get atEnd(): boolean {
    return this.cursor >= this.length
  }

  codeAt(index: number): number {
    return this.#codes[index] ?? 0
  }

  /** Returns the character at the cursor, or `ahead` characters after it; an empty string at the end. */
  peek(ahead = 0): string {
    const code = this.#codes[this.cursor + ahead]
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  /**
   * Returns the character at the cursor and advances, even beyond the end, as the positions of errors
   * require.
   */
  read(): string {
    const letter = this.peek()
    this.cursor++
    return letter
  }

  slice(from: number, to: number): string {
    return String.fromCodePoint(...this.#codes.slice(from, to))
  }

  indexOf(letter: string): number {
    return this.#codes.indexOf(letter.charCodeAt(0), this.cursor)
  }

  /**
   * Creates an error with the message of Java's PatternSyntaxException.
   *
   * Source: PatternSyntaxException.getMessage.
   */
  error(description: string, index = this.cursor - 1): ConnectError {
    const near = index >= 0 ? ` near index ${index}` : ''
    const indent = this.pattern.slice(0, index).replace(/[^\t]/g, ' ')
    const marker = index >= 0 && index < this.pattern.length ? `\n${indent}^` : ''
    return patternError(`${description}${near}\n${this.pattern}${marker}`)
  }

  /**
   * Records syntax that Java supports and our engines do not. Syntax errors in the rest of the pattern take
   * precedence.
   */
  refuse(what: string): void {
    this.#refused ??= what
  }

  /** Throws `HR_ILLEGAL_ARGUMENT` when unsupported syntax was recorded. */
  throwRefused(): void {
    if (this.#refused === undefined) return
    throw patternError(`The regular expression ${this.pattern} uses ${this.#refused}, which is not supported`)
  }
}

function patternError(message: string): ConnectError {
  const javaClass = 'java.util.regex.PatternSyntaxException'
  return new ConnectError('HR_ILLEGAL_ARGUMENT', message, { javaClass })
}

/** Converts `\Q…\E` to escapes. Source: Pattern.RemoveQEQuoting; escapes a leading digit by its code. */
function unquoted(pattern: string): string {
  return pattern.replace(/\\(?:Q([^]*?)(?:\\E|$)|[^])/g, (whole, quoted: string | undefined) => {
    if (quoted === undefined) return whole
    const first = quoted.replace(/^[0-9]/, (digit) => `\\x3${digit}`)
    const start = first === quoted ? 0 : 4
    const rest = first
      .slice(start)
      .replace(/[\0-\x7f]/g, (letter) => (/[A-Za-z0-9]/.test(letter) ? letter : `\\${letter}`))
    return first.slice(0, start) + rest
  })
}
