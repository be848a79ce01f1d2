import { ConnectError } from '../../api/errors.ts'
import { type Float64, int64, schemalessFloat } from '../../api/numbers/index.ts'

/** A number as written, for callers that need more digits than a double has. */
export class JsonNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Options of {@link parseJson}. */
export interface JsonParseOptions {
  /** `exact` returns numbers with a fraction or exponent as {@link JsonNumber}; the default is doubles. */
  readonly decimals?: 'double' | 'exact'
  /**
   * What becomes of integers beyond 64 bits: by default they wrap to 64 bits; `exact` returns a {@link JsonNumber}, and
   * `double` the nearest double.
   */
  readonly longIntegers?: 'wrap' | 'exact' | 'double'
  /** Returns every number as {@link JsonNumber}. */
  readonly numbersAsWritten?: boolean
  /** Rejects trailing content. `proper` also rejects leading zeros, and uses Jackson's message for trailing values. */
  readonly whole?: boolean | 'proper'
}

/** A syntax error and its position. */
export class JsonSyntaxError extends ConnectError {
  /** Index of the invalid character. */
  readonly at: number
  constructor(what: string, at: number) {
    super('HR_DATA_INVALID', `Not valid JSON: ${what}`)
    this.at = at
  }
}

/** The same limit as Jackson, independent of the stack size. */
const MAX_DEPTH = 1000

/** Matches an exponent, or letters of a string that look like one. */
const EXPONENT = /\d[eE][-+\d]/

/**
 * Matches a float that may be integral, which cannot be seen in the result of `JSON.parse`: one with an exponent, or a fraction
 * that is zero or nearly so. A match within a string only takes the slower path.
 */
const INTEGRAL = /(?:^|[:,[\s])-?(?:\d+(?:\.0+(?!\d)|\.0{12}|(?:\.\d+)?[eE]))/

/** Every integer below this limit is exact as a double. */
const EXACT_BELOW = 1e15

/**
 * Parses JSON into Connect's schemaless values without loss: 64-bit integers stay exact, and integral floats stay
 * floats. Objects are plain, and `__proto__` is an ordinary key.
 *
 * Throws `HR_DATA_INVALID`. Like Jackson in Kafka Connect, it allows leading zeros and ignores content after the first
 * value, unless `whole` is set. Integers beyond 64 bits wrap, unless `longIntegers` says otherwise.
 *
 * Differs: Jackson rejects numbers of more than 1,000 digits, names of more than 50,000 characters and values that are
 * nested deeper than 1,000 levels.
 */
export function parseJson(text: string, options: JsonParseOptions = {}): unknown {
  if (
    options.decimals !== 'exact' &&
    options.numbersAsWritten !== true &&
    !((text.includes('.0') || EXPONENT.test(text)) && INTEGRAL.test(text))
  ) {
    try {
      const value = JSON.parse(text) as unknown
      if (isExact(value, 0)) return value
    } catch {
      // the parser below is more lenient and reports the error
    }
  }
  return new JsonParser(text, options).parse()
}

/** Whether `JSON.parse` preserved all numbers, unlike long integers and `-0`. False for a value that is too deep. */
function isExact(value: unknown, depth: number): boolean {
  if (typeof value === 'number') {
    return value < EXACT_BELOW && value > -EXACT_BELOW && (value !== 0 || 1 / value > 0)
  }
  if (typeof value !== 'object' || value === null) return true
  if (depth >= MAX_DEPTH) return false
  if (Array.isArray(value)) return value.every((item) => isExact(item, depth + 1))
  // Plain objects inherit no enumerable properties
  for (const key in value) if (!isExact((value as Record<string, unknown>)[key], depth + 1)) return false
  return true
}

const NUMBER = /-?\d+(\.\d+)?([eE][+-]?\d+)?/y
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  'b': '\b',
  'f': '\f',
  'n': '\n',
  'r': '\r',
  't': '\t',
}

class JsonParser {
  readonly #text: string
  readonly #exactDecimals: boolean
  readonly #longIntegers: 'wrap' | 'exact' | 'double'
  readonly #asWritten: boolean
  readonly #whole: boolean | 'proper'
  #at = 0

  constructor(text: string, options: JsonParseOptions) {
    this.#text = text
    this.#exactDecimals = options.decimals === 'exact'
    this.#longIntegers = options.longIntegers ?? 'wrap'
    this.#asWritten = options.numbersAsWritten === true
    this.#whole = options.whole ?? false
  }

  parse(): unknown {
    const value = this.#value(0)
    this.#skipBlanks()
    if (this.#whole === false || this.#at >= this.#text.length) return value
    throw this.#whole === 'proper' ? this.#trailing() : this.#unexpected('the end')
  }

  /** Parses trailing content so that the error can name an invalid token. */
  #trailing(): JsonSyntaxError {
    const at = this.#at
    const token = TOKENS[this.#text[at] ?? ''] ?? 'VALUE_NUMBER_INT'
    if (!token.startsWith('START')) this.#value(0)
    return new JsonSyntaxError(`Trailing token (of type ${token}) found after value`, at)
  }

  #value(depth: number): unknown {
    if (depth > MAX_DEPTH) throw new JsonSyntaxError(`the nesting depth exceeds ${MAX_DEPTH}`, this.#at)
    this.#skipBlanks()
    const next = this.#text[this.#at]
    if (next === '{') return this.#object(depth + 1)
    if (next === '[') return this.#array(depth + 1)
    if (next === '"') return this.#string()
    if (next === 't') return this.#word('true', true)
    if (next === 'f') return this.#word('false', false)
    if (next === 'n') return this.#word('null', null)
    return this.#number(depth)
  }

  #object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {}
    this.#at++
    if (this.#closes('}')) return object
    for (;;) {
      this.#skipBlanks()
      if (this.#text[this.#at] !== '"') throw this.#unexpected('a field name')
      const key = this.#string()
      this.#skipBlanks()
      if (this.#text[this.#at++] !== ':') throw this.#unexpected("':'", -1)
      const value = this.#value(depth)
      if (key === '__proto__') Object.defineProperty(object, key, { ...PLAIN_PROPERTY, value })
      else object[key] = value
      if (this.#closes('}')) return object
      if (this.#text[this.#at++] !== ',') throw this.#unexpected("',' or '}'", -1)
    }
  }

  #array(depth: number): unknown[] {
    const items: unknown[] = []
    this.#at++
    if (this.#closes(']')) return items
    for (;;) {
      items.push(this.#value(depth))
      if (this.#closes(']')) return items
      if (this.#text[this.#at++] !== ',') throw this.#unexpected("',' or ']'", -1)
    }
  }

  #string(): string {
    this.#at++
    let result = this.#plainText()
    for (;;) {
      const next = this.#text[this.#at++]
      if (next === '"') return result
      if (next !== '\\') throw this.#unexpected('the end of a string', -1)
      result += this.#escape() + this.#plainText()
    }
  }

  #plainText(): string {
    PLAIN_TEXT.lastIndex = this.#at
    const [text = ''] = PLAIN_TEXT.exec(this.#text) ?? []
    this.#at += text.length
    return text
  }

  #escape(): string {
    const letter = this.#text[this.#at++] ?? ''
    const known = ESCAPES[letter]
    if (known !== undefined) return known
    const hex = this.#text.slice(this.#at, this.#at + 4)
    if (letter !== 'u' || !/^[0-9a-fA-F]{4}$/.test(hex))
      throw this.#unexpected('an escape such as \\n or \\u0041', -1)
    this.#at += 4
    return String.fromCharCode(Number.parseInt(hex, 16))
  }

  #word<T>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) throw this.#unexpected('a value')
    this.#at += word.length
    if (/[\w$]/.test(this.#text[this.#at] ?? '')) throw this.#unexpected('a value')
    return value
  }

  #number(depth: number): number | bigint | Float64 | JsonNumber {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#text)
    if (match === null) throw this.#unexpected('a value')
    const [text, fraction, exponent] = match
    this.#at += text.length
    const next = this.#text[this.#at] ?? ' '
    // At the top level, Jackson requires whitespace after a number
    if (depth === 0 ? !/[ \t\r\n]/.test(next) : /[\w$.]/.test(next))
      throw this.#unexpected('the end of a number')
    if (this.#whole === 'proper' && /^-?0\d/.test(text))
      throw this.#unexpected('no leading zero', -text.length)
    if (this.#asWritten) return new JsonNumber(text)
    if (fraction !== undefined || exponent !== undefined) {
      return this.#exactDecimals ? new JsonNumber(text) : schemalessFloat(Number(text) + 0)
    }
    if (text.length < 16) return Number(text) + 0
    const integer = BigInt(text)
    if (this.#longIntegers === 'wrap' || BigInt.asIntN(64, integer) === integer) return int64(integer)
    return this.#longIntegers === 'exact' ? new JsonNumber(text) : schemalessFloat(Number(text))
  }

  #closes(bracket: string): boolean {
    this.#skipBlanks()
    if (this.#text[this.#at] !== bracket) return false
    this.#at++
    return true
  }

  #skipBlanks(): void {
    let code = this.#text.charCodeAt(this.#at)
    while (code === 32 || code === 10 || code === 13 || code === 9) code = this.#text.charCodeAt(++this.#at)
  }

  #unexpected(expected: string, back = 0): JsonSyntaxError {
    const at = this.#at + back
    const found = at < this.#text.length ? `'${this.#text[at]}'` : 'the end'
    return new JsonSyntaxError(`expected ${expected} at character ${at}, found ${found}`, at)
  }
}

const TOKENS: Readonly<Record<string, string>> = {
  '{': 'START_OBJECT',
  '[': 'START_ARRAY',
  '"': 'VALUE_STRING',
  't': 'VALUE_TRUE',
  'f': 'VALUE_FALSE',
  'n': 'VALUE_NULL',
}
const PLAIN_PROPERTY = { enumerable: true, configurable: true, writable: true } as const
