import { setTimeout as pause } from 'node:timers/promises'
import { uniqueName, waitFor } from '../../integration-tests/services/index.ts'
import { watch } from '../pipeline/far-end.ts'
import { Capture, type Course } from './capture.ts'
import { follow } from './follow.ts'
import { createTable, idOfKey, insertRows } from './orders.ts'
import { percentile, type Latencies } from './results.ts'

/** Rows before the measurement, after which both sides have seen the table. */
const WARM_UP = 50
const INSERTS_A_SECOND = 100
const ARRIVAL_TIMEOUT_MS = 60_000

export interface LatencyResult {
  readonly latencies: Latencies
  readonly recordBytes: number
}

/** Inserts single rows at a fixed rate, and measures the time from each commit until a consumer has its record. */
export async function measureLatency(
  course: Course,
  seconds: number,
  changes: Readonly<Record<string, string>>,
): Promise<LatencyResult> {
  const { database, servers } = course
  const table = uniqueName('latency').replace('-', '_')
  await database.query(createTable(table))
  const capture = new Capture(course, table)
  await capture.create({ 'snapshot.mode': 'no_data', ...changes })
  await capture.untilStreaming()
  const count = seconds * INSERTS_A_SECOND
  await database.query(insertRows(table, count + 1, count + WARM_UP))
  await watch(WARM_UP, () => capture.records())
  const arrived = new Map<number, number>()
  let recordBytes = 0
  const consumer = await follow(servers, capture.topic, (key, value) => {
    arrived.set(idOfKey(key), performance.now())
    recordBytes = (key?.length ?? 0) + (value?.length ?? 0)
  })
  const committed = await insertAtRate(course, table, count)
  const rest = [...committed.keys()]
  const all = () => (rest.every((id) => arrived.has(id)) ? true : undefined)
  await waitFor(all, { timeoutMs: ARRIVAL_TIMEOUT_MS, what: 'the records of all rows' })
  await consumer.close()
  await capture.delete()
  await database.query(`DROP TABLE ${table}`)
  const times = [...committed].map(([id, at]) => (arrived.get(id) ?? NaN) - at)
  return { latencies: { median: percentile(times, 50), p99: percentile(times, 99) }, recordBytes }
}

/** Resolves to the end of the commit of each row. */
async function insertAtRate(
  { database }: Course,
  table: string,
  count: number,
): Promise<Map<number, number>> {
  const committed = new Map<number, number>()
  const start = performance.now()
  for (let id = 1; id <= count; id++) {
    const wait = start + ((id - 1) * 1000) / INSERTS_A_SECOND - performance.now()
    if (wait > 0) await pause(wait)
    await database.query(insertRows(table, id, id))
    committed.set(id, performance.now())
  }
  return committed
}
