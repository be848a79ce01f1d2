import type { ServerResponse } from 'node:http'
import { ConnectError } from '../../api/index.ts'

const KEY = 'response.http.headers.config'
const ACTIONS = ['set', 'add', 'setDate', 'addDate'] as const

interface HeaderRule {
  readonly action: (typeof ACTIONS)[number]
  readonly name: string
  readonly value: string
}

/**
 * Creates a function that adds the headers of `response.http.headers.config` to a response. Rules are
 * `[action] [name]:[value]`, separated by commas; double quotes enclose a rule that contains a comma. Dates are
 * milliseconds from now. Returns undefined without rules.
 *
 * Throws `HR_CONFIG_INVALID`. Source: RestServerConfig.validateHttpResponseHeaderConfig, Jetty's HeaderFilter.
 */
export function responseHeaders(text: string): ((response: ServerResponse) => void) | undefined {
  const rules = splitRules(text).map(readRule)
  if (rules.length === 0) return undefined
  return (response) => {
    for (const { action, name, value } of rules) {
      const isDate = action.endsWith('Date')
      const shown = isDate ? new Date(Date.now() + Number(value)).toUTCString() : value
      if (action.startsWith('add')) response.appendHeader(name, shown)
      else response.setHeader(name, shown)
    }
  }
}

function splitRules(text: string): string[] {
  const rules = [...text.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|([^,]+))\s*(?:,|$)/g)]
  return rules
    .map(([, quoted, plain = '']) => (quoted?.replace(/\\(.)/g, '$1') ?? plain).trim())
    .filter((rule) => rule !== '')
}

function readRule(text: string): HeaderRule {
  const parts = text.split(':')
  const [head = '', value = ''] = parts.map((part) => part.trim())
  const [written = '', ...rest] = head.split(/\s+/)
  const name = rest.join(' ')
  if (parts.length !== 2 || rest.length === 0) {
    throw invalid(
      `Invalid format of header config '${text}'. Expected: '[action] [header name]:[header value]'`,
    )
  }
  const action = ACTIONS.find((known) => known.toLowerCase() === written.toLowerCase())
  if (action === undefined) {
    throw invalid(`Invalid header config action: '${written}'. Expected one of [${ACTIONS.join(', ')}]`)
  }
  if (rest.length > 1) {
    throw invalid(`Invalid header name '${name}'. The '[header name]' cannot contain whitespace`)
  }
  if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(name) || /[\r\n]/.test(value)) {
    throw invalid(`Invalid header '${text}': not a valid HTTP header`)
  }
  return { action, name, value }
}

const invalid = (message: string): ConnectError =>
  new ConnectError('HR_CONFIG_INVALID', message, { configKey: KEY })
