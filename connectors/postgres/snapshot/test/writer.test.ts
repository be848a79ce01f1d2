import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INT32, OPTIONAL_STRING, validateValue, type SourceRecord } from '../../../../api/index.ts'
import { captureRules } from '../../config/capture-rules.ts'
import { parseSettings } from '../../config/parse-settings.ts'
import { emptyRow, splitRow } from '../../connection/copy-rows.ts'
import { eventContext, eventSettings, type EventContext } from '../../events/context.ts'
import type { EventOrigin } from '../../events/ports.ts'
import { changeRecords } from '../../events/records.ts'
import type { Column, ColumnReader, Table } from '../../ports.ts'
import { remarkRecord, snapshotRules } from '../writer.ts'
import { tableOf } from './fake-server.ts'

const props = {
  'topic.prefix': 'shop',
  'database.hostname': 'localhost',
  'database.user': 'reader',
  'database.dbname': 'shop',
  'signal.data.collection': 'public.signals',
  'snapshot.select.statement.overrides': 'public.orders',
  'snapshot.select.statement.overrides.public.orders': 'SELECT id FROM orders',
}
const config = parseSettings(props)
const rules = captureRules(config, props)

const text = (bytes: Buffer, start: number, end: number) => bytes.toString('utf8', start, end)
const readers: Record<string, ColumnReader> = {
  id: { schema: INT32, read: (...cell) => Number(text(...cell)), unavailable: null, fallback: 0 },
  note: { schema: OPTIONAL_STRING, read: text, unavailable: null, fallback: null },
}

const context: EventContext = eventContext(
  eventSettings(config, rules.skippedOperations),
  rules,
  (column) => readers[column.name],
)

const note: Column = { ...(tableOf('x', 1).columns[0] as Column), name: 'note', number: 2, optional: true }
const orders: Table = { ...tableOf('orders', 1), columns: [...tableOf('orders', 1).columns, note] }
const plan = { rules, context, records: changeRecords(context), config } as const

const origin: EventOrigin = {
  timeUs: 1_700_000_000_000_000,
  txId: 7,
  lsn: 100,
  lastCommitLsn: null,
  xmin: null,
  origin: null,
  originLsn: null,
  marker: 'true',
}

function read(line: string, columns: readonly Column[]): SourceRecord {
  const row = emptyRow(columns.length)
  const bytes = Buffer.from(line)
  splitRow(bytes, 0, bytes.length, row)
  const writer = snapshotRules({ ...plan, kind: 'INITIAL' }).writer(orders, columns)
  return writer.read(row, origin, { lsn: 100 }) ?? assert.fail('no record')
}

interface Envelope {
  readonly op: string
  readonly before: unknown
  readonly after: unknown
  readonly source: Readonly<Record<string, unknown>>
  readonly ts_ms: number
}

test('a row becomes a read event with its key and offset', () => {
  const { topic, key, value, valueSchema, sourceOffset } = read('1\tnew\n', orders.columns)
  const { op, before, after, source } = value as Envelope
  assert.deepEqual([topic, key, op, before], ['shop.public.orders', { id: 1 }, 'r', null])
  assert.deepEqual({ ...(after as object) }, { id: 1, note: 'new' })
  assert.deepEqual(
    [source['snapshot'], source['lsn'], source['txId'], source['ts_us']],
    ['true', 100, 7, 1_700_000_000_000_000],
  )
  assert.deepEqual(sourceOffset, { lsn: 100 })
  validateValue(valueSchema ?? assert.fail(), value)
})

test('a column that was not selected is null', () => {
  const { value } = read('1\n', orders.columns.slice(0, 1))
  assert.deepEqual({ ...((value as Envelope).after as object) }, { id: 1, note: null })
})

test('the marker and the offset of a record are replaced, and nothing else', () => {
  const record = read('1\tnew\n', orders.columns)
  const marked = remarkRecord(record, 'last', { snapshot_completed: true })
  const { source, ...rest } = marked.value as Envelope
  const { source: sourceBefore, ...before } = record.value as Envelope
  assert.deepEqual(source, { ...sourceBefore, snapshot: 'last' })
  assert.equal(sourceBefore['snapshot'], 'true')
  assert.deepEqual(rest, before)
  assert.deepEqual(
    { ...marked, value: null, sourceOffset: null },
    { ...record, value: null, sourceOffset: null },
  )
  assert.deepEqual(marked.sourceOffset, { snapshot_completed: true })
})

test('overrides are for initial snapshots, and conditions for ad-hoc ones', () => {
  const initial = snapshotRules({ ...plan, kind: 'INITIAL' })
  assert.equal(initial.select(orders), 'SELECT id FROM orders')
  const conditions = new Map([['public.orders', 'id > 5']])
  const adHoc = snapshotRules({ ...plan, kind: 'BLOCKING', conditions })
  assert.equal(adHoc.select(orders), 'id > 5')
  assert.equal(adHoc.select(tableOf('other', 2)), undefined)
  assert.equal(initial.isSignalTable(tableOf('signals', 3)), true)
  assert.equal(initial.isSignalTable(orders), false)
})
