import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseTableName, tableText } from '../table-name.ts'

test('a table name has a schema, and may have a database before it', () => {
  assert.deepEqual(parseTableName('public.orders'), { schema: 'public', table: 'orders' })
  assert.deepEqual(parseTableName('shop.public.orders'), { schema: 'public', table: 'orders' })
  assert.deepEqual(parseTableName(' public . orders '), { schema: 'public', table: 'orders' })
})

test('quoted parts may contain dots and doubled quotes', () => {
  assert.deepEqual(parseTableName('"my.schema"."a""b"'), { schema: 'my.schema', table: 'a"b' })
  assert.deepEqual(parseTableName('public."Order Lines"'), { schema: 'public', table: 'Order Lines' })
})

test('a name without a schema or without a table is not a table', () => {
  for (const text of ['orders', '', 'public.', '.orders', '.']) assert.equal(parseTableName(text), undefined)
})

test('the text of a table is not quoted', () => {
  assert.equal(tableText({ schema: 'my schema', table: 'T' }), 'my schema.T')
})
