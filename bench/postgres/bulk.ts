import { uniqueName } from '../../integration-tests/services/index.ts'
import { steadyRate, watch, type Sample } from '../pipeline/far-end.ts'
import { peakOf, resetPeak, usageOf } from '../pipeline/process-tree.ts'
import { Capture, type Course } from './capture.ts'
import { createTable, insertRows } from './orders.ts'
import type { Measured } from './results.ts'

/** Rows of a transaction. */
const TRANSACTION = 1000

/** Reads a table that is full before the connector exists. */
export async function measureSnapshot(course: Course, table: string): Promise<Measured> {
  const { rows } = course
  const capture = new Capture(course, table)
  const measured = await measure(course, capture, 0, rows, () =>
    capture.create({ 'snapshot.mode': 'initial' }),
  )
  await capture.delete()
  return measured
}

/**
 * Streams rows while they are written, and then as many rows that were written while the connector was stopped. Live, the
 * connector cannot be faster than the writer.
 */
export async function measureStream(
  course: Course,
): Promise<{ readonly live: Measured; readonly catchUp: Measured }> {
  const { database, rows } = course
  const table = uniqueName('stream').replace('-', '_')
  await database.query(createTable(table))
  const capture = new Capture(course, table)
  await capture.create({ 'snapshot.mode': 'no_data' })
  await capture.untilStreaming()
  await write(course, table, 0, TRANSACTION) // both sides have seen the table
  await watch(TRANSACTION, () => capture.records())
  let written = Promise.resolve()
  const live = await measure(course, capture, TRANSACTION, rows, async () => {
    written = write(course, table, TRANSACTION, rows)
  })
  await written
  await capture.stop()
  const before = await capture.records() // a stop may repeat records
  await write(course, table, TRANSACTION + rows, rows)
  const catchUp = await measure(course, capture, before, rows, () => capture.resume())
  await capture.delete()
  await database.query(`DROP TABLE ${table}`)
  return { live, catchUp }
}

/** Fills a table for snapshots. */
export async function fillTable({ database, rows }: Pick<Course, 'database' | 'rows'>): Promise<string> {
  const table = uniqueName('snapshot').replace('-', '_')
  await database.query(createTable(table))
  await database.query(insertRows(table, 1, rows))
  await database.query(`VACUUM ANALYZE ${table}`)
  return table
}

async function write({ database }: Course, table: string, after: number, count: number): Promise<void> {
  for (let done = 0; done < count; done += TRANSACTION) {
    const last = Math.min(done + TRANSACTION, count)
    await database.query(insertRows(table, after + done + 1, after + last))
  }
}

/** Measures from a start until `rows` records have followed the first `before`. */
async function measure(
  { peer }: Course,
  capture: Capture,
  before: number,
  rows: number,
  start: () => Promise<void>,
): Promise<Measured> {
  await resetPeak(peer.pid)
  const usage = await usageOf(peer.pid)
  const startedAt = performance.now()
  await start()
  const samples = await watch(rows, async () => (await capture.records()) - before)
  const { cpuSeconds } = await usageOf(peer.pid)
  return {
    rate: rateOf(samples, rows),
    seconds: ((samples.at(-1)?.at ?? startedAt) - startedAt) / 1000,
    cpuPerMillion: ((cpuSeconds - usage.cpuSeconds) / rows) * 1e6,
    peak: await peakOf(peer.pid),
  }
}

/** Few rows can arrive between two samples: then the rate is unknown. */
function rateOf(samples: readonly Sample[], rows: number): number {
  const rate = steadyRate(samples, rows)
  return Number.isFinite(rate) ? rate : NaN
}
