import { isBlank, javaTrim } from './blanks.ts'

const DELIMITERS = '",:[]{}'

/** Thrown when the string ends before the next expected token. */
export class NoMoreTokens extends Error {}

/** Splits a string into tokens: each unescaped delimiter is a token, and so is the text between two delimiters. */
export class Tokens {
  readonly original: string
  #at = 0
  #next: string | undefined

  constructor(original: string) {
    this.original = original
  }

  get hasNext(): boolean {
    return this.#next !== undefined || this.#at < this.original.length
  }

  /** Returns the current position, for {@link rewind}. */
  mark(): number {
    return this.#at - (this.#next?.length ?? 0)
  }

  rewind(mark: number): void {
    this.#at = mark
    this.#next = undefined
  }

  next(): string {
    if (!this.hasNext) throw new NoMoreTokens()
    const token = this.#next ?? this.#read()
    this.#next = undefined
    return token
  }

  /** Consumes the next tokens and returns their text. Consumes nothing and returns undefined if there are fewer. */
  take(count: number): string | undefined {
    const start = this.mark()
    for (let taken = 0; taken < count; taken++) {
      if (!this.hasNext) {
        this.rewind(start)
        return undefined
      }
      this.next()
    }
    return this.original.slice(start, this.#at)
  }

  /** Consumes the expected token, after skipping whitespace. Returns false if the next token is another one. */
  consume(expected: string): boolean {
    if (!this.hasNext) return false
    this.#next ??= this.#read()
    while (isBlank(this.#next) && this.#at < this.original.length) this.#next = this.#read()
    if (javaTrim(this.#next) !== expected) return false
    this.#next = undefined
    return true
  }

  #read(): string {
    const start = this.#at
    let escaped = false
    for (; this.#at < this.original.length; this.#at++) {
      const letter = this.original.charAt(this.#at)
      if (letter === '\\') {
        escaped = !escaped
      } else if (DELIMITERS.includes(letter) && !escaped) {
        if (this.#at === start) this.#at++
        return this.original.slice(start, this.#at)
      } else {
        escaped = false
      }
    }
    return this.original.slice(start)
  }
}
