import assert from 'node:assert/strict'
import { test } from 'node:test'
import { copiedHashOrder, hashOrder } from '../hash-order.ts'

test('hashOrder returns keys in the iteration order of a Java HashMap', () => {
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

test('copiedHashOrder returns keys in the iteration order of a copied HashMap', () => {
  const names = ['q?r', 'e+f', 'UPPER', '-', 'dot.', 'constructor', 'ü', 'x%y']
  const many = Array.from({ length: 12 }, (_, at) => `connector-${String.fromCharCode(97 + at)}${at * 7}`)
  const ordered = (keys: readonly string[]) => copiedHashOrder(keys, (key) => key).join(' ')

  assert.equal(ordered(names), 'e+f UPPER q?r constructor dot. ü - x%y')
  assert.equal(ordered(many.slice(0, 3)), 'connector-b7 connector-a0 connector-c14')
  assert.equal(
    ordered(many),
    'connector-b7 connector-d21 connector-c14 connector-j63 connector-g42 connector-k70 connector-e28 connector-i56 ' +
      'connector-a0 connector-f35 connector-h49 connector-l77',
  )
  assert.equal(ordered([]), '')
})
