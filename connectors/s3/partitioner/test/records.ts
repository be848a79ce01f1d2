import type { Schema, SinkRecord } from '../../../../api/index.ts'

/** Returns a record with the given properties. */
export function recordWith(more: Partial<SinkRecord>): SinkRecord {
  return {
    topic: 'orders',
    partition: 3,
    offset: 42,
    keySchema: null,
    key: null,
    valueSchema: null,
    value: 'x',
    timestamp: null,
    timestampType: 'CreateTime',
    headers: [],
    originalTopic: 'orders',
    originalPartition: 3,
    originalOffset: 42,
    ...more,
  }
}

export const recordOf = (valueSchema: Schema | null, value: unknown): SinkRecord =>
  recordWith({ valueSchema, value })
