import { ConnectError, isConnectError } from '../../../api/index.ts'

const REFUSALS: ReadonlySet<string> = new Set([
  'HR_RECORD_TOO_LARGE',
  'HR_ILLEGAL_ARGUMENT',
  'HR_KAFKA_REFUSED',
])

/** Whether the producer refused one record by an error, and may take others. */
export function isRefusal(error: unknown): error is ConnectError {
  return isConnectError(error) && REFUSALS.has(error.code)
}

/**
 * What a task fails with when Kafka does not take one of its records: as in Kafka Connect, where the producer reports
 * the size of a record later than a partition or timestamp that cannot be.
 */
export function refusedRecord(cause: ConnectError): ConnectError {
  return cause.code === 'HR_ILLEGAL_ARGUMENT' ? cause : sendFailed(cause)
}

/** Source: WorkerSourceTask.maybeThrowProducerSendException. */
export function sendFailed(cause: ConnectError): ConnectError {
  return new ConnectError('HR_CONNECT', 'Unrecoverable exception from producer send callback', { cause })
}
