import { errorCodes } from 'kafkajs/src/protocol/error.js'
import { ConnectError, messageOf, type TopicPartition } from '../../../api/index.ts'

/** Numbers of errors that answers about topics hold and that are no failure for every caller. */
export const UNKNOWN_TOPIC = 3
export const LEADER_NOT_AVAILABLE = 5

/** What Kafka's numeric error codes mean. */
interface BrokerErrorKind {
  /** As in Kafka's protocol guide, with the two names that kafkajs spells otherwise. */
  readonly type: string
  readonly retriable: boolean
  readonly message: string
}

const kinds = new Map<number, BrokerErrorKind>(errorCodes.map((kind) => [kind.code, kind]))

const unknownKind = (code: number): BrokerErrorKind => ({
  type: `ERROR_${code}`,
  retriable: false,
  message: `The broker answered with error ${code}`,
})

export function errorKind(code: number): BrokerErrorKind {
  return kinds.get(code) ?? unknownKind(code)
}

/** Error types whose exception class is not made of their name. Source: org.apache.kafka.common.protocol.Errors. */
const otherClasses: Readonly<Record<string, string>> = {
  MESSAGE_TOO_LARGE: 'RecordTooLarge',
  RECORD_LIST_TOO_LARGE: 'RecordBatchTooLarge',
}

/** Java's exception class for an error type: `TOPIC_AUTHORIZATION_FAILED` → `TopicAuthorizationException`. */
function javaClass(type: string): string {
  if (type === 'INVALID_CONFIG') return 'org.apache.kafka.common.errors.InvalidConfigurationException'
  const words = type.replace(/_(FAILED|EXCEPTION|ERROR)$/, '').split('_')
  const name = words.map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('')
  return `org.apache.kafka.common.errors.${otherClasses[type] ?? name}Exception`
}

/**
 * The error for a code in a response. `doing` says what was asked for, as in `produce to topic t`; `message` is what the
 * broker said, where it said more than the code.
 */
export function brokerError(
  code: number,
  doing: string,
  message: string | null = null,
): ConnectError & { readonly type: string } {
  const kind = errorKind(code)
  return typed(kind.type, kind.retriable, `Failed to ${doing}: ${message ?? kind.message} (${kind.type})`)
}

/** The metadata names no leader for a partition. */
export function noLeader({ topic, partition }: TopicPartition): ConnectError {
  return new ConnectError('HR_KAFKA_UNAVAILABLE', `partition ${partition} of topic ${topic} has no leader`)
}

/** Codes of Node's errors that mean a broker cannot be reached now. */
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
 * Wraps what a request to a broker ended with. An error of ours passes through.
 *
 * Returns `HR_KAFKA_UNAVAILABLE`, which is retriable, only for what kafkajs calls retriable and for known network errors;
 * `HR_KAFKA_REFUSED` for other errors of kafkajs; `HR_CONNECT` for anything unexpected, which another try does not mend.
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

/** kafkajs takes a connection that breaks during authentication for bad credentials. Only the text tells them apart. */
function lostWhileAuthenticating(error: unknown): boolean {
  return error instanceof Error && /^SASL .* failed: (Connection closed|Not connected)/.test(error.message)
}

/** Whether a request got no answer within `request.timeout.ms`. */
export function isRequestTimeout(error: unknown): boolean {
  const { cause, name } = error as { cause?: { name?: string }; name?: string }
  return [name, cause?.name].includes('KafkaJSRequestTimeoutError')
}

function typed(type: string, retriable: boolean, message: string, cause?: unknown) {
  const code = retriable ? 'HR_KAFKA_UNAVAILABLE' : 'HR_KAFKA_REFUSED'
  const error = new ConnectError(code, message, { cause, javaClass: javaClass(type) })
  return Object.assign(error, { type })
}

/** The protocol's name of what went wrong, such as `NOT_LEADER_FOR_PARTITION`; undefined for a lost connection. */
export function errorTypeOf(error: unknown): string | undefined {
  return (error as { type?: string } | null)?.type
}
