import { ConnectError, type SinkRecord } from '../../../api/index.ts'

const javaClass = 'io.confluent.connect.storage.errors.PartitionException'

/** The directory of a record cannot be determined. Source: PartitionException. */
export function partitionError(message: string): ConnectError {
  return new ConnectError('HR_DATA_INVALID', message, { javaClass })
}

/** The place of a record, for messages. */
export function placeOfRecord({ topic, partition, offset }: SinkRecord): string {
  return `offset ${offset} of ${topic}-${partition}`
}

/** The kind of a value, for messages, which never contain the value. */
export function kindOfValue({ value, valueSchema }: SinkRecord): string {
  if (value === null || value === undefined) return 'null'
  return valueSchema === null ? 'a value without a schema' : `a ${valueSchema.type}`
}
