import { ConnectError } from '../../api/index.ts'
import { javaTokens, type JavaToken } from '../../config/index.ts'

/** A login module of a JAAS file entry. */
export interface LoginModule {
  readonly className: string
  readonly options: ReadonlyMap<string, string>
}

const FLAGS = ['required', 'requisite', 'sufficient', 'optional']

/**
 * Returns the login modules of a JAAS file entry, `Name { module.Class required option="value"; };`, or undefined if
 * the file has no such entry.
 *
 * Throws `HR_CONFIG_INVALID`; the message omits the text of the file, which may contain passwords.
 * Source: javax.security.auth.login.Configuration.
 */
export function jaasEntry(text: string, entry: string, configKey: string): LoginModule[] | undefined {
  const tokens = new Tokens(text, configKey)
  let found: LoginModule[] | undefined
  while (!tokens.atEnd) {
    const name = tokens.word()
    tokens.expect('{')
    const modules: LoginModule[] = []
    while (!tokens.skips('}')) modules.push(readModule(tokens))
    tokens.expect(';')
    if (name === entry) found ??= modules
  }
  return found
}

function readModule(tokens: Tokens): LoginModule {
  const className = tokens.word()
  const flag = tokens.word()
  if (!FLAGS.includes(flag.toLowerCase())) throw tokens.fault(`one of ${FLAGS.join(', ')}`)
  const options = new Map<string, string>()
  while (!tokens.skips(';')) {
    const name = tokens.word()
    tokens.expect('=')
    options.set(name, tokens.word())
  }
  return { className, options }
}

/** The tokens of a file: words, quoted words and punctuation, without comments. */
class Tokens {
  readonly #tokens: readonly JavaToken[]
  readonly #configKey: string
  #next = 0

  constructor(text: string, configKey: string) {
    this.#configKey = configKey
    this.#tokens = javaTokens(text, '$_-*')
  }

  get atEnd(): boolean {
    return this.#next >= this.#tokens.length
  }

  word(): string {
    const token = this.#tokens[this.#next]
    if (token === undefined || token.kind === 'sign') throw this.fault('a name or value')
    this.#next++
    return token.text
  }

  skips(sign: string): boolean {
    const token = this.#tokens[this.#next]
    if (token?.kind !== 'sign' || token.text !== sign) return false
    this.#next++
    return true
  }

  expect(sign: string): void {
    if (!this.skips(sign)) throw this.fault(`'${sign}'`)
  }

  fault(expected: string): ConnectError {
    const line = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)]?.line ?? 1
    const configKey = this.#configKey
    const message = `${configKey}: syntax error in line ${line} of the JAAS file: expected ${expected}`
    return new ConnectError('HR_CONFIG_INVALID', message, { configKey })
  }
}
