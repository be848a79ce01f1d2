import { ConnectError } from '../errors.ts'

/**
 * Throws `HR_ILLEGAL_ARGUMENT` with Java's message on what Java's compiler refuses in a regular expression: the
 * message is what users know from `…/validate`. What it does not look at passes, and is for the engines to judge.
 *
 * Source: java.util.regex.Pattern of Java 17, PatternSyntaxException.getMessage.
 */
export function checkJavaSyntax(pattern: string): void {
  const syntax = new JavaSyntax(pattern)
  syntax.alternatives()
  syntax.end()
}

const isDigit = (letter: string): boolean => /^[0-9]$/.test(letter)

/** Names of categories and POSIX classes; scripts, blocks and binary properties are not looked up. */
const PROPERTY =
  /^(?:[LMNZSPC]|C[cfnos]|L[ulmtoCD1]|M[nec]|N[dlo]|P[cdefios]|S[mcko]|Z[lps]|all|ASCII|Alnum|Alpha|Blank|Cntrl|Digit|Graph|Lower|Print|Punct|Space|Upper|XDigit|java\w+|Is.+|In.+|.+=.+)$/

class JavaSyntax {
  readonly #pattern: string
  readonly #names = new Set<string>()
  #at = 0

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  /** Everything up to the end, or to a bracket that the caller has opened. */
  alternatives(): void {
    for (;;) {
      const letter = this.#peek()
      if (letter === '' || letter === ')') return
      if (letter === '|') this.#at++
      else this.#piece()
    }
  }

  end(): void {
    if (this.#peek() === ')') throw this.#error("Unmatched closing ')'", this.#at - 1)
  }

  #peek(ahead = 0): string {
    return this.#pattern.charAt(this.#at + ahead)
  }

  #piece(): void {
    const letter = this.#peek()
    if ('*+?'.includes(letter)) throw this.#error(`Dangling meta character '${letter}'`, this.#at)
    if (letter === '(') {
      if (this.#group()) return
    } else if (letter === '[') this.#bracket()
    else if (letter === '\\') this.#escape(false)
    else if (letter !== '{') this.#at++
    this.#quantifier()
  }

  #quantifier(): void {
    const letter = this.#peek()
    if ('*+?'.includes(letter) && letter !== '') this.#at++
    else if (letter === '{') this.#counted()
    else return
    if ('?+'.includes(this.#peek())) this.#at += this.#peek() === '' ? 0 : 1
  }

  #counted(): void {
    const rest = this.#pattern.slice(this.#at)
    if (!isDigit(rest.charAt(1))) throw this.#error('Illegal repetition', this.#at + 1)
    const [counts = '', least, most] = /^\{(\d+)(?:,(\d*))?/.exec(rest) ?? []
    const end = this.#at + counts.length
    this.#checkCount(least, this.#at + 1)
    this.#checkCount(most, this.#at + 2 + (least?.length ?? 0))
    if (this.#pattern.charAt(end) !== '}') throw this.#error('Unclosed counted closure', end)
    const [min, max] = [Number(least), most === undefined || most === '' ? Infinity : Number(most)]
    if (max < min) throw this.#error('Illegal repetition range', end)
    this.#at = end + 1
  }

  /** Beyond 31 bits the digit that is too many is the fault. */
  #checkCount(digits = '', at: number): void {
    for (let length = 1; length <= digits.length; length++) {
      if (Number(digits.slice(0, length)) < 2 ** 31) continue
      throw this.#error('Illegal repetition range', at + length - 1)
    }
  }

  /** True for flags that stand alone: nothing can be repeated there. */
  #group(): boolean {
    const rest = this.#pattern.slice(this.#at)
    const [lead = ''] = /^\((?:\?(?:[:=!>]|<[=!]))?/.exec(rest) ?? []
    if (lead === '(' && rest.charAt(1) === '?') {
      if (rest.charAt(2) === '<') this.#groupName()
      else if (this.#flags()) return true
    } else this.#at += lead.length
    this.alternatives()
    if (this.#peek() !== ')') throw this.#error('Unclosed group', this.#at)
    this.#at++
    return false
  }

  #groupName(): void {
    const start = this.#at + 3
    const [name = ''] = /^[A-Za-z][A-Za-z0-9]*/.exec(this.#pattern.slice(start)) ?? []
    if (name === '') throw this.#error('capturing group name does not start with a Latin letter', start)
    const end = start + name.length
    if (this.#pattern.charAt(end) !== '>') {
      throw this.#error("named capturing group is missing trailing '>'", end)
    }
    if (this.#names.has(name)) throw this.#error(`Named capturing group <${name}> is already defined`, end)
    this.#names.add(name)
    this.#at = end + 1
  }

  /** True when they stand alone, as in `(?i)`. */
  #flags(): boolean {
    const start = this.#at + 2
    const [flags = ''] = /^[idmsuxU]*(?:-[idmsuxU]*)?/.exec(this.#pattern.slice(start)) ?? []
    const end = start + flags.length
    const next = this.#pattern.charAt(end)
    if (next !== ')' && next !== ':') throw this.#error('Unknown inline modifier', end)
    this.#at = end + 1
    return next === ')'
  }

  #bracket(): void {
    this.#at++
    if (this.#peek() === '^') this.#at++
    for (let first = true; ; first = false) {
      const letter = this.#peek()
      if (letter === '') throw this.#error('Unclosed character class', this.#pattern.length - 1)
      if (letter === ']' && !first) break
      if (letter === '[') this.#bracket()
      else if (this.#pattern.startsWith('&&', this.#at)) this.#at += 2
      else this.#range()
    }
    this.#at++
  }

  #range(): void {
    const from = this.#bracketLetter()
    if (this.#peek() !== '-' || from === undefined) return
    const next = this.#peek(1)
    if (next === '' || next === ']' || next === '[') return
    this.#at++
    const to = this.#bracketLetter()
    if (to === undefined || to < from) throw this.#error('Illegal character range', this.#at - 1)
  }

  /** The code of a letter within brackets; undefined for a class such as `\d`. */
  #bracketLetter(): number | undefined {
    if (this.#peek() === '\\') return this.#escape(true)
    const code = this.#pattern.codePointAt(this.#at) ?? 0
    this.#at += code > 0xffff ? 2 : 1
    return code
  }

  /** The code of the letter that it stands for, where it stands for one. */
  #escape(inBracket: boolean): number | undefined {
    const letter = this.#peek(1)
    if (letter === '') throw this.#error('Unexpected internal error', this.#at + 1)
    if (letter === 'Q') return this.#quotation()
    if (letter === 'p' || letter === 'P') return this.#property()
    if (letter === 'x') return this.#hexadecimal()
    if (letter === 'u') return this.#unicode()
    if (letter === '0') return this.#octal()
    if (letter === 'k' && !inBracket) return this.#namedReference()
    if (letter === 'c' && this.#peek(2) === '')
      throw this.#error('Illegal control escape sequence', this.#at + 1)
    const known = inBracket ? /[acdDefhHnNrstvVwWS]/ : /[aAbBcdDefGhHnNrRsSStvVwWXzZ1-9]/
    if (/[A-Za-z0-9]/.test(letter) && !known.test(letter)) {
      throw this.#error('Illegal/unsupported escape sequence', this.#at + 1)
    }
    const [braces = ''] = /^\\(?:b\{g\}|N\{[^}]*\})/.exec(this.#pattern.slice(this.#at)) ?? []
    this.#at += braces.length > 0 ? braces.length : letter === 'c' ? 3 : 2
    return /[A-Za-z0-9]/.test(letter) ? undefined : letter.charCodeAt(0)
  }

  #quotation(): undefined {
    const end = this.#pattern.indexOf('\\E', this.#at + 2)
    this.#at = end < 0 ? this.#pattern.length : end + 2
  }

  #property(): undefined {
    const start = this.#at + 2
    const letter = this.#pattern.charAt(start)
    if (letter !== '{') {
      if (!PROPERTY.test(letter)) throw this.#error(`Unknown character property name {${letter}}`, start)
      this.#at = start + 1
      return
    }
    const end = this.#pattern.indexOf('}', start)
    if (end < 0) throw this.#error('Unclosed character family', this.#pattern.length)
    const name = this.#pattern.slice(start + 1, end)
    if (!PROPERTY.test(name)) throw this.#error(`Unknown character property name {${name}}`, end)
    this.#at = end + 1
  }

  #hexadecimal(): number {
    const rest = this.#pattern.slice(this.#at + 2)
    const [braced, long] = /^\{([0-9a-fA-F]+)/.exec(rest) ?? []
    if (braced !== undefined) {
      const end = this.#at + 2 + braced.length
      if (this.#pattern.charAt(end) !== '}') throw this.#error('Unclosed hexadecimal escape sequence', end)
      this.#at = end + 1
      return Number.parseInt(long ?? '', 16)
    }
    const [digits = ''] = /^[0-9a-fA-F]{0,2}/.exec(rest) ?? []
    if (digits.length < 2)
      throw this.#error('Illegal hexadecimal escape sequence', this.#at + 2 + digits.length)
    this.#at += 4
    return Number.parseInt(digits, 16)
  }

  #unicode(): number {
    const [digits = ''] = /^[0-9a-fA-F]{0,4}/.exec(this.#pattern.slice(this.#at + 2)) ?? []
    if (digits.length < 4) throw this.#error('Illegal Unicode escape sequence', this.#at + 2 + digits.length)
    this.#at += 6
    return Number.parseInt(digits, 16)
  }

  #octal(): number {
    const [digits] = /^(?:[0-3][0-7]{2}|[0-7]{1,2})/.exec(this.#pattern.slice(this.#at + 2)) ?? []
    if (digits === undefined) throw this.#error('Illegal octal escape sequence', this.#at + 2)
    this.#at += 2 + digits.length
    return Number.parseInt(digits, 8)
  }

  #namedReference(): undefined {
    const rest = this.#pattern.slice(this.#at)
    const [whole, name = ''] = /^\\k<([A-Za-z][A-Za-z0-9]*)>/.exec(rest) ?? []
    if (rest.charAt(2) !== '<') {
      throw this.#error("\\k is not followed by '<' for named capturing group", this.#at + 2)
    }
    if (whole === undefined || !this.#names.has(name)) {
      const end = this.#at + (whole ?? '\\k<').length - 1
      throw this.#error(`named capturing group <${name}> does not exist`, end)
    }
    this.#at += whole.length
  }

  #error(description: string, index: number): ConnectError {
    const near = index >= 0 ? ` near index ${index}` : ''
    const marker = index >= 0 && index < this.#pattern.length ? `\n${' '.repeat(index)}^` : ''
    const message = `${description}${near}\n${this.#pattern}${marker}`
    const javaClass = 'java.util.regex.PatternSyntaxException'
    return new ConnectError('HR_ILLEGAL_ARGUMENT', message, { javaClass })
  }
}
