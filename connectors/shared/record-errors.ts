import { ConnectError, isConnectError, reasonOf, type ErrorCode, type SinkRecord } from '../../api/index.ts'

const ofRecords: ReadonlySet<ErrorCode> = new Set([
  'HR_DATA_INVALID',
  'HR_PROJECTION_FAILED',
  'HR_SCHEMA_INVALID',
  'HR_RECORD_TOO_LARGE',
])

/** Whether an error is one of a record, which can be reported instead of failing the task of a sink. */
export const isOfRecord = (error: unknown): error is ConnectError =>
  isConnectError(error) && ofRecords.has(error.code)

/** Returns where a record is in Kafka: `offset 7 of orders-0`. */
export const placeOf = ({ originalTopic, originalPartition, originalOffset }: SinkRecord): string =>
  `offset ${originalOffset} of ${originalTopic}-${originalPartition}`

/** Returns an error with the code and the reason of another one that names the record that cannot be written. */
export function unwritable(record: SinkRecord, cause: ConnectError): ConnectError {
  const message = `the record at ${placeOf(record)} cannot be written: ${reasonOf(cause)}`
  return new ConnectError(cause.code, message, { cause, javaClass: cause.javaClass })
}
