import { errorCodes } from 'kafkajs/src/protocol/error.js'
import { ConnectError } from '../../../api/index.ts'

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

/** Java's exception class for an error type: `TOPIC_AUTHORIZATION_FAILED` → `TopicAuthorizationException`. */
function javaClass(type: string): string {
  const words = type.replace(/_(FAILED|EXCEPTION|ERROR)$/, '').split('_')
  const name = words.map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('')
  return `org.apache.kafka.common.errors.${name}Exception`
}

/** The error for a code in a response. `doing` says what was asked for, as in `produce to topic t`. */
export function brokerError(code: number, doing: string): ConnectError & { readonly type: string } {
  const kind = errorKind(code)
  return typed(kind.type, kind.retriable, `Failed to ${doing}: ${kind.message} (${kind.type})`)
}

/** Wraps what kafkajs throws. An error of ours passes through. */
export function kafkaFailure(error: unknown, doing: string): ConnectError {
  if (error instanceof ConnectError) return error
  const { message, type, retriable } = error as { message?: string; type?: string; retriable?: boolean }
  if (type !== undefined)
    return typed(type, retriable === true, `Failed to ${doing}: ${message} (${type})`, error)
  const code = retriable === false ? 'HR_KAFKA_REFUSED' : 'HR_KAFKA_UNAVAILABLE'
  return new ConnectError(code, `Failed to ${doing}: ${message}`, { cause: error })
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
