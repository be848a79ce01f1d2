import { ConnectError, isConnectError } from '../../../api/index.ts'

const REJECTIONS: ReadonlySet<string> = new Set([
  'HR_RECORD_TOO_LARGE',
  'HR_ILLEGAL_ARGUMENT',
  'HR_KAFKA_REFUSED',
])

/** Whether the error concerns a single record: the producer may accept others. */
export function isRejection(error: unknown): error is ConnectError {
  return isConnectError(error) && REJECTIONS.has(error.code)
}

/**
 * Returns the error of a task whose record Kafka rejects, as in Kafka Connect: the producer throws on an
 * invalid partition or timestamp, and reports an oversized record in the send callback.
 */
export function rejectedRecord(cause: ConnectError): ConnectError {
  return cause.code === 'HR_ILLEGAL_ARGUMENT' ? cause : sendFailed(cause)
}

/** Source: WorkerSourceTask.maybeThrowProducerSendException. */
export function sendFailed(cause: ConnectError): ConnectError {
  return new ConnectError('HR_CONNECT', 'Unrecoverable exception from producer send callback', { cause })
}
