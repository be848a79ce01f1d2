import { ConnectError, isConnectError, isRetriable, messageOf } from '../../../api/index.ts'
import type { Wording } from '../wording.ts'
import { HttpFailure, PROXY_AWAY, RESPONSE_TOO_LARGE } from './http/message.ts'

/** Codes of certificates and of TLS that stay the same however often a connection is tried. */
const certificates =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|UNSUPPORTED_CERT|CRL_)/
const selfExplaining = new Set([PROXY_AWAY, RESPONSE_TOO_LARGE, 'ETIMEDOUT'])

const names: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ENOTFOUND: 'the name of the host is not known',
  EAI_AGAIN: 'the name service does not respond',
  EHOSTUNREACH: 'there is no route to the host',
  ENETUNREACH: 'there is no route to the network',
}

/** Why a host did not give a response. */
export interface HostFailure {
  readonly url: string
  readonly error: ConnectError
  /** Whether the host may have executed the request. */
  readonly sent: boolean
}

/** Turns an error of a connection or a client into a {@link HostFailure} that says what to do. */
export function explain(url: string, error: unknown, wording: Wording): HostFailure {
  const sent = !(error instanceof HttpFailure) || error.sent
  if (isConnectError(error)) return { url, error, sent: false }
  return { url, error: connectError(url, error, wording), sent }
}

/** Returns the error of a request that no host has answered. It can be retried if that may help with one of the hosts. */
export function combined(failures: readonly HostFailure[]): ConnectError {
  const [first] = failures
  if (first !== undefined && failures.length === 1) return first.error
  const texts = failures.map(({ error }) => error.message).join(' ')
  const code = failures.some(({ error }) => isRetriable(error)) ? 'HR_RETRIABLE' : 'HR_CONNECT'
  return new ConnectError(code, texts)
}

function connectError(url: string, error: unknown, wording: Wording): ConnectError {
  // an error of the client has the response in its properties, and maybe the request
  const { code, cause } = error instanceof HttpFailure ? error : { code: '', cause: undefined }
  const what =
    code !== ''
      ? `Cannot reach the server at ${url}: ${textOf(error, code)}`
      : `Cannot read the response of the server at ${url}: ${messageOf(error).replace(/\.$/, '')}`
  const remedy = remedyOf(url, { error, code }, wording)
  const message = remedy === undefined ? `${what}.` : `${what}. ${remedy}.`
  const final = remedy !== undefined || code === RESPONSE_TOO_LARGE
  return new ConnectError(
    final ? 'HR_CONNECT' : 'HR_RETRIABLE',
    message,
    cause === undefined ? {} : { cause },
  )
}

function textOf(error: unknown, code: string): string {
  const known = Object.hasOwn(names, code) ? names[code] : undefined
  const text = known ?? messageOf(error).trim().replace(/\.$/, '')
  return text.includes(code) || selfExplaining.has(code) ? text : `${text} (${code})`
}

/** What somebody must do before the server can be reached; undefined if trying again may help. */
function remedyOf(
  url: string,
  { error, code }: { readonly error: unknown; readonly code: string },
  { tlsPrefix }: Wording,
): string | undefined {
  const text = messageOf(error)
  if (url.startsWith('https:') && /wrong version number|packet length too long|unknown protocol/i.test(text))
    return 'The server does not use TLS on this port: check the scheme in connection.url'
  if (/ERR_TLS_CERT_ALTNAME_INVALID|HOSTNAME_MISMATCH/.test(code))
    return (
      'Use a name of the certificate in connection.url, ' +
      `or set ${tlsPrefix}ssl.endpoint.identification.algorithm to an empty value to disable this check`
    )
  if (/alert (?:bad certificate|certificate required|handshake failure)/i.test(text))
    return `The server wants a certificate of the client: set ${tlsPrefix}ssl.keystore.location`
  if (certificates.test(code))
    return `Add the certificate authority of the server to ${tlsPrefix}ssl.truststore.location`
  return undefined
}
