import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ColumnReader } from '../../../ports.ts'
import { fakeReader, rowOf, tableOf, unchanged } from '../../test/fixtures.ts'
import type { RowField } from '../row-fields.ts'
import { equalFields, rowStruct } from '../row-struct.ts'

const table = tableOf('t', ['id int not null', 'name text', 'code text not null'])

function fieldsOf(reader: (name: string) => Partial<ColumnReader> = () => ({})): RowField[] {
  return table.columns.map((column, cell) => ({
    name: column.name,
    cell,
    reader: { ...fakeReader(column, 'value', false), ...reader(column.name) },
  }))
}

test('each field is read by its reader', () => {
  assert.deepEqual(rowStruct(fieldsOf())(rowOf('1', 'one', 'x'), null), { id: 1, name: 'one', code: 'x' })
})

test('a reader may return null for a value that it cannot convert', () => {
  const build = rowStruct(fieldsOf((name) => (name === 'name' ? { read: () => null } : {})))
  assert.deepEqual(build(rowOf('1', 'one', 'x'), null), { id: 1, name: null, code: 'x' })
})

test('NULL is the null value of optional fields and the fallback of others', () => {
  const build = rowStruct(fieldsOf((name) => (name === 'name' ? { nullValue: '***' } : {})))
  assert.deepEqual(build(rowOf(null, null, null), null), { id: 0, name: '***', code: '' })
})

test('a row may be read while its predecessor is still known', () => {
  const build = rowStruct(fieldsOf())
  const first = build(rowOf('1', 'one', 'x'), null)
  build(rowOf('2', 'two', 'y'), null)
  assert.deepEqual(first, { id: 1, name: 'one', code: 'x' })
})

test('an unchanged cell is that of the old row, if it has one', () => {
  const build = rowStruct(fieldsOf())
  const row = rowOf('1', unchanged, unchanged)
  const placeholder = '__debezium_unavailable_value'
  assert.deepEqual(build(row, rowOf('1', 'old', null)), { id: 1, name: 'old', code: placeholder })
  assert.deepEqual(build(row, rowOf('1')), { id: 1, name: placeholder, code: placeholder })
  assert.deepEqual(build(row, null), { id: 1, name: placeholder, code: placeholder })
})

test('fields without a cell are equal', () => {
  const fields = fieldsOf().map((field) => ({ ...field, cell: -1 }))
  assert.ok(equalFields(fields, rowOf('1'), rowOf('2')))
})

test('an unchanged cell differs from one that was NULL', () => {
  assert.ok(!equalFields(fieldsOf(), rowOf('1', unchanged, 'x'), rowOf('1', null, 'x')))
})
