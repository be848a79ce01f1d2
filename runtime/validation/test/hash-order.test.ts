import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashOrder } from '../hash-order.ts'

test('keys come in the order of a HashMap of Java', () => {
  const keys = [
    'converter.type',
    'schemas.enable',
    'schemas.cache.size',
    'schema.content',
    'decimal.format',
    'replace.null.with.default',
  ]

  assert.deepEqual(
    hashOrder(keys, (key) => key),
    [
      'decimal.format',
      'converter.type',
      'schemas.cache.size',
      'replace.null.with.default',
      'schemas.enable',
      'schema.content',
    ],
  )
})
