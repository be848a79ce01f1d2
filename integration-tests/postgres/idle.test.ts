import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDatabase, waitFor } from '../services/index.ts'
import { createCapture, currentLsn, untilConfirmed } from './pipeline/capture.ts'

/** How long the busy database is written to. Set it to 10 to run the whole scenario. */
const MINUTES = Number(process.env['POSTGRES_IDLE_MINUTES'] ?? 0)
const TIMEOUT_MS = 120_000
const MEGABYTE = 1024 * 1024
const BURST_ROWS = 30_000

test('an idle database beside a busy one keeps no WAL, and continues after a kill without a snapshot', async (t) => {
  const capture = await createCapture(t, {
    tables: `CREATE TABLE idle (id int PRIMARY KEY, note text); INSERT INTO idle VALUES (1, 'row of the snapshot')`,
  })
  const busy = await createDatabase()
  t.after(() => busy.drop())
  await busy.query('CREATE TABLE busy (text text)')
  const tail = await capture.tail('idle')
  const worker = await capture.startWorker()
  await worker.rest.put(capture.name, capture.config())
  await tail.until(({ value }) => value?.includes('row of the snapshot') ?? false, 'the row of the snapshot')

  const end = performance.now() + MINUTES * 60_000
  do {
    await busy.query(`INSERT INTO busy SELECT repeat('x', 1000) FROM generate_series(1, ${BURST_ROWS})`)
    const written = await currentLsn(busy)
    await untilConfirmed(capture, written, TIMEOUT_MS)
    await busy.query('TRUNCATE busy')
  } while (performance.now() < end)
  await untilRetained(capture.slot, busy, 30 * MEGABYTE)

  await worker.kill()
  const stored = await capture.storedOffset()
  const confirmed = await capture.confirmedLsn()
  assert.ok(
    confirmed !== null && confirmed <= BigInt(stored?.lsn_commit ?? stored?.lsn ?? 0),
    `the slot is confirmed up to ${confirmed}, the stored offset is ${JSON.stringify(stored)}`,
  )
  const second = await capture.startWorker()
  await second.rest.untilState(capture.name, 'RUNNING')
  await capture.database.query(`INSERT INTO idle VALUES (2, 'after the kill')`)
  await tail.until(({ value }) => value?.includes('after the kill') ?? false, 'the row after the kill')
  // One more row, so that a repetition of the one before would have arrived
  await capture.database.query(`INSERT INTO idle VALUES (3, 'the last one')`)
  await tail.until(({ value }) => value?.includes('the last one') ?? false, 'the last row')
  const arrived = tail.records.map(({ key, value }) => [
    key,
    (JSON.parse(value ?? '{}') as { op?: string }).op,
  ])
  assert.deepEqual(arrived, [
    ['{"id":1}', 'r'],
    ['{"id":2}', 'c'],
    ['{"id":3}', 'c'],
  ])
  const status = await second.rest.status(capture.name)
  assert.equal(status?.tasks[0]?.state, 'RUNNING')
})

/** The server gives WAL up when it has logged its running transactions, which it does all 15 seconds if there is activity. */
async function untilRetained(
  slot: string,
  busy: Awaited<ReturnType<typeof createDatabase>>,
  bytes: number,
): Promise<void> {
  const sql = `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS retained
    FROM pg_replication_slots WHERE slot_name = $1`
  let retained: string | undefined
  const isSmall = async () => {
    await busy.query(`INSERT INTO busy VALUES ('x')`)
    const [row] = await busy.query<{ retained: string }>(sql, [slot])
    retained = row?.retained
    return Number(retained ?? Infinity) < bytes ? true : undefined
  }
  await waitFor(isSmall, {
    timeoutMs: TIMEOUT_MS,
    what: () => `retained WAL below ${bytes} bytes; it is ${retained}`,
  })
}
