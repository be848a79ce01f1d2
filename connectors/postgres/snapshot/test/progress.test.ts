import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ProgressMeter } from '../progress.ts'

const MB = 1024 * 1024

function meterOf(sizes: Record<string, number>) {
  let now = 0
  const tables = Object.entries(sizes).map(([table, size]) => ({ table, size }))
  const meter = new ProgressMeter(tables, () => now)
  return { meter, at: (ms: number) => void (now = ms) }
}

test('tables count by their size, and by the parts of them that are done', () => {
  const { meter, at } = meterOf({ 'public.a': 90 * MB, 'public.b': 10 * MB })
  at(10_000)
  meter.add(0, 3000, 20 * MB)
  meter.partDone(0, 45 * MB)
  const { fraction, rows, rowsPerSecond, remainingMs, text } = meter.report()
  assert.equal(fraction, 0.45)
  assert.deepEqual([rows, rowsPerSecond, remainingMs], [3000, 300, 12_222])
  assert.equal(text, '0 of 2 tables, public.a 50 %, 3000 rows, 300 rows/s, 45 % in total, about 13 s left')
})

test('text that is larger than the table does not finish it', () => {
  const { meter } = meterOf({ 'public.a': MB })
  meter.add(0, 1, 5 * MB)
  assert.equal(meter.report().fraction, 0.99)
  meter.tableDone(0)
  assert.deepEqual([meter.report().fraction, meter.report().remainingMs], [1, 0])
})

test('empty tables are progress as well', () => {
  const { meter } = meterOf({ 'public.a': 0, 'public.b': 0 })
  meter.tableDone(0)
  assert.equal(meter.report().fraction, 0.5)
  assert.equal(meter.report().tablesDone, 1)
})

test('there is no estimate at the beginning', () => {
  const { meter, at } = meterOf({ 'public.a': 1000 * MB })
  at(1000)
  meter.add(0, 1, 100 * MB)
  assert.equal(meter.report().remainingMs, null)
  at(4000)
  assert.equal(meter.report().remainingMs, 36_000)
})

test('a size is an estimate until the table is measured', () => {
  const { meter } = meterOf({ 'public.a': 0 })
  meter.resize(0, 10 * MB)
  meter.add(0, 1, 5 * MB)
  assert.equal(meter.report().fraction, 0.5)
})

test('rows that are read again are taken out', () => {
  const { meter } = meterOf({ 'public.a': MB })
  meter.add(0, 5, 50)
  meter.add(0, -5, -50)
  const [table] = meter.report().tables
  assert.deepEqual([table?.rows, table?.bytes, table?.fraction], [0, 0, 0])
})

test('the text names three tables at most, and long times in minutes and hours', () => {
  const { meter, at } = meterOf({ a: MB, b: MB, c: MB, d: 1000 * MB })
  for (let table = 0; table < 4; table++) meter.add(table, 1, MB)
  meter.partDone(3, 20 * MB)
  at(600_000)
  assert.match(
    meter.report().text,
    /^0 of 4 tables, a 99 %, b 99 %, c 99 %, 1 more, 4 rows, .*about 8 h left$/,
  )
  at(10_000)
  assert.match(meter.report().text, /about 8 min left$/)
})

test('nothing to read is complete', () => {
  assert.equal(new ProgressMeter([]).report().fraction, 1)
})
