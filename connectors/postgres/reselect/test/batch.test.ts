import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rowOf, unchanged } from '../../events/test/fixtures.ts'
import type { Row } from '../../ports.ts'
import { ReselectBatch, type After } from '../batch.ts'
import { reselectPlans } from '../plan.ts'
import { document, partsOf, settingsOf } from './fixtures.ts'

const UNAVAILABLE = '__debezium_unavailable_value'

function batchOf(table = document) {
  const parts = partsOf(table)
  const [plan] = reselectPlans([settingsOf()], parts)
  assert.ok(plan)
  const batch = new ReselectBatch(plan)
  /** Adds an event, and returns its new row. */
  const add = (row: Row, old: Row | null = null): After => {
    const after = parts.events.after(row, old)
    batch.add(after, row, old)
    return after
  }
  return { batch, add }
}

test('an event that has all values is not added', () => {
  const { batch } = batchOf()
  assert.equal(batch.add({}, rowOf('1', '2', 'a', 'b'), null), false)
  assert.equal(batch.hasRows, false)
})

test('a value that the old row has is not read', () => {
  const { batch } = batchOf()
  const row = rowOf('1', '2', 'a', unchanged)
  assert.equal(batch.add({}, row, rowOf('1', '1', 'a', 'b')), false)
  assert.equal(batch.add({}, row, rowOf('0', null, null, null)), true)
})

test('values are set in the events that lack them, and counted', () => {
  const { batch, add } = batchOf()
  const first = add(rowOf('1', '7', 'a', unchanged))
  const second = add(rowOf('2', null, unchanged, 'here'))
  assert.equal(first['body'], UNAVAILABLE)
  const { sql, cells, consumer } = batch.query()
  assert.match(
    sql,
    /^COPY \(SELECT k\.n, t\."n", t\."title", t\."body" FROM \(VALUES \(0, '1'::[^)]*\), \(1, '2'\)\)/,
  )
  assert.equal(cells, 4)
  consumer.row(rowOf('1', '9', 'new title', 'not asked for'))
  consumer.row(rowOf('0', '8', 'not asked for', 'new body'))
  assert.deepEqual(first, { id: 1, n: 7, title: 'a', body: 'new body' })
  assert.deepEqual(second, { id: 2, n: 9, title: 'new title', body: 'here' })
  assert.deepEqual([batch.missing, consumer.bytes], [0, 45])
})

test('a value that is NULL by now becomes null', () => {
  const { batch, add } = batchOf()
  const after = add(rowOf('1', '7', 'a', unchanged))
  batch.query().consumer.row(rowOf('0', null))
  assert.equal(after['body'], null)
})

test('a row is read once for all its events', () => {
  const { batch, add } = batchOf()
  const events = [
    add(rowOf('1', '7', 'a', unchanged)),
    add(rowOf('1', null, 'a', 'b')),
    add(rowOf('1', '9', 'a', unchanged)),
  ]
  batch.query().consumer.row(rowOf('0', '5', 'new'))
  assert.deepEqual(
    events.map(({ n, body }) => [n, body]),
    [
      [7, 'new'],
      [5, 'b'],
      [9, 'new'],
    ],
  )
  assert.equal(batch.size, 1)
})

test('of several rows with the same key, the first one counts', () => {
  const { batch, add } = batchOf()
  const after = add(rowOf('1', '7', 'a', unchanged))
  const { consumer } = batch.query()
  consumer.row(rowOf('0', 'first'))
  consumer.row(rowOf('0', 'second'))
  assert.equal(after['body'], 'first')
})

test('rows that are not found keep what they have', () => {
  const { batch, add } = batchOf()
  const events = [add(rowOf('1', '7', 'a', unchanged)), add(rowOf('2', '7', 'a', unchanged))]
  batch.query().consumer.row(rowOf('1', 'found'))
  assert.deepEqual(
    events.map(({ body }) => body),
    [UNAVAILABLE, 'found'],
  )
  assert.deepEqual([batch.missing, batch.size], [1, 2])
})

test('a key that is TOASTed comes from the old row; without it the row is not found', () => {
  const { batch, add } = batchOf({ ...document, primaryKey: ['title'] })
  add(rowOf('1', '7', unchanged, unchanged), rowOf(null, null, 'a key', null))
  add(rowOf('1', '7', unchanged, unchanged))
  assert.match(batch.query().sql, /VALUES \(0, 'a key'::[^)]*\)\) AS/)
  assert.deepEqual([batch.size, batch.missing], [2, 2])
})

test('fields may have any name', () => {
  const table = {
    ...document,
    columns: document.columns.map((column) => ({
      ...column,
      name: column.name === 'body' ? '__proto__' : column.name,
    })),
  }
  const { batch, add } = batchOf(table)
  const after = add(rowOf('1', '7', 'a', unchanged))
  batch.query().consumer.row(rowOf('0', 'new'))
  assert.equal(Object.getOwnPropertyDescriptor(after, '__proto__')?.value, 'new')
})
