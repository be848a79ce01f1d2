import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sanitizedTopic, topicNames } from '../topic-names.ts'
import { defaults } from './fixtures.ts'

test('topics have the prefix, the schema and the table', () => {
  const names = topicNames(defaults)
  assert.equal(names.table({ schema: 'public', table: 'orders' }), 'shop.public.orders')
  assert.equal(names.heartbeat, '__debezium-heartbeat.shop')
  assert.equal(names.transaction, 'shop.transaction')
  assert.equal(names.message, 'shop.message')
})

test('the delimiter stands between all parts, but not in the topic of messages', () => {
  const names = topicNames({ ...defaults, topicDelimiter: '_' })
  assert.equal(names.table({ schema: 'public', table: 'orders' }), 'shop_public_orders')
  assert.equal(names.heartbeat, '__debezium-heartbeat_shop')
  assert.equal(names.transaction, 'shop_transaction')
  assert.equal(names.message, 'shop.message')
})

test('names of topics can be set', () => {
  const named = topicNames({ ...defaults, heartbeatName: 'beats', transactionName: 'tx' })
  assert.equal(named.heartbeat, 'beats')
  assert.equal(named.transaction, 'shop.tx')
  assert.equal(topicNames({ ...defaults, heartbeatName: ' ', heartbeatPrefix: 'hb' }).heartbeat, 'hb.shop')
})

test('characters that Kafka does not allow become underscores', () => {
  const names = topicNames(defaults)
  assert.equal(names.table({ schema: 'S Two', table: 'Order Lines' }), 'shop.S_Two.Order_Lines')
  assert.equal(names.table({ schema: 's1', table: 'ünï€' }), 'shop.s1._n__')
})

test('long names are cut', () => {
  assert.equal(sanitizedTopic('x'.repeat(300)).length, 249)
})

test('names that Kafka refuses are replaced', () => {
  assert.equal(sanitizedTopic('.'), '_')
  assert.equal(sanitizedTopic('..'), '__')
})
