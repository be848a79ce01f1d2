import { noHeaders } from '../headers.ts'
import type { SinkRecord } from '../record.ts'

/** The parts of a sink record that its maker has to give. */
export type SinkRecordInit = Pick<SinkRecord, 'topic' | 'partition' | 'offset'> & Partial<SinkRecord>

/** Makes a record as a sink task gets it, without transforms: what is not given is null, its timestamp 0. */
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
