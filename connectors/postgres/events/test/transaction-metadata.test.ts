import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateValue, type SourceOffset, type SourceRecord } from '../../../../api/index.ts'
import { TransactionMetadata } from '../transaction-metadata.ts'
import { contextOf } from './fixtures.ts'

const at = (lsn: number) => (): SourceOffset => ({ lsn })
const commitUs = 1_700_000_000_123_456

function valid(record: SourceRecord | undefined): SourceRecord {
  assert.ok(record !== undefined)
  validateValue(record.keySchema, record.key)
  validateValue(record.valueSchema, record.value)
  return record
}

test('a transaction has a begin and an end with the counts of its events', () => {
  const metadata = new TransactionMetadata(contextOf())
  const begin = valid(metadata.begin(756, 100, commitUs, at(100)))
  assert.deepEqual([begin.topic, begin.key, begin.headers], ['shop.transaction', { id: '756:100' }, []])
  assert.deepEqual(begin.value, {
    status: 'BEGIN',
    id: '756:100',
    event_count: null,
    data_collections: null,
    ts_ms: 1_700_000_000_123,
  })
  metadata.count('public.t_b', 110)
  metadata.count('public.t_a', 120)
  metadata.count('public.t_b', 130)
  const end = valid(metadata.end(140, commitUs, at(140)))
  assert.deepEqual(end.key, { id: '756:140' })
  assert.deepEqual(end.value, {
    status: 'END',
    id: '756:140',
    event_count: 3,
    data_collections: [
      { data_collection: 'public.t_b', event_count: 2 },
      { data_collection: 'public.t_a', event_count: 1 },
    ],
    ts_ms: 1_700_000_000_123,
  })
})

test('events have their place in the transaction and among those of their table', () => {
  const metadata = new TransactionMetadata(contextOf())
  metadata.begin(756, 100, commitUs, at(100))
  metadata.count('public.t_a', 110)
  metadata.count('public.t_b', 120)
  assert.deepEqual(metadata.count('public.t_a', 130), {
    id: '756:130',
    total_order: 3,
    data_collection_order: 2,
  })
})

test('a transaction without captured changes has no collections', () => {
  const metadata = new TransactionMetadata(contextOf())
  metadata.begin(756, 100, commitUs, at(100))
  const { value } = metadata.end(110, commitUs, at(110))
  const { event_count, data_collections } = value as Readonly<Record<string, unknown>>
  assert.deepEqual([event_count, data_collections], [0, []])
})

test('offsets have the counts until the end, and the end has them, too', () => {
  const metadata = new TransactionMetadata(contextOf())
  assert.equal(metadata.offsetKeys(), undefined)
  metadata.begin(756, 100, commitUs, at(100))
  assert.deepEqual(metadata.offsetKeys(), { transaction_id: '756' })
  metadata.count('public.t_a', 110)
  const keys = { 'transaction_id': '756', 'transaction_data_collection_order_public.t_a': 1 }
  assert.deepEqual(metadata.offsetKeys(), keys)
  const end = metadata.end(120, commitUs, () => ({ ...metadata.offsetKeys() }))
  assert.deepEqual(end.sourceOffset, keys)
  assert.equal(metadata.offsetKeys(), undefined)
})

const stored = {
  'messageType': 'INSERT',
  'transaction_id': '756',
  'transaction_data_collection_order_public.t_a': 2,
  'transaction_data_collection_order_public.t_b': 1,
}

test('a restart within a transaction continues its counts without another begin', () => {
  const metadata = new TransactionMetadata(contextOf(), stored)
  assert.equal(metadata.begin(756, 100, commitUs, at(100)), undefined)
  assert.deepEqual(metadata.count('public.t_a', 140), {
    id: '756:140',
    total_order: 4,
    data_collection_order: 3,
  })
})

test('a restart between transactions starts over', () => {
  const other = new TransactionMetadata(contextOf(), stored)
  assert.ok(other.begin(757, 100, commitUs, at(100)) !== undefined)
  assert.equal(other.count('public.t_a', 110).total_order, 1)
  const committed = new TransactionMetadata(contextOf(), { ...stored, messageType: 'COMMIT' })
  assert.ok(committed.begin(756, 100, commitUs, at(100)) !== undefined)
})

test('the collection of messages has one name, whatever Debezium has stored', () => {
  const metadata = new TransactionMetadata(contextOf(), {
    'transaction_id': '756',
    'transaction_data_collection_order_io.debezium.LogicalDecodingMessageId@1f3a': 1,
    'transaction_data_collection_order_io.debezium.LogicalDecodingMessageId@2b': 1,
  })
  assert.deepEqual(metadata.offsetKeys(), {
    transaction_id: '756',
    transaction_data_collection_order_LOGICAL_DECODING_MESSAGE: 2,
  })
})
