import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sourceRecord, type SourceRecord } from '../../../../api/index.ts'
import { SnapshotRecords } from '../markers.ts'

const offsets = { unfinished: { snapshot_completed: false }, completed: { snapshot_completed: true } }

/** Names a row by its table, its part and a number. */
interface Read {
  readonly table: number
  readonly part: number
  readonly name: string
}

class Tables {
  readonly records: SnapshotRecords

  constructor(count: number) {
    this.records = new SnapshotRecords(count, remark, offsets)
  }

  read({ table, part, name }: Read): void {
    const marker = this.records.markerOf(table)
    const value = { name, marker }
    const record = sourceRecord({ topic: 't', sourcePartition: {}, sourceOffset: offsets.unfinished, value })
    this.records.add(table, part, record, name.length)
  }

  take(): string[] {
    return this.records.take().records.map(shown)
  }
}

const remark = (record: SourceRecord, marker: string, sourceOffset: SourceRecord['sourceOffset']) => ({
  ...record,
  value: { ...(record.value as object), marker },
  sourceOffset,
})

function shown(record: SourceRecord): string {
  const { name, marker } = record.value as { name: string; marker: string }
  return `${name} ${marker}${record.sourceOffset === offsets.completed ? ' completed' : ''}`
}

/** Reads tables one after the other; each is a list of row names. */
function inOrder(...tables: string[][]): string[] {
  const all = new Tables(tables.length)
  for (const [table, names] of tables.entries()) {
    for (const name of names) all.read({ table, part: 0, name })
    all.records.finishTable(table)
  }
  assert.equal(all.records.finish(), tables.flat().length > 0)
  return all.take()
}

test('tables with several rows, one row and none', () => {
  assert.deepEqual(inOrder(['a1', 'a2', 'a3'], ['b1'], ['c1', 'c2'], []), [
    'a1 first',
    'a2 true',
    'a3 last_in_data_collection',
    'b1 last_in_data_collection',
    'c1 first_in_data_collection',
    'c2 last completed',
  ])
})

test('the only row of the first table stays first, unless it is the last of all', () => {
  assert.deepEqual(inOrder(['a1'], [], ['c1']), ['a1 first', 'c1 last completed'])
  assert.deepEqual(inOrder(['a1'], []), ['a1 last completed'])
})

test('no record is first if the first table is empty', () => {
  assert.deepEqual(inOrder([], ['b1', 'b2'], []), ['b1 first_in_data_collection', 'b2 last completed'])
})

test('nothing is passed on without rows', () => {
  assert.deepEqual(inOrder([], []), [])
})

test('a record waits for the next one of its table, and that of a finished table for one of a later table', () => {
  const tables = new Tables(2)
  tables.read({ table: 0, part: 0, name: 'a1' })
  assert.deepEqual(tables.take(), [])
  tables.read({ table: 0, part: 0, name: 'a2' })
  assert.deepEqual(tables.take(), ['a1 first'])
  tables.records.finishTable(0)
  assert.deepEqual(tables.take(), [])
  tables.read({ table: 1, part: 0, name: 'b1' })
  assert.deepEqual(tables.take(), ['a2 last_in_data_collection'])
})

test('the last record of a table is one of its last part with rows, however the parts are read', () => {
  const tables = new Tables(1)
  tables.read({ table: 0, part: 0, name: 'a1' })
  tables.read({ table: 0, part: 2, name: 'c1' })
  tables.read({ table: 0, part: 1, name: 'b1' })
  tables.read({ table: 0, part: 2, name: 'c2' })
  tables.read({ table: 0, part: 0, name: 'a2' })
  tables.records.finishTable(0)
  tables.records.finish()
  assert.deepEqual(tables.take(), ['a1 first', 'b1 true', 'c1 true', 'a2 true', 'c2 last completed'])
})

test('last is in the last table with rows, also if it is read before others', () => {
  const tables = new Tables(3)
  tables.read({ table: 0, part: 0, name: 'a1' })
  tables.read({ table: 1, part: 0, name: 'b1' })
  tables.records.finishTable(1)
  tables.records.finishTable(2)
  tables.read({ table: 0, part: 0, name: 'a2' })
  tables.read({ table: 0, part: 0, name: 'a3' })
  tables.records.finishTable(0)
  tables.records.finish()
  assert.deepEqual(tables.take(), ['a1 first', 'a2 true', 'a3 last_in_data_collection', 'b1 last completed'])
})

test('the size of rows is that since the last call', () => {
  const tables = new Tables(1)
  tables.read({ table: 0, part: 0, name: 'four' })
  assert.equal(tables.records.take().bytes, 4)
  assert.equal(tables.records.take().bytes, 0)
})
