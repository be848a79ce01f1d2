const HIDDEN = '[hidden]'

/**
 * A value that must not be printed. Converting it to a string in any way returns `[hidden]`; `reveal` returns the value.
 *
 * Invariant 8: settings of type password are secrets from the moment they are parsed.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }
  toString(): string {
    return HIDDEN
  }
  toJSON(): string {
    return HIDDEN
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return HIDDEN
  }
}
