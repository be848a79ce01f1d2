import { ConnectError } from '../../../api/errors.ts'

/**
 * A pattern as Java's compiler reads it: code points, with quotations turned into escapes. Behind the end there are zeros.
 *
 * Source: java.util.regex.Pattern of Java 17, with its cursor: an error points at the letter before it.
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

  /** The letter at the cursor, or so many behind it; empty at the end. */
  peek(ahead = 0): string {
    const code = this.#codes[this.cursor + ahead]
    return code === undefined ? '' : String.fromCodePoint(code)
  }

  /** The letter at the cursor, which moves on; also behind the end, as errors there are counted from. */
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

  /** What Java's PatternSyntaxException says. Source: PatternSyntaxException.getMessage. */
  error(description: string, index = this.cursor - 1): ConnectError {
    const near = index >= 0 ? ` near index ${index}` : ''
    const indent = this.pattern.slice(0, index).replace(/[^\t]/g, ' ')
    const marker = index >= 0 && index < this.pattern.length ? `\n${indent}^` : ''
    return patternError(`${description}${near}\n${this.pattern}${marker}`)
  }

  /** Notes what Java takes and no engine here can run. It counts once the rest of the syntax is known to be right. */
  refuse(what: string): void {
    this.#refused ??= what
  }

  /** Throws `HR_ILLEGAL_ARGUMENT` when something was refused. */
  throwRefused(): void {
    if (this.#refused === undefined) return
    throw patternError(`The regular expression ${this.pattern} uses ${this.#refused}, which is not supported`)
  }
}

function patternError(message: string): ConnectError {
  const javaClass = 'java.util.regex.PatternSyntaxException'
  return new ConnectError('HR_ILLEGAL_ARGUMENT', message, { javaClass })
}

/** `\Q…\E` as escapes. Source: Pattern.RemoveQEQuoting; a digit at the start is escaped by its code. */
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
