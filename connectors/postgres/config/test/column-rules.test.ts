import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columnRules } from '../column-rules.ts'

const orders = { schema: 'public', table: 'orders' }
const withColumns = (...names: readonly string[]) => ({ ...orders, columns: names.map((name) => ({ name })) })

test('all columns are captured unless a list selects them', () => {
  assert.equal(columnRules({}).capturesColumn(orders, 'id'), true)
  const included = columnRules({ 'column.include.list': String.raw`public\.orders\.(id|NAME)` })
  assert.equal(included.capturesColumn(orders, 'name'), true)
  assert.equal(included.capturesColumn(orders, 'price'), false)
  const excluded = columnRules({ 'column.exclude.list': String.raw`.*\.price` })
  assert.equal(excluded.capturesColumn(orders, 'price'), false)
  assert.equal(excluded.capturesColumn(orders, 'name'), true)
})

test('key columns come in the order of the setting, also by expressions, without duplicates', () => {
  const { keyColumns } = columnRules({
    'message.key.columns': String.raw`public\.orders:b, a ;(.*)\.orders:a,c.*;other\.t:x`,
  })
  assert.deepEqual(keyColumns(withColumns('a', 'b', 'c1', 'c2')), ['b', 'a', 'c1', 'c2'])
  assert.equal(keyColumns(withColumns('x')), undefined)
  assert.equal(columnRules({}).keyColumns(withColumns('a')), undefined)
})

test('the settings about text columns apply in a fixed order', () => {
  const rules = columnRules({
    'column.mask.hash.v2.SHA-256.with.salt.a.b': 'public.orders.(h2|h1|m|t)',
    'column.mask.hash.SHA-512.with.salt.pepper': 'public.orders.(h1|m|t)',
    'column.mask.with.5.chars': 'public.orders.(m|t)',
    'column.truncate.to.0.chars': 'public.orders.t',
  })
  assert.deepEqual(rules.columnChange(orders, 't'), { kind: 'truncate', length: 0 })
  assert.deepEqual(rules.columnChange(orders, 'm'), { kind: 'mask', length: 5 })
  assert.deepEqual(rules.columnChange(orders, 'h1'), {
    kind: 'hash',
    algorithm: 'SHA-512',
    salt: 'pepper',
    version: 1,
  })
  assert.deepEqual(rules.columnChange(orders, 'h2'), {
    kind: 'hash',
    algorithm: 'SHA-256',
    salt: 'a.b',
    version: 2,
  })
  assert.equal(rules.columnChange(orders, 'id'), undefined)
})

test('types are propagated by column or by type, but not with truncated or masked values', () => {
  const rules = columnRules({
    'column.propagate.source.type': String.raw`.*\.(a|m|h)`,
    'datatype.propagate.source.type': String.raw`.*\.numeric`,
    'column.mask.with.3.chars': String.raw`.*\.m`,
    'column.mask.hash.MD5.with.salt.s': String.raw`.*\.h`,
  })
  assert.equal(rules.propagatesSourceType(orders, 'a', 'int4'), true)
  assert.equal(rules.propagatesSourceType(orders, 'b', 'int4'), false)
  assert.equal(rules.propagatesSourceType(orders, 'b', 'numeric'), true)
  assert.equal(rules.propagatesSourceType(orders, 'm', 'text'), false)
  assert.equal(rules.propagatesSourceType(orders, 'h', 'text'), true)
  assert.equal(rules.columnChange(orders, 'h')?.kind, 'hash')
})
