import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateValue } from '../../../../api/index.ts'
import { heartbeatRecord } from '../heartbeats.ts'
import { change, contextOf } from './fixtures.ts'

test('a heartbeat carries the offset, and no headers', () => {
  const record = heartbeatRecord(contextOf(), { lsn: 7 }, change.time)
  assert.deepEqual(record, {
    topic: '__debezium-heartbeat.shop',
    partition: 0,
    keySchema: record.keySchema,
    key: { serverName: 'shop' },
    valueSchema: record.valueSchema,
    value: { ts_ms: 1_700_000_001_000 },
    timestamp: null,
    headers: [],
    sourcePartition: { server: 'shop' },
    sourceOffset: { lsn: 7 },
  })
  assert.equal(record.keySchema?.name, 'io.debezium.connector.common.ServerNameKey')
  assert.equal(record.valueSchema?.name, 'io.debezium.connector.common.Heartbeat')
  validateValue(record.keySchema, record.key)
  validateValue(record.valueSchema, record.value)
})
