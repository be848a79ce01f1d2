import { messageOf } from '../../../api/index.ts'
import type { FailedAttempt } from './outages.ts'

/** A connection error. kafkajs sets both properties; the client adds the address if it is missing. */
interface ConnectionFailure extends Error {
  /** host:port */
  readonly broker: string
  readonly code?: string
}

const NO_TLS = 'the port does not speak TLS; check security.protocol'
const CHECK_TLS = 'check security.protocol and the ssl settings'

const systemErrors: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the connection was reset',
  EPIPE: 'the connection was closed',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'temporary failure in host name resolution',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'no route to the network',
  ETIMEDOUT: 'the connection timed out',
}

/** OpenSSL's error messages for a response that is not TLS. They depend on its first bytes and the Node.js version. */
const plainResponses: readonly string[] = [
  'wrong version number',
  'packet length too long',
  'data length too long',
]

/** A Kafka port without TLS closes the connection, since the first bytes of TLS are not a Kafka request. */
const CLOSED_BEFORE_TLS =
  'the connection was closed before TLS was established; if this persists, check security.protocol, as the port may not speak TLS'

const CLOSED =
  'the connection was closed; if this persists, check that the port belongs to Kafka, and check security.protocol'

/** Returns the root cause of a failed attempt, as text for the log. */
export function failedAttempt(error: unknown): FailedAttempt {
  if (isSilence(error)) return { reason: error.message, unreachable: true, since: error.silentSince }
  const failure = connectionFailure(error)
  // A message of the broker may end with a period, and the log line continues after it
  if (failure === undefined) return { reason: messageOf(error).replace(/\.$/, ''), unreachable: false }
  return { reason: `cannot reach Kafka at ${failure.broker}: ${causeOf(failure)}`, unreachable: true }
}

/** Whether a broker keeps its connection open but does not respond. */
const isSilence = (error: unknown): error is Error & { readonly silentSince: number } =>
  error instanceof Error && 'silentSince' in error && typeof error.silentSince === 'number'

/** Returns the innermost error that names a broker. A response with an error code is not a failed connection. */
function connectionFailure(error: unknown): ConnectionFailure | undefined {
  let found: ConnectionFailure | undefined
  for (let at = error; at instanceof Error; at = at.cause) {
    if ('type' in at && typeof at.type === 'string') return undefined
    if ('broker' in at && typeof at.broker === 'string') found = at as ConnectionFailure
  }
  return found
}

function causeOf({ code, name, message }: ConnectionFailure): string {
  if (code === 'EPROTO' || message.includes(':SSL routines:')) return tlsFailure(message)
  if (code === 'ECONNRESET' && message.includes('before secure TLS connection')) return CLOSED_BEFORE_TLS
  if (code !== undefined && systemErrors[code] !== undefined) return systemErrors[code]
  if (name === 'KafkaJSConnectionClosedError') return CLOSED
  if (name === 'KafkaJSRequestTimeoutError') return 'no response within request.timeout.ms'
  return message.replace(/^Connection error: /, '')
}

/** The code does not tell: it is EPROTO for each failure that a write reports. */
function tlsFailure(message: string): string {
  const failure = /:SSL routines:[^:]*:([^:]+)/.exec(message)?.[1]
  if (failure === undefined) return `TLS failed; ${CHECK_TLS}`
  return plainResponses.includes(failure) ? NO_TLS : `TLS failed: ${failure}; ${CHECK_TLS}`
}
