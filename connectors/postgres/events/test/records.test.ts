import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validateValue, type SourceRecord } from '../../../../api/index.ts'
import type { Operation } from '../../ports.ts'
import type { EventContext, EventSettings } from '../context.ts'
import { changeRecords, type ChangeRecords } from '../records.ts'
import type { TableEvents } from '../table-events.ts'
import { TransactionMetadata } from '../transaction-metadata.ts'
import { change, contextOf, eventsOf, rowOf, summary, tableOf } from './fixtures.ts'

const table = tableOf('t', ['id int not null', 'name text not null', 'qty int'])

function maker(settings: Partial<EventSettings> = {}): {
  context: EventContext
  events: TableEvents
  make: ChangeRecords
  out: SourceRecord[]
} {
  const context = contextOf({ settings })
  return { context, events: eventsOf(table, context), make: changeRecords(context), out: [] }
}

const one = rowOf('1', 'one', '5')
const before = { lsn: 1 }
const after = { lsn: 2 }

test('a row of a snapshot is read', () => {
  const { events, make, out } = maker()
  make.read(events, one, change, out)
  assert.deepEqual(out.map(summary), [
    { op: 'r', key: { id: 1 }, before: null, after: { id: 1, name: 'one', qty: 5 }, offset: after },
  ])
})

test('a record is valid, and has the envelope in the order of its schema', () => {
  const { events, make, out } = maker()
  make.created(events, one, change, out)
  const [record] = out
  assert.ok(record !== undefined)
  validateValue(record.keySchema, record.key)
  validateValue(record.valueSchema, record.value)
  const value = record.value as Readonly<Record<string, unknown>>
  assert.deepEqual(
    Object.keys(value),
    record.valueSchema?.fields.map(({ name }) => name),
  )
  assert.deepEqual(
    [value['ts_ms'], value['ts_us'], value['ts_ns']],
    [1_700_000_001_000, 1_700_000_001_000_002, 1_700_000_001_000_002_000n],
  )
  assert.deepEqual([record.topic, record.partition, record.timestamp], ['shop.public.t', null, null])
  assert.deepEqual(record.sourcePartition, { server: 'shop' })
})

test('headers tell the connector, the task and the run', () => {
  const { events, make, out } = maker()
  make.created(events, one, change, out)
  assert.deepEqual(
    out[0]?.headers.map(({ key, value }) => [key, value]),
    [
      ['__debezium.context.connectorLogicalName', 'shop'],
      ['__debezium.context.taskId', '0'],
      ['__debezium.context.connectorName', 'postgresql'],
      ['__debezium.context.runId', 'run-1'],
    ],
  )
})

test('without extended headers there are only those of a changed key', () => {
  const { events, make, out } = maker({ extendedHeadersEnabled: false })
  make.created(events, one, change, out)
  make.updated(events, rowOf('2', 'one', '5'), rowOf('1', null, null), change, out)
  assert.deepEqual(
    out.map(({ headers }) => headers.map(({ key }) => key)),
    [[], ['__debezium.newkey'], ['__debezium.newkey'], ['__debezium.oldkey']],
  )
})

test('an update without an old row has no before', () => {
  const { events, make, out } = maker()
  make.updated(events, one, null, change, out)
  assert.deepEqual(out.map(summary), [
    { op: 'u', key: { id: 1 }, before: null, after: { id: 1, name: 'one', qty: 5 }, offset: after },
  ])
})

test('an update with an old row has both', () => {
  const { events, make, out } = maker()
  make.updated(events, one, rowOf('1', 'eins', null), change, out)
  assert.deepEqual(out.map(summary), [
    {
      op: 'u',
      key: { id: 1 },
      before: { id: 1, name: 'eins', qty: null },
      after: { id: 1, name: 'one', qty: 5 },
      offset: after,
    },
  ])
})

test('a changed key is a delete, a tombstone and a create, which refer to each other', () => {
  const { events, make, out } = maker()
  make.updated(events, rowOf('20', 'ten', '11'), rowOf('10', null, null), change, out)
  assert.deepEqual(out.map(summary), [
    { op: 'd', key: { id: 10 }, before: { id: 10, name: '', qty: null }, after: null, offset: before },
    { op: 'tombstone', key: { id: 10 }, before: null, after: null, offset: before },
    { op: 'c', key: { id: 20 }, before: null, after: { id: 20, name: 'ten', qty: 11 }, offset: after },
  ])
  const [deleted, tombstone, created] = out
  const newKey = { key: '__debezium.newkey', schema: events.keySchema, value: { id: 20 } }
  assert.deepEqual(deleted?.headers[0], newKey)
  assert.deepEqual(tombstone?.headers, deleted?.headers)
  assert.deepEqual(created?.headers[0], {
    key: '__debezium.oldkey',
    schema: events.keySchema,
    value: { id: 10 },
  })
  assert.equal(created?.headers.length, 5)
})

test('a delete has the old row and a tombstone', () => {
  const { events, make, out } = maker()
  make.deleted(events, rowOf('2', null, null), change, out)
  assert.deepEqual(out.map(summary), [
    // the offset after: a transform may drop the tombstone
    { op: 'd', key: { id: 2 }, before: { id: 2, name: '', qty: null }, after: null, offset: after },
    { op: 'tombstone', key: { id: 2 }, before: null, after: null, offset: after },
  ])
  assert.equal(out[1]?.valueSchema, null)
  assert.equal(out[1]?.keySchema, events.keySchema)
  assert.equal(out[0]?.sourceOffset, out[1]?.sourceOffset, 'one object: they are stored together')
})

test('without tombstones the delete is the last record', () => {
  const { events, make, out } = maker({ tombstonesOnDelete: false })
  make.deleted(events, rowOf('2', null, null), change, out)
  assert.deepEqual(
    out.map((record) => [summary(record).op, record.sourceOffset]),
    [['d', after]],
  )
})

test('a delete without an old row is left out', () => {
  const { events, make, out } = maker()
  make.deleted(events, null, change, out)
  assert.deepEqual(out, [])
})

test('a truncate has no key, even if the table has one', () => {
  const { events, make, out } = maker({ skippedOperations: new Set() })
  make.truncated(events, change, out)
  assert.deepEqual(out.map(summary), [{ op: 't', key: null, before: null, after: null, offset: after }])
  assert.equal(out[0]?.keySchema, null)
})

test('of a truncate of several tables only the last record has the offset after', () => {
  const { events, make, out } = maker({ skippedOperations: new Set() })
  make.truncated(events, change, out, false)
  make.truncated(events, change, out, true)
  assert.deepEqual(
    out.map(({ sourceOffset }) => sourceOffset),
    [before, after],
  )
})

test('a table without a key has records and tombstones without a key', () => {
  const { context, make, out } = maker()
  const events = eventsOf({ ...table, primaryKey: [] }, context)
  make.updated(events, rowOf('2', 'b', null), rowOf('1', 'a', null), change, out)
  make.deleted(events, rowOf('2', 'b', null), change, out)
  assert.deepEqual(
    out.map((record) => [summary(record).op, record.key, record.keySchema]),
    [
      ['u', null, null],
      ['d', null, null],
      ['tombstone', null, null],
    ],
  )
})

function operations(...skipped: readonly Operation[]): (readonly [unknown, unknown])[] {
  const { events, make, out } = maker({ skippedOperations: new Set(skipped) })
  make.created(events, one, change, out)
  make.updated(events, one, one, change, out)
  make.updated(events, rowOf('2', 'x', null), one, change, out)
  make.deleted(events, one, change, out)
  make.truncated(events, change, out)
  return out.map((record) => [summary(record).op, record.sourceOffset?.['lsn']])
}

test('skipped operations are left out, also of a changed key, and the last record has the offset after', () => {
  const deleted = [
    ['d', 2],
    ['tombstone', 2],
  ]
  const changedKey = [
    ['d', 1],
    ['tombstone', 1],
    ['c', 2],
  ]
  assert.deepEqual(operations('t'), [['c', 2], ['u', 2], ...changedKey, ...deleted])
  assert.deepEqual(operations('u', 't'), [['c', 2], ...changedKey, ...deleted])
  assert.deepEqual(operations('c', 't'), [['u', 2], ...deleted, ...deleted])
  assert.deepEqual(operations('d'), [
    ['c', 2],
    ['u', 2],
    ['c', 2],
    ['t', 2],
  ])
})

test('an unchanged row is left out only if that is asked for', () => {
  const kept = maker()
  kept.make.updated(kept.events, one, one, change, kept.out)
  assert.equal(kept.out.length, 1)
  const { events, make, out } = maker({ skipMessagesWithoutChange: true })
  make.updated(events, one, one, change, out)
  make.updated(events, one, null, change, out)
  make.updated(events, rowOf('1', 'uno', '5'), one, change, out)
  make.updated(events, rowOf('1', 'one', null), one, change, out)
  assert.deepEqual(
    out.map((record) => summary(record).after),
    [
      { id: 1, name: 'one', qty: 5 },
      { id: 1, name: 'uno', qty: 5 },
      { id: 1, name: 'one', qty: null },
    ],
  )
})

test('a changed key that is not part of the value is no unchanged row', () => {
  const context = contextOf({
    settings: { skipMessagesWithoutChange: true },
    rules: { capturesColumn: (_table, column) => column !== 'id' },
  })
  const out: SourceRecord[] = []
  changeRecords(context).updated(eventsOf(table, context), rowOf('2', 'one', '5'), one, change, out)
  assert.deepEqual(
    out.map((record) => summary(record).op),
    ['d', 'tombstone', 'c'],
  )
})

test('each event is counted in its transaction, a tombstone is not', () => {
  const { context, events, make, out } = maker()
  const counter = new TransactionMetadata(context)
  counter.begin(756, 150, 0, () => ({}))
  const counted = (): number =>
    Number(counter.offsetKeys()?.['transaction_data_collection_order_public.t'] ?? 0)
  const offsets = {
    get before() {
      return { counted: counted() }
    },
    get after() {
      return { counted: counted() }
    },
  }
  make.updated(events, rowOf('2', 'x', null), one, { ...change, counter, offsets }, out)
  assert.deepEqual(
    out.map(({ value }) => (value as { transaction: unknown } | null)?.transaction),
    [
      { id: '756:200', total_order: 1, data_collection_order: 1 },
      undefined,
      { id: '756:200', total_order: 2, data_collection_order: 2 },
    ],
  )
  assert.deepEqual(
    out.map(({ sourceOffset }) => sourceOffset),
    [{ counted: 0 }, { counted: 0 }, { counted: 2 }],
  )
})

test('a row without cells is no change', () => {
  const { context, make, out } = maker()
  const empty = eventsOf(tableOf('zero', []), context)
  make.created(empty, rowOf(), change, out)
  make.updated(empty, rowOf(), null, change, out)
  make.deleted(empty, rowOf(), change, out)
  assert.deepEqual(out, [])
})
