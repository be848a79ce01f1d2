import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateValue, type SourceRecord } from '../../../../api/index.ts'
import { messageRecords, type MessageEncoding } from '../messages.ts'
import { TransactionMetadata } from '../transaction-metadata.ts'
import { change, contextOf, origin } from './fixtures.ts'

const message = { prefix: 'pfx', content: Buffer.from('00fffb', 'hex') }

function contentOf(record: SourceRecord): unknown {
  return (record.value as { message: { content: unknown } }).message.content
}

test('a message has the operation m, no table and no headers', () => {
  const record = messageRecords(contextOf(), 'bytes')(message, change)
  assert.deepEqual([record.topic, record.key, record.headers], ['shop.message', { prefix: 'pfx' }, []])
  const { source, ...value } = record.value as { source: Readonly<Record<string, unknown>> }
  assert.deepEqual(value, {
    op: 'm',
    ts_ms: 1_700_000_001_000,
    transaction: null,
    message,
  })
  assert.deepEqual([source['schema'], source['table'], source['txId']], ['', '', 756])
  assert.deepEqual(record.sourceOffset, { lsn: 2 })
  assert.equal(record.keySchema?.name, 'io.debezium.connector.postgresql.MessageKey')
  assert.equal(record.valueSchema?.name, 'io.debezium.connector.postgresql.MessageValue')
  validateValue(record.keySchema, record.key)
  validateValue(record.valueSchema, record.value)
})

test('the content is encoded as binary.handling.mode says', () => {
  const encoded = (encoding: MessageEncoding): unknown =>
    contentOf(
      messageRecords(contextOf(), encoding)({ prefix: '', content: Buffer.from('fbff', 'hex') }, change),
    )
  assert.equal(encoded('hex'), 'fbff')
  assert.equal(encoded('base64'), '+/8=')
  assert.equal(encoded('base64-url-safe'), '-_8=')
})

test('a message outside of transactions has no transaction', () => {
  const outside = { ...change, origin: { ...origin, txId: null, timeUs: null } }
  const { value, valueSchema } = messageRecords(contextOf(), 'hex')(message, outside)
  assert.equal((value as { source: { txId: unknown } }).source.txId, null)
  validateValue(valueSchema, value)
})

test('messages of a transaction are counted', () => {
  const context = contextOf()
  const counter = new TransactionMetadata(context)
  counter.begin(756, 150, 0, () => ({}))
  const { value } = messageRecords(context, 'bytes')(message, { ...change, counter })
  assert.deepEqual((value as { transaction: unknown }).transaction, {
    id: '756:200',
    total_order: 1,
    data_collection_order: 1,
  })
})
