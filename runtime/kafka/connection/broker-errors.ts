import { errorCodes } from 'kafkajs/src/protocol/error.js'
import { ConnectError, messageOf, type TopicPartition } from '../../../api/index.ts'

/** Error codes of topics in responses that some callers expect. */
export const UNKNOWN_TOPIC = 3
export const LEADER_NOT_AVAILABLE = 5

/** The meaning of an error code of Kafka. */
interface BrokerErrorKind {
  /** Name as in Kafka's protocol guide, except for two names that kafkajs spells differently. */
  readonly type: string
  readonly retriable: boolean
  readonly message: string
}

const kinds = new Map<number, BrokerErrorKind>(errorCodes.map((kind) => [kind.code, kind]))

const unknownKind = (code: number): BrokerErrorKind => ({
  type: `ERROR_${code}`,
  retriable: false,
  message: `The broker returned error ${code}`,
})

export function errorKind(code: number): BrokerErrorKind {
  return kinds.get(code) ?? unknownKind(code)
}

/**
 * Exception classes that do not follow from the error type. Source: org.apache.kafka.common.protocol.Errors.
 */
const otherClasses: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: 'RecordTooLarge',
  RECORD_LIST_TOO_LARGE: 'RecordBatchTooLarge',
}

/**
 * Returns Java's exception class for an error type: `TOPIC_AUTHORIZATION_FAILED` →
 * `TopicAuthorizationException`.
 */
function javaClass(type: string): string {
  if (type === 'INVALID_CONFIG') return 'org.apache.kafka.common.errors.InvalidConfigurationException'
  const words = type.replace(/_(FAILED|EXCEPTION|ERROR)$/, '').split('_')
  const name = words.map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('')
  return `org.apache.kafka.common.errors.${otherClasses[type] ?? name}Exception`
}

/**
 * Returns the error for an error code. `doing` describes the request, for example `produce to topic t`.
 * `message` is the broker's error message, if the response has one.
 */
export function brokerError(
  code: number,
  doing: string,
  message: string | null = null,
): ConnectError & { readonly type: string } {
  const kind = errorKind(code)
  return typed(kind.type, kind.retriable, `Failed to ${doing}: ${message ?? kind.message} (${kind.type})`)
}

/** Returns the error for a partition without a leader in the metadata. */
export function noLeader({ topic, partition }: TopicPartition): ConnectError {
  return new ConnectError('HR_KAFKA_UNAVAILABLE', `partition ${partition} of topic ${topic} has no leader`)
}

/** The error for a broker at host:port that has kept a connection open, but not answered for `forMs`. */
export function noResponse(broker: string, forMs: number): ConnectError & { readonly silentSince: number } {
  const seconds = Math.round(forMs / 1000)
  const message = `no response from Kafka at ${broker} for ${seconds} s`
  const error = new ConnectError('HR_KAFKA_UNAVAILABLE', message)
  return Object.assign(error, { silentSince: Date.now() - forMs })
}

/** Codes of Node's errors for a broker that is temporarily unreachable. */
const NETWORK_CODES = new Set([
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EAI_AGAIN',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ERR_STREAM_DESTROYED',
  'ETIMEDOUT',
])

/**
 * Wraps the error of a request to a broker. Returns a `ConnectError` unchanged.
 *
 * Returns `HR_KAFKA_UNAVAILABLE`, which is retriable, for errors that kafkajs marks as retriable and for
 * known network errors; `HR_KAFKA_REFUSED` for other errors of kafkajs; and `HR_CONNECT`, which is not
 * retriable, for other errors.
 */
export function kafkaFailure(error: unknown, doing: string): ConnectError {
  if (error instanceof ConnectError) return error
  const { type, retriable, code } = (error ?? {}) as { type?: unknown; retriable?: unknown; code?: unknown }
  const text = `Failed to ${doing}: ${messageOf(error)}`
  if (typeof type === 'string') return typed(type, retriable === true, `${text} (${type})`, error)
  const cause = { cause: error }
  if (retriable === true || NETWORK_CODES.has(String(code)) || lostWhileAuthenticating(error)) {
    return new ConnectError('HR_KAFKA_UNAVAILABLE', text, cause)
  }
  if (retriable === false) return new ConnectError('HR_KAFKA_REFUSED', text, cause)
  const name = error instanceof Error ? error.name : typeof error
  return new ConnectError('HR_CONNECT', `Failed to ${doing}: unexpected ${name}: ${messageOf(error)}`, cause)
}

/** kafkajs reports a connection lost during authentication as bad credentials. Only the message differs. */
function lostWhileAuthenticating(error: unknown): boolean {
  return error instanceof Error && /^SASL .* failed: (Connection closed|Not connected)/.test(error.message)
}

/** Whether a request got no response within `request.timeout.ms`. */
export function isRequestTimeout(error: unknown): boolean {
  const { cause, name } = error as { cause?: { name?: string }; name?: string }
  return [name, cause?.name].includes('KafkaJSRequestTimeoutError')
}

function typed(type: string, retriable: boolean, message: string, cause?: unknown) {
  const code = retriable ? 'HR_KAFKA_UNAVAILABLE' : 'HR_KAFKA_REFUSED'
  const error = new ConnectError(code, message, { cause, javaClass: javaClass(type) })
  return Object.assign(error, { type })
}

/** Returns the protocol's error name, such as `NOT_LEADER_FOR_PARTITION`; undefined for a lost connection. */
export function errorTypeOf(error: unknown): string | undefined {
  return (error as { type?: string } | null)?.type
}
