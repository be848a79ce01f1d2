import { ConnectError } from '../../../api/index.ts'

export interface JaasEntry {
  readonly loginModule: string
  readonly options: Readonly<Record<string, string>>
}

const ENTRY = /^\s*([\w.$]+)\s+(required|requisite|sufficient|optional)\s*([\s\S]*?);\s*$/i
const OPTION = /([\w.-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s;"']+))/y

/**
 * Reads one login module as `sasl.jaas.config` holds it: `Module required username="u" password="p";`.
 *
 * Throws `HR_CONFIG_INVALID` without showing the text, which holds a password.
 */
export function parseJaas(configKey: string, text: string): JaasEntry {
  const match = ENTRY.exec(text)
  if (match === null) throw invalid(configKey)
  const [, loginModule = '', , rest = ''] = match
  const options: Record<string, string> = Object.create(null) as Record<string, string>
  let at = skipBlanks(rest, 0)
  while (at < rest.length) {
    OPTION.lastIndex = at
    const option = OPTION.exec(rest)
    if (option === null) throw invalid(configKey)
    const [whole, name = '', double, single, bare] = option
    options[name] = (double ?? single ?? bare ?? '').replace(/\\(.)/g, '$1')
    at = skipBlanks(rest, at + whole.length)
  }
  return { loginModule, options }
}

function skipBlanks(text: string, from: number): number {
  let at = from
  while (at < text.length && /\s/.test(text.charAt(at))) at++
  return at
}

function invalid(configKey: string): ConnectError {
  const expected = 'LoginModuleClass required option="value" …;'
  return new ConnectError('HR_CONFIG_INVALID', `${configKey} is not of the form: ${expected}`, { configKey })
}
