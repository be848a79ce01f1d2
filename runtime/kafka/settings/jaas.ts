import { ConnectError } from '../../../api/index.ts'
import { javaTokens, type JavaToken } from '../../../config/index.ts'

export interface JaasEntry {
  readonly loginModule: string
  readonly options: Readonly<Record<string, string>>
}

const FLAGS = ['required', 'requisite', 'sufficient', 'optional']

/**
 * Parses one login module in the format of `sasl.jaas.config`: `Module required username="u" password="p";`.
 * Comments, quoted names, and escapes follow Java's rules.
 *
 * Throws `HR_CONFIG_INVALID`. The message does not include the value, which contains a password. Source:
 * org.apache.kafka.common.security.JaasConfig.
 */
export function parseJaas(configKey: string, text: string): JaasEntry {
  const tokens = javaTokens(text, '-_$')
  const fault = (why: string): ConnectError => {
    const expected = 'LoginModuleClass required option="value" …;'
    return new ConnectError('HR_CONFIG_INVALID', `${configKey} is not of the form ${expected} (${why})`, {
      configKey,
    })
  }
  const [loginModule, flag] = tokens.map(nameOf)
  if (loginModule === undefined) throw fault('the login module is missing')
  if (flag === undefined || !FLAGS.includes(flag.toLowerCase())) {
    throw fault(`expected one of ${FLAGS.join(', ')} after the login module`)
  }
  const end = tokens.findIndex(({ kind, text: sign }) => kind === 'sign' && sign === ';')
  if (end < 0) throw fault('the semicolon at the end is missing')
  if (end < tokens.length - 1) throw fault('expected one login module, and nothing after its semicolon')
  const options: Record<string, string> = Object.create(null) as Record<string, string>
  for (let at = 2; at < end; at += 3) {
    const [name, sign, value] = tokens.slice(at, Math.min(at + 3, end))
    const [key, content] = [nameOf(name), nameOf(value)]
    if (key === undefined || sign?.text !== '=' || content === undefined) {
      throw fault(`expected option="value" as option ${(at + 1) / 3}`)
    }
    options[key] = content
  }
  return { loginModule, options }
}

function nameOf(token: JavaToken | undefined): string | undefined {
  return token?.kind === 'word' || token?.kind === 'quoted' ? token.text : undefined
}
