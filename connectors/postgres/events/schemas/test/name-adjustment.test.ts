import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fieldName, schemaName } from '../name-adjustment.ts'

test('names stay as they are by default', () => {
  assert.equal(schemaName('1 shop.t.Value', 'none'), '1 shop.t.Value')
  assert.equal(fieldName('a-b', 'none'), 'a-b')
})

test('avro replaces what Avro does not allow in names of fields', () => {
  const names = ['Weird Col', 'ünï', 'a-b', '1x', 'a.b', '_ok9']
  assert.deepEqual(
    names.map((name) => fieldName(name, 'avro')),
    ['Weird_Col', '_n_', 'a_b', '_1x', 'a_b', '_ok9'],
  )
})

test('avro keeps the dots of schema names', () => {
  assert.equal(schemaName('shop-1.s1.Order_Lines.Key', 'avro'), 'shop_1.s1.Order_Lines.Key')
  assert.equal(schemaName('1shop.t.Key', 'avro'), '_1shop.t.Key')
})

test('avro_unicode escapes underscores, too', () => {
  assert.equal(schemaName('my_shop.t.Key', 'avro_unicode'), 'my_u005fshop.t.Key')
  assert.equal(fieldName('a.b€', 'avro_unicode'), 'a_u002eb_u20ac')
  assert.equal(fieldName('1x', 'avro_unicode'), '_u0031x')
})

test('avro_unicode does not pad code units above 255', () => {
  assert.equal(fieldName('xα', 'avro_unicode'), 'x_u3b1')
})
