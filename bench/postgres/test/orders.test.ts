import assert from 'node:assert/strict'
import { test } from 'node:test'
import { idOfKey } from '../orders.ts'

test('the id of a row is in the key of its record, with and without a schema', () => {
  assert.equal(idOfKey(Buffer.from('{"id":7}')), 7)
  assert.equal(idOfKey(Buffer.from('{"schema":{"type":"struct"},"payload":{"id":8}}')), 8)
})

test('another record has no id', () => {
  assert.equal(idOfKey(null), -1)
  assert.equal(idOfKey(Buffer.from('{"other":1}')), -1)
})
