import { ConnectError, isConnectError, messageOf } from '../../../api/index.ts'
import { remedyOf, type ServerError } from './remedies.ts'

/** Codes of certificates that Node does not accept. A new attempt gives the same result. */
const certificates =
  /^(?:CERT_|ERR_TLS_|ERR_SSL_|ERR_OSSL|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|UNSUPPORTED_CERT)/

/**
 * Turns an error of the driver, the socket or the server into a ConnectError. HR_RETRIABLE if the same attempt can succeed
 * later; HR_CONNECT if somebody must act first, with what to do in the message. `doing` completes "Cannot …".
 * The SQLSTATE stays available through {@link sqlStateOf}.
 */
export function asConnectError(error: unknown, doing: string, user?: string): ConnectError {
  if (isConnectError(error)) return error
  if (isServerError(error)) return ofServer(error, doing, user)
  const code = codeOf(error)
  const text = textOf(error)
  if (code !== undefined && certificates.test(code)) {
    const remedy = 'Check database.sslmode, database.sslrootcert and the certificate of the server'
    return new ConnectError('HR_CONNECT', `Cannot ${doing}: ${text} (${code}). ${remedy}.`, { cause: error })
  }
  if (/does not support SSL/.test(text)) {
    const remedy = 'Enable TLS on the server, or set database.sslmode to disable or prefer'
    return new ConnectError('HR_CONNECT', `Cannot ${doing}: ${text}. ${remedy}.`, { cause: error })
  }
  return new ConnectError('HR_RETRIABLE', `Cannot ${doing}: ${text}.`, { cause: error })
}

/** SQLSTATE that the server gave for the error or for its cause. */
export function sqlStateOf(error: unknown): string | undefined {
  if (isServerError(error)) return error.code
  return error instanceof Error && error.cause !== undefined ? sqlStateOf(error.cause) : undefined
}

/** Reads the fields of an ErrorResponse or NoticeResponse: a byte that names the field, its text, and a zero. */
export function serverErrorFrom(bytes: Buffer, start: number, end: number): ServerError {
  const fields = new Map<string, string>()
  for (let at = start; at < end && bytes[at] !== 0;) {
    const zero = bytes.indexOf(0, at + 1)
    const stop = zero === -1 || zero > end ? end : zero
    fields.set(String.fromCharCode(bytes[at] ?? 0), bytes.toString('utf8', at + 1, stop))
    at = stop + 1
  }
  const error = new Error(fields.get('M') ?? 'The server sent an error without a message')
  return Object.assign(error, {
    code: fields.get('C') ?? 'XX000',
    severity: fields.get('V') ?? fields.get('S') ?? 'ERROR',
    detail: fields.get('D'),
  })
}

function ofServer(error: ServerError, doing: string, user: string | undefined): ConnectError {
  const { retriable, remedy } = remedyOf(error, user ?? 'the user')
  const text = `Cannot ${doing}: ${error.message.replace(/\.$/, '')} (SQLSTATE ${error.code}).`
  const message = remedy === undefined ? text : `${text} ${remedy}.`
  return new ConnectError(retriable ? 'HR_RETRIABLE' : 'HR_CONNECT', message, { cause: error })
}

function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && 'severity' in error && /^[0-9A-Z]{5}$/.test(codeOf(error) ?? '')
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Node gives an error without a message when all addresses of a host have failed. */
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map((part: unknown) => messageOf(part)).join(', ')
  }
  const text = messageOf(error).replace(/\.$/, '')
  return text === '' ? (codeOf(error) ?? 'unknown error') : text
}
