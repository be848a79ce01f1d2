import assert from 'node:assert/strict'
import { test } from 'node:test'
import { contextOf, tableOf } from '../../test/fixtures.ts'
import { keyColumns, neededColumns, rowFields, type RowField } from '../row-fields.ts'

const table = tableOf('t', ['id int not null', 'name text', 'qty int'])
const cellsOf = (fields: readonly RowField[]): (readonly [string, number])[] =>
  fields.map(({ name, cell }) => [name, cell])

test('the key is the primary key, else the unique index, unless message.key.columns selects others', () => {
  const { columns } = contextOf()
  assert.deepEqual(keyColumns(table, columns), ['id'])
  assert.deepEqual(keyColumns({ ...table, primaryKey: [], uniqueIndex: ['qty'] }, columns), ['qty'])
  const custom = contextOf({ rules: { keyColumns: () => ['qty', 'name'] } })
  assert.deepEqual(keyColumns(table, custom.columns), ['qty', 'name'])
})

test('columns of values and keys are needed', () => {
  const { columns } = contextOf({ rules: { capturesColumn: (_table, column) => column === 'qty' } })
  assert.deepEqual(
    neededColumns(table, columns).map(({ name }) => name),
    ['id', 'qty'],
  )
})

test('fields know the position of their cells', () => {
  const { key, value } = rowFields(table, ['qty', 'id'], contextOf(), 'stream')
  assert.deepEqual(cellsOf(key), [['id', 1]])
  assert.deepEqual(cellsOf(value), [
    ['id', 1],
    ['qty', 0],
  ])
})

test('columns that a snapshot did not select have no cell', () => {
  const { value } = rowFields(table, ['id'], contextOf(), 'snapshot')
  assert.deepEqual(cellsOf(value), [
    ['id', 0],
    ['name', -1],
    ['qty', -1],
  ])
})

test('key columns that do not exist, or are not sent, are left out', () => {
  const context = contextOf({ rules: { keyColumns: () => ['gone', 'name', 'qty'] } })
  assert.deepEqual(cellsOf(rowFields(table, ['id', 'qty'], context, 'stream').key), [['qty', 1]])
})
