import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateValue } from '../../../../api/index.ts'
import { notificationRecord, notificationText, type Notification } from '../notifications.ts'

const progress: Notification = {
  id: 'sig-1',
  type: 'IN_PROGRESS',
  aggregateType: 'Incremental Snapshot',
  additionalData: {
    connector_name: 'shop',
    data_collections: 'public.t',
    current_collection_in_progress: 'public.t',
    last_processed_key: '4',
    maximum_key: '6',
  },
  timestamp: 1_700_000_000_123,
}

test('a notification is a record of the topic for notifications', () => {
  const record = notificationRecord(progress, 'notices', { server: 'shop' }, { lsn: 5 })
  assert.deepEqual([record.topic, record.partition, record.headers], ['notices', null, []])
  assert.deepEqual(record.key, { id: 'sig-1' })
  assert.deepEqual(record.value, {
    id: 'sig-1',
    type: 'IN_PROGRESS',
    aggregate_type: 'Incremental Snapshot',
    additional_data: new Map(Object.entries(progress.additionalData ?? {})),
    timestamp: 1_700_000_000_123,
  })
  assert.deepEqual([record.sourcePartition, record.sourceOffset], [{ server: 'shop' }, { lsn: 5 }])
  validateValue(record.keySchema, record.key)
  validateValue(record.valueSchema, record.value)
})

test('the data are in the order of Debezium', () => {
  const order = (additionalData: Readonly<Record<string, string>>): readonly string[] => {
    const { value } = notificationRecord({ ...progress, additionalData }, 'notices', {}, {})
    return [...(value as { additional_data: Map<string, string> }).additional_data.keys()]
  }
  assert.deepEqual(order(progress.additionalData ?? {}), [
    'current_collection_in_progress',
    'connector_name',
    'maximum_key',
    'data_collections',
    'last_processed_key',
  ])
  assert.deepEqual(
    order({
      connector_name: 'shop',
      data_collections: 'public.t',
      scanned_collection: 'public.t',
      status: 'SUCCEEDED',
      total_rows_scanned: '6',
    }),
    ['scanned_collection', 'connector_name', 'total_rows_scanned', 'data_collections', 'status'],
  )
})

test('a notification without data has none', () => {
  const { value } = notificationRecord({ ...progress, additionalData: null }, 'notices', {}, {})
  assert.equal((value as { additional_data: unknown }).additional_data, null)
})

test('the log has the notification as text', () => {
  assert.equal(
    notificationText({
      ...progress,
      additionalData: { connector_name: 'shop', data_collections: 'public.t' },
    }),
    "[Notification Service] {aggregateType='Incremental Snapshot', type='IN_PROGRESS', " +
      'additionalData={connector_name=shop, data_collections=public.t}, timestamp=1700000000123}',
  )
})
