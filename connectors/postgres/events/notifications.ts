import {
  INT64,
  map,
  STRING,
  struct,
  type SourceOffset,
  type SourcePartition,
  type SourceRecord,
} from '../../../api/index.ts'
import { copyCapacity, inHashOrder } from './hash-order.ts'

/** Tells about the progress of a snapshot. */
export interface Notification {
  /** A random UUID, or the ID of the signal that caused it. */
  readonly id: string
  /** What happened, such as `STARTED`. */
  readonly type: string
  /** What it happened to, such as `Initial Snapshot`. */
  readonly aggregateType: string
  readonly additionalData: Readonly<Record<string, string>> | null
  /** Milliseconds since the epoch. */
  readonly timestamp: number
}

const keySchema = struct({ id: STRING }, { name: 'io.debezium.connector.common.NotificationKey', version: 1 })
const valueSchema = struct(
  {
    id: STRING,
    type: STRING,
    aggregate_type: STRING,
    additional_data: map(STRING, STRING, { optional: true }),
    timestamp: INT64,
  },
  { name: 'io.debezium.connector.common.Notification', version: 1 },
)

/** Returns the record of a notification for the channel `sink`. Source: SinkNotificationChannel. */
export function notificationRecord(
  { id, type, aggregateType, additionalData, timestamp }: Notification,
  topic: string,
  sourcePartition: SourcePartition,
  sourceOffset: SourceOffset,
): SourceRecord {
  return {
    topic,
    partition: null,
    keySchema,
    key: { id },
    valueSchema,
    value: {
      id,
      type,
      aggregate_type: aggregateType,
      additional_data: additionalData === null ? null : new Map(inOrder(additionalData)),
      timestamp,
    },
    timestamp: null,
    headers: [],
    sourcePartition,
    sourceOffset,
  }
}

/** Returns the text of a notification for the channel `log`. Source: LogNotificationChannel, Notification.toString. */
export function notificationText({ type, aggregateType, additionalData, timestamp }: Notification): string {
  const data =
    additionalData === null
      ? 'null'
      : `{${inOrder(additionalData)
          .map(([key, value]) => `${key}=${value}`)
          .join(', ')}}`
  return (
    `[Notification Service] {aggregateType='${aggregateType}', type='${type}', additionalData=${data}, ` +
    `timestamp=${timestamp}}`
  )
}

/** The data are copied to a map, and the name of the connector is added. */
function inOrder(data: Readonly<Record<string, string>>): (readonly [string, string])[] {
  const entries = Object.entries(data)
  const copied = 'connector_name' in data ? entries.length - 1 : entries.length
  return inHashOrder(entries, copyCapacity(copied))
}
