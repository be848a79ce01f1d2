import { INT64, STRING, struct, type SourceOffset, type SourceRecord } from '../../../api/index.ts'
import type { EventContext } from './context.ts'
import type { ProcessingTime } from './processing-time.ts'

const keySchema = struct(
  { serverName: STRING },
  { name: 'io.debezium.connector.common.ServerNameKey', version: 1 },
)
const valueSchema = struct({ ts_ms: INT64 }, { name: 'io.debezium.connector.common.Heartbeat', version: 1 })

/** Returns a heartbeat, which stores an offset without any change. Source: HeartbeatImpl. */
export function heartbeatRecord(
  { settings, sourcePartition, topics }: EventContext,
  sourceOffset: SourceOffset,
  time: ProcessingTime,
): SourceRecord {
  return {
    topic: topics.heartbeat,
    partition: 0,
    keySchema,
    key: { serverName: settings.topicPrefix },
    valueSchema,
    value: { ts_ms: time.ms },
    timestamp: null,
    headers: [],
    sourcePartition,
    sourceOffset,
  }
}
