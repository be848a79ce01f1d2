import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Schema } from '../../../../api/index.ts'
import { neededColumns } from '../fields/row-fields.ts'
import { tableEvents } from '../table-events.ts'
import { contextOf, eventsOf, rowOf, tableOf, unchanged } from './fixtures.ts'

const fieldsOf = (schema: Schema | null): readonly string[] | undefined =>
  schema?.fields.map(({ name, schema: { type, optional } }) => `${name}:${type}${optional ? '?' : ''}`)

const table = tableOf('t', ['id int not null', 'name text not null', 'qty int'])

test('schemas are named after the topic', () => {
  const events = eventsOf(table)
  assert.equal(events.topic, 'shop.public.t')
  assert.deepEqual(
    [events.keySchema, events.valueSchema, events.envelopeSchema].map((schema) => [
      schema?.name,
      schema?.version,
      schema?.optional,
    ]),
    [
      ['shop.public.t.Key', null, false],
      ['shop.public.t.Value', null, true],
      ['shop.public.t.Envelope', 2, false],
    ],
  )
  assert.deepEqual(fieldsOf(events.envelopeSchema), [
    'before:struct?',
    'after:struct?',
    'source:struct',
    'transaction:struct?',
    'op:string',
    'ts_ms:int64?',
    'ts_us:int64?',
    'ts_ns:int64?',
  ])
})

test('the delimiter of topics and the replaced characters are in the names of schemas, too', () => {
  const context = contextOf({ settings: { topicDelimiter: '-' } })
  assert.equal(
    eventsOf(tableOf('Order Lines', ['id int']), context).keySchema?.name,
    'shop-public-Order_Lines.Key',
  )
})

test('names are adjusted for Avro', () => {
  const context = contextOf({
    settings: { schemaNameAdjustment: 'avro', fieldNameAdjustment: 'avro', topicPrefix: 'a-b' },
  })
  const events = eventsOf(tableOf('t', ['1x int', 'a-b text']), context)
  assert.equal(events.topic, 'a-b.public.t')
  assert.equal(events.valueSchema.name, 'a_b.public.t.Value')
  assert.deepEqual(events.after(rowOf('1', 'b')), { _1x: 1, a_b: 'b' })
})

test('keys have the order of the key, values that of the table', () => {
  const columns = ['a int not null', 'b text not null', 'v int']
  const events = eventsOf(tableOf('t', columns, { primaryKey: ['b', 'a'] }))
  assert.deepEqual(fieldsOf(events.keySchema), ['b:string', 'a:int32'])
  assert.deepEqual(Object.entries(events.key(rowOf('2', 'y', null)) ?? {}), [
    ['b', 'y'],
    ['a', 2],
  ])
  assert.deepEqual(Object.keys(events.after(rowOf('2', 'y', null))), ['a', 'b', 'v'])
})

test('without a primary key the first unique index is the key, even if it is nullable', () => {
  const events = eventsOf(tableOf('t', ['a int not null', 'b text'], { primaryKey: [], uniqueIndex: ['b'] }))
  assert.deepEqual(fieldsOf(events.keySchema), ['b:string?'])
  assert.deepEqual(events.key(rowOf('1', null)), { b: null })
})

test('without any unique index there is no key', () => {
  const events = eventsOf({ ...table, primaryKey: [] })
  assert.equal(events.keySchema, null)
  assert.equal(events.key(rowOf('1', 'x', null)), null)
  assert.ok(events.sameKey(rowOf('1', 'x', null), rowOf('2', 'x', null)))
})

test('message.key.columns replaces the primary key', () => {
  const context = contextOf({ rules: { keyColumns: () => ['qty', 'name'] } })
  const events = eventsOf(table, context)
  assert.deepEqual(fieldsOf(events.keySchema), ['qty:int32?', 'name:string'])
  // the old row of a delete has only the primary key
  assert.deepEqual(events.key(rowOf('1', null, null)), { qty: null, name: '' })
})

const withoutId = { capturesColumn: (_table: unknown, column: string) => column !== 'id' }

test('a key column that is excluded stays in the key, with its value', () => {
  const context = contextOf({ rules: withoutId })
  const snapshot = eventsOf(table, context, 'snapshot')
  assert.deepEqual(fieldsOf(snapshot.keySchema), ['id:int32'])
  assert.deepEqual(snapshot.key(rowOf('7', 'x', null)), { id: 7 })
  assert.deepEqual(snapshot.after(rowOf('7', 'x', null)), { name: 'x', qty: null })
  const stream = eventsOf(table, context)
  assert.deepEqual(fieldsOf(stream.keySchema), ['id:int32?'])
  assert.deepEqual(stream.key(rowOf('7', 'x', null)), { id: 7 })
})

test('a snapshot needs the included columns and those of the key', () => {
  const { columns } = contextOf({ rules: { capturesColumn: (_table, column) => column === 'qty' } })
  assert.deepEqual(
    neededColumns(table, columns).map(({ name }) => name),
    ['id', 'qty'],
  )
})

test('masks do not apply to keys', () => {
  const events = eventsOf(tableOf('t', ['code text not null']), contextOf({ masks: true }))
  assert.deepEqual(events.key(rowOf('abc')), { code: 'abc' })
  assert.deepEqual(events.after(rowOf('abc')), { code: 'ABC' })
})

test('columns whose type is not supported are left out', () => {
  const base = contextOf()
  const context = {
    ...base,
    readerOf: (...of: Parameters<typeof base.readerOf>) =>
      of[0].name === 'name' ? undefined : base.readerOf(...of),
  }
  assert.deepEqual(fieldsOf(eventsOf(table, context).valueSchema), ['id:int32', 'qty:int32?'])
})

test('columns that the stream does not send are no fields while streaming', () => {
  const cells = ['id', 'qty']
  const row = rowOf('1', '5')
  const stream = tableEvents(table, cells, contextOf(), 'stream')
  assert.deepEqual(stream.after(row), { id: 1, qty: 5 })
  const snapshot = tableEvents(table, cells, contextOf(), 'snapshot')
  assert.deepEqual(snapshot.after(row), { id: 1, name: '', qty: 5 })
})

test('cells may have any order', () => {
  const events = tableEvents(table, ['qty', 'id', 'name'], contextOf(), 'snapshot')
  assert.deepEqual(Object.entries(events.after(rowOf('5', '1', 'x'))), [
    ['id', 1],
    ['name', 'x'],
    ['qty', 5],
  ])
})

test('NULL is null, or the fallback where null is not allowed', () => {
  assert.deepEqual(eventsOf(table).before(rowOf('1', null, null)), { id: 1, name: '', qty: null })
})

test('a mask hides NULL, too', () => {
  const base = contextOf()
  const context = {
    ...base,
    readerOf: (...of: Parameters<typeof base.readerOf>) => ({ ...base.readerOf(...of)!, nullValue: '*****' }),
  }
  assert.deepEqual(
    eventsOf(tableOf('t', ['id int not null', 'note text']), context).after(rowOf(null, null)),
    {
      id: 0,
      note: '*****',
    },
  )
})

test('an unchanged TOASTed cell has the value of the old row', () => {
  const events = eventsOf(table)
  const row = rowOf('1', unchanged, null)
  assert.deepEqual(events.after(row, rowOf('1', 'long', null)), { id: 1, name: 'long', qty: null })
})

test('without an old value an unchanged TOASTed cell has the placeholder', () => {
  const events = eventsOf(table)
  const row = rowOf('1', unchanged, null)
  const expected = { id: 1, name: '__debezium_unavailable_value', qty: null }
  assert.deepEqual(events.after(row), expected)
  assert.deepEqual(events.after(row, rowOf('1', null, null)), expected)
})

test('rows are compared by their text, and by their values if that differs', () => {
  const { sameValue } = eventsOf(tableOf('t', ['id int', 'code text']), contextOf({ masks: true }))
  assert.ok(sameValue(rowOf('1', 'a'), rowOf('1', 'a')))
  assert.ok(sameValue(rowOf('1', 'A'), rowOf('1', 'a')))
  assert.ok(sameValue(rowOf('1', null), rowOf('1', null)))
  assert.ok(sameValue(rowOf('1', unchanged), rowOf('1', 'a')))
  assert.ok(!sameValue(rowOf('1', 'b'), rowOf('1', 'a')))
  assert.ok(!sameValue(rowOf('1', ''), rowOf('1', null)))
  assert.ok(!sameValue(rowOf('2', 'a'), rowOf('1', 'a')))
})

test('the fallback of a missing old value is a value like any other', () => {
  const { sameKey } = eventsOf(tableOf('t', ['code text not null']))
  assert.ok(sameKey(rowOf(''), rowOf(null)))
  assert.ok(!sameKey(rowOf('x'), rowOf(null)))
})

test('columns may have any name', () => {
  const events = eventsOf(tableOf('t', ['__proto__ int', `a"b\\c int`, 'constructor int']))
  const value = events.after(rowOf('1', '2', '3'))
  assert.deepEqual(Object.entries(value), [
    ['__proto__', 1],
    ['a"b\\c', 2],
    ['constructor', 3],
  ])
  assert.equal(Object.getPrototypeOf(value), Object.prototype)
})

test('a wide table has all its fields', () => {
  const columns = Array.from({ length: 1600 }, (_, index) => `c${index} int`)
  const value = eventsOf(tableOf('wide', columns)).after(rowOf(...columns.map((_, index) => `${index}`)))
  assert.equal(Object.keys(value).length, 1600)
  assert.equal(value['c1599'], 1599)
})
