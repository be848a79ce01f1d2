import { ConnectError } from '../errors.ts'
import { checkJavaSyntax } from './java-syntax.ts'

/** A Java pattern in the syntax of the engine that can run it. */
export interface TranslatedPattern {
  readonly source: string
  /** `linear` never takes long; `backtracking` is needed for look-around and back references, and is timed. */
  readonly engine: 'linear' | 'backtracking'
  readonly flags: string
  /** Places of the pattern's own groups among those of the source, which may have more. */
  readonly groups: readonly number[]
}

/** Names of groups that stand for what is not to be given back, as in possessive quantifiers. */
const KEPT = 'kept__'

/** Java's POSIX-like classes, as bracket contents. */
const posixClasses: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\x00-\\x7F',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: 'a-zA-Z0-9',
  Punct: '!-\\/:-@\\[-`{-~',
  Graph: '!-~',
  Print: ' -~',
  Blank: ' \\t',
  Cntrl: '\\x00-\\x1F\\x7F',
  XDigit: '0-9a-fA-F',
  Space: ' \\t\\n\\x0B\\f\\r',
}

const HORIZONTAL = ' \\t\\xA0'
const SPACE = ' \\t\\n\\x0B\\f\\r'
/** What a dot does not match, as it is: the engines write it differently. */
const LINE_ENDS = '\n\r\u0085\u2028\u2029'
const VERTICAL = '\\n\\x0B\\f\\r\\x85'
const SCRIPT_OR_CATEGORY =
  /^(L|Lu|Ll|Lt|Lm|Lo|M|N|Nd|Nl|No|P|S|Z|C|Latin|Greek|Cyrillic|Han|Hebrew|Arabic|Hiragana|Katakana)$/

/**
 * Rewrites a Java regular expression for the engines we have.
 *
 * Throws `HR_ILLEGAL_ARGUMENT` with the reason when it uses something that neither has, rather than let it mean
 * something else. Source: java.util.regex.Pattern. Differs: what neither engine has is refused.
 */
export function translate(pattern: string): TranslatedPattern {
  checkJavaSyntax(pattern)
  return new Translator(pattern).run()
}

class Translator {
  readonly #pattern: string
  #at = 0
  #out = ''
  #backtracking = false
  #flags = ''
  /** Where in the output the last piece begins that a quantifier would repeat. */
  #pieceStart = 0
  readonly #openGroups: { readonly start: number; readonly closing: string }[] = []
  #kept = 0
  #dotAll = false

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  run(): TranslatedPattern {
    while (this.#at < this.#pattern.length) this.#step()
    const engine = this.#backtracking ? 'backtracking' : 'linear'
    const groups = ownGroups(this.#out)
    const source = this.#kept === 0 ? this.#out : withReferencesTo(this.#out, groups)
    return { source, engine, flags: this.#flags, groups }
  }

  #step(): void {
    const letter = this.#pattern.charAt(this.#at)
    const [counts] = /^\{\d+(?:,\d*)?\}/.exec(this.#pattern.slice(this.#at)) ?? []
    if (counts !== undefined) return this.#quantifier(counts.length)
    if ('*+?'.includes(letter)) return this.#quantifier(1)
    if (letter === ')') return this.#closeGroup()
    this.#pieceStart = this.#out.length
    if (letter === '\\') this.#escape(false)
    else if (letter === '[') this.#bracket()
    else if (letter === '(') this.#group()
    else if (letter === '.' && !this.#dotAll) this.#emit(`[^${LINE_ENDS}]`, 1)
    else this.#copy(1)
  }

  #copy(length: number): void {
    this.#out += this.#pattern.slice(this.#at, this.#at + length)
    this.#at += length
  }

  #emit(text: string, consumed: number): void {
    this.#out += text
    this.#at += consumed
  }

  /** With a `+` behind it gives nothing back: what a look-ahead has found, and a reference to it repeats. */
  #quantifier(length: number): void {
    this.#copy(length)
    const next = this.#pattern.charAt(this.#at)
    if (next === '?') return this.#copy(1)
    if (next !== '+') return
    this.#at++
    const repeated = this.#out.slice(this.#pieceStart)
    this.#out = this.#out.slice(0, this.#pieceStart)
    const [opening, closing] = this.#keeping()
    this.#out += opening + repeated + closing
  }

  #keeping(): [opening: string, closing: string] {
    const name = `${KEPT}${this.#kept++}`
    this.#backtracking = true
    return [`(?=(?<${name}>`, `))\\k<${name}>`]
  }

  #group(): void {
    const rest = this.#pattern.slice(this.#at)
    if (/^\(\?[a-zA-Z-]+[:)]/.test(rest)) return this.#inlineFlags(rest)
    const start = this.#out.length
    if (rest.startsWith('(?>')) {
      const [opening, closing] = this.#keeping()
      this.#openGroups.push({ start, closing })
      return this.#emit(opening, 3)
    }
    if (/^\(\?(=|!|<=|<!)/.test(rest)) this.#backtracking = true
    this.#openGroups.push({ start, closing: ')' })
    this.#copy(rest.startsWith('(?') ? 2 : 1)
  }

  #closeGroup(): void {
    const { start, closing } = this.#openGroups.pop() ?? { start: this.#out.length, closing: ')' }
    this.#emit(closing, 1)
    this.#pieceStart = start
  }

  #inlineFlags(rest: string): void {
    const [whole = '', flags = '', end] = /^\(\?([a-zA-Z-]+)([:)])/.exec(rest) ?? []
    if (!/^[ims-]+$/.test(flags)) throw this.#refused(`the flags (?${flags})`)
    this.#dotAll ||= flags.includes('s')
    if (this.#at === 0 && end === ')' && !flags.includes('-')) this.#flags = flags
    if (end === ':') this.#openGroups.push({ start: this.#out.length, closing: ')' })
    this.#copy(whole.length)
  }

  #escape(inBracket: boolean): void {
    const next = this.#pattern.charAt(this.#at + 1)
    if (next === '') throw this.#refused('a backslash at the end')
    if (next === 'Q') return this.#quoted(inBracket)
    if (next === 'p' || next === 'P') return this.#property(inBracket, next === 'P')
    if (next === 'u') return this.#hex(/^\\u([0-9a-fA-F]{4})/, '\\uXXXX')
    if (next === 'x') return this.#hex(/^\\x(?:\{([0-9a-fA-F]+)\}|([0-9a-fA-F]{2}))/, '\\xXX')
    if (/[1-9]/.test(next) || next === 'k') this.#backtracking = true
    const simple = this.#simpleEscape(next, inBracket)
    if (simple !== undefined) return this.#emit(simple, 2)
    if (/[A-Za-z]/.test(next) && !/[dDwWsSbBtnrfaAzk]/.test(next)) throw this.#refused(`\\${next}`)
    this.#copy(2)
  }

  #simpleEscape(letter: string, inBracket: boolean): string | undefined {
    const set = (contents: string) => (inBracket ? contents : `[${contents}]`)
    if (letter === 'h') return set(HORIZONTAL)
    if (letter === 'v') return set(VERTICAL)
    if (letter === 's') return set(SPACE)
    if (letter === 'e') return '\\x1B'
    if (inBracket) return undefined
    if (letter === 'S') return `[^${SPACE}]`
    if (letter === 'H') return `[^${HORIZONTAL}]`
    if (letter === 'V') return `[^${VERTICAL}]`
    if (letter === 'R') return `(?:\\r\\n|[${VERTICAL}])`
    return letter === 'Z' ? '(?:\\r?\\n)?\\z' : undefined
  }

  #quoted(inBracket: boolean): void {
    const end = this.#pattern.indexOf('\\E', this.#at + 2)
    const text = this.#pattern.slice(this.#at + 2, end < 0 ? undefined : end)
    const escaped = text.replaceAll(inBracket ? /[\]\\^-]/g : /[\\^$.*+?()[\]{}|]/g, String.raw`\$&`)
    this.#emit(escaped, end < 0 ? this.#pattern.length - this.#at : end + 2 - this.#at)
  }

  #property(inBracket: boolean, negated: boolean): void {
    const match = /^\\[pP](?:\{\^?([A-Za-z_=]+)\}|([A-Z]))/.exec(this.#pattern.slice(this.#at))
    const name = (match?.[1] ?? match?.[2] ?? '').replace(/^Is|^general_category=|^script=/, '')
    const posix = posixClasses[name]
    if (match !== null && posix !== undefined) {
      if (negated && inBracket) throw this.#refused(`\\P{${name}} inside brackets`)
      return this.#emit(inBracket ? posix : `[${negated ? '^' : ''}${posix}]`, match[0].length)
    }
    if (match === null || !SCRIPT_OR_CATEGORY.test(name)) throw this.#refused(`\\p{${name}}`)
    this.#flags = this.#flags.includes('u') ? this.#flags : `${this.#flags}u`
    this.#emit(`\\${negated ? 'P' : 'p'}{${name}}`, match[0].length)
  }

  #hex(form: RegExp, name: string): void {
    const match = form.exec(this.#pattern.slice(this.#at))
    const code = Number.parseInt(match?.[1] ?? match?.[2] ?? '', 16)
    if (match === null || Number.isNaN(code)) throw this.#refused(`${name} without its digits`)
    const letter = String.fromCodePoint(code)
    this.#emit(
      /[\w\u0080-\u{10ffff}]/u.test(letter) ? letter : `\\x${code.toString(16).padStart(2, '0')}`,
      match[0].length,
    )
  }

  #bracket(): void {
    this.#copy(1)
    if (this.#pattern.charAt(this.#at) === '^') this.#copy(1)
    if (this.#pattern.charAt(this.#at) === ']') this.#emit('\\]', 1)
    for (;;) {
      const letter = this.#pattern.charAt(this.#at)
      if (letter === '') throw this.#refused('a bracket that is not closed')
      if (letter === ']') return this.#copy(1)
      if (letter === '[') throw this.#refused('a bracket within brackets')
      if (this.#pattern.startsWith('&&', this.#at)) throw this.#refused('an intersection (&&) of characters')
      if (letter === '\\') this.#escape(true)
      else this.#copy(1)
    }
  }

  #refused(what: string): ConnectError {
    const message = `The regular expression ${this.#pattern} uses ${what} at position ${this.#at}, which is not supported`
    return new ConnectError('HR_ILLEGAL_ARGUMENT', message, {
      javaClass: 'java.util.regex.PatternSyntaxException',
    })
  }
}

/** Escapes and brackets as wholes, the beginning of groups, and all else letter by letter. */
const PIECES = /\\.|\[(?:\\.|[^\]\\])*\]|\((?:\?(?:<(?<name>[A-Za-z]\w*)>|<?[:=!]?))?|[^]/g

/** Places of the groups that capture, without those made here. */
function ownGroups(source: string): number[] {
  const names = [...source.matchAll(PIECES)]
    .filter(([piece], index, pieces) => piece === '(' || pieces[index]?.groups?.['name'] !== undefined)
    .map(({ groups }) => groups?.['name'] ?? '')
  return names.flatMap((name, index) => (name.startsWith(KEPT) ? [] : [index + 1]))
}

/** References by number mean the groups of the pattern, wherever they are now. */
function withReferencesTo(source: string, groups: readonly number[]): string {
  return source.replaceAll(PIECES, (piece) => {
    const [, number] = /^\\([1-9])$/.exec(piece) ?? []
    return number === undefined ? piece : `\\${groups[Number(number) - 1] ?? 0}(?:)`
  })
}
