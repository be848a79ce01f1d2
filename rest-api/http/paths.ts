import { ConnectError } from '../../api/index.ts'

/** Rejected in paths, because a proxy might interpret them differently. */
const AMBIGUOUS = /\/\/|%2f|%5c|%25|%[01][0-9a-f]|%7f|\/(?:%2e|%2e\.|\.%2e|%2e%2e)(?:\/|$)/i
/** Characters that must be encoded, and a path above the root. */
const ILLEGAL = /["<>[\\\]^`{|}]|^\/\.\.(?:\/|$)/
/** Some proxies forward absolute URLs. */
const ORIGIN = /^https?:\/\/[^/?]*/i

/**
 * Returns the path and query for routing, without path parameters and trailing slash, or undefined for an ambiguous or
 * illegal path.
 *
 * Source: Jetty's URI compliance.
 */
export function routablePath(target: string): string | undefined {
  const url = ORIGIN.test(target) ? target.replace(ORIGIN, '').replace(/^(?!\/)/, '/') : target
  const queryAt = url.indexOf('?')
  const path = queryAt < 0 ? url : url.slice(0, queryAt)
  const query = queryAt < 0 ? '' : url.slice(queryAt)
  if (AMBIGUOUS.test(path) || ILLEGAL.test(path) || !isDecodable(path)) return undefined
  const plain = path.replace(/;[^/]*/g, '')
  return (plain.length > 1 && plain.endsWith('/') ? plain.slice(0, -1) : plain) + query
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

/** Returns the path of a connector in a `Location` header. Source: UriBuilder.path. */
function connectorPath(name: string): string {
  const wellFormed = name.replace(/[\ud800-\udfff]/gu, '\ufffd')
  const encoded = encodeURI(wellFormed)
    .replace(/[?#]/g, encodeURIComponent)
    .replace(/%7B/g, '{')
    .replace(/%7D/g, '}')
  return `/connectors/${encoded.replace(/%25(?=[0-9a-f]{2})/gi, '%')}`
}

/** The address that a client used to reach this worker. */
interface Reached {
  readonly protocol: string
  /** Empty for an HTTP/1.0 client that sent no `Host` header. */
  readonly host: string
  readonly socket?: { readonly localAddress?: string; readonly localPort?: number }
}

/**
 * Returns the URL of a connector for the client. Throws `HR_ILLEGAL_ARGUMENT` for a name that Java cannot put into a
 * URL.
 */
export function locationOf({ protocol, host, socket }: Reached, name: string): string {
  const path = connectorPath(name)
  refuseTemplate(path)
  const authority = host === '' ? `${socket?.localAddress}:${socket?.localPort}` : host
  return `${protocol}://${authority}${path}`
}

/**
 * Throws for a name with braces: Java treats it as a URI template and fails to resolve it, although it has created the
 * connector.
 *
 * Source: UriTemplateParser.
 */
function refuseTemplate(path: string): void {
  const open = path.indexOf('{')
  if (open < 0) return
  const close = path.indexOf('}', open)
  const name = path.slice(open + 1, close < 0 ? undefined : close)
  const fault = /[^\w.-]/.exec(name)
  const at = open + 1 + (name === '' ? 0 : (fault?.index ?? name.length))
  if ((name === '' && close >= 0) || fault?.index === 0) {
    const found = path[at] ?? ''
    const message = `Illegal character "${found}" at position ${at} is not allowed as a start of a name in a path template "${path}".`
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', message)
  }
  if (fault === null && close < 0) {
    const message = `Invalid syntax in the template "${path}". Check if a path parameter is terminated with a "}".`
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', message)
  }
  if (fault !== null) {
    const message = `Illegal character "${path[at] ?? ''}" found at position ${at} is not allowed as a part of a name in a path template "${path}".`
    throw new ConnectError('HR_ILLEGAL_ARGUMENT', message)
  }
  throw new ConnectError('HR_ILLEGAL_ARGUMENT', `The template variable '${name}' has no value`)
}
