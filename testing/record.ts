import { noHeaders, type SinkRecord } from '../api/index.ts'

/** The properties of a new sink record. */
export type SinkRecordInit = Pick<SinkRecord, 'topic' | 'partition' | 'offset'> & Partial<SinkRecord>

/** Creates a record as a sink task receives it without transforms. Missing properties are null, the timestamp is 0. */
export function sinkRecord(init: SinkRecordInit): SinkRecord {
  const { topic, partition, offset } = init
  return {
    keySchema: null,
    key: null,
    valueSchema: null,
    value: null,
    timestamp: 0,
    timestampType: 'CreateTime',
    headers: noHeaders,
    originalTopic: topic,
    originalPartition: partition,
    originalOffset: offset,
    ...init,
  }
}
