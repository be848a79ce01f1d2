import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { FakeServer, serverError } from './fake-server.ts'
import { rules, snapshotOf } from './snapshot-run.ts'

const threeTables = () =>
  new FakeServer([
    { name: 'ta', blocks: [['a1', 'a2']] },
    { name: 'tb', blocks: [['b1']] },
    { name: 'tc', blocks: [[]] },
  ])

test('tables become records with markers, and only the last one completes the snapshot', async () => {
  const server = threeTables()
  const { result, records, texts } = snapshotOf(server)
  const unfinished = { last_snapshot_record: false, lsn: 100, txId: 7, ts_usec: 1_000_000 }
  const kind = { snapshot: 'INITIAL', snapshot_completed: false }
  const completed = { ...unfinished, ...kind, last_snapshot_record: true, snapshot_completed: true }
  const position = { lsn: 100, txId: 7, timeUs: 1_000_000 }
  assert.deepEqual(await result, { position, offset: completed, rows: 3, hasRecords: true })
  assert.deepEqual(texts(), ['a1 first', 'a2 last_in_data_collection', 'b1 last'])
  assert.deepEqual(
    records.map(({ sourceOffset }) => sourceOffset),
    [{ ...unfinished, ...kind }, { ...unfinished, ...kind }, completed],
  )
  assert.equal(server.allClosed, true)
})

test('without rows there is an offset, but no record that has it', async () => {
  const { result, records } = snapshotOf(new FakeServer([{ name: 'ta', blocks: [] }]))
  const { hasRecords, offset } = await result
  assert.equal(hasRecords, false)
  assert.equal(offset['snapshot_completed'], true)
  assert.deepEqual(records, [])
})

test('a snapshot without tables completes', async () => {
  const { result } = snapshotOf(new FakeServer([]))
  assert.equal((await result).rows, 0)
})

test('the position is read before the snapshot of its own, which the reader imports', async () => {
  const server = new FakeServer([{ name: 'ta', blocks: [['a1']] }])
  await snapshotOf(server).result
  const kinds = /wal_lsn|BEGIN|export|SET TRANSACTION|COPY|COMMIT|LIMIT 0/
  const [position, ...shown] = server.statements.filter((text) => kinds.test(text))
  assert.match(position ?? '', /^0: \s*SELECT .*pg_current_wal_lsn\(\)/)
  assert.deepEqual(shown, [
    '0: BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY, DEFERRABLE',
    '0: SELECT pg_export_snapshot() AS name',
    '0: SELECT "id" FROM "public"."ta" LIMIT 0',
    '1: BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY',
    "1: SET TRANSACTION SNAPSHOT 'exported by 0'",
    '1: COPY (SELECT "id" FROM "public"."ta") TO STDOUT',
    '0: COMMIT',
  ])
})

test('the snapshot of a new slot is imported by all connections, and its position is that of the slot', async () => {
  const server = new FakeServer([{ name: 'ta', blocks: [['a1']] }])
  const exported = { snapshotName: '0-1', consistentPoint: 90, server: 'server 1' }
  const { position } = await snapshotOf(server, { exported }).result
  assert.equal(position.lsn, 90)
  for (const { statements } of server.connections) {
    const begin = statements.indexOf('BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY')
    assert.equal(statements[begin + 1], "SET TRANSACTION SNAPSHOT '0-1'")
  }
})

test('a standby has no serializable transactions, and read_committed imports nothing', async () => {
  const standby = threeTables()
  standby.inRecovery = true
  await snapshotOf(standby).result
  assert.ok(standby.statements.includes('0: BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY'))
  const server = threeTables()
  await snapshotOf(server, { config: { 'snapshot.isolation.mode': 'read_committed' } }).result
  assert.ok(server.statements.includes('1: BEGIN ISOLATION LEVEL READ COMMITTED, READ ONLY'))
  assert.ok(!server.statements.some((text) => /SET TRANSACTION SNAPSHOT|export/.test(text)))
})

test('a blocking snapshot keeps the position of the stream in its offsets', async () => {
  const server = new FakeServer([{ name: 'ta', blocks: [['a1']] }])
  const { offset } = await snapshotOf(server, {
    kind: 'BLOCKING',
    before: { lsnProc: 95, lsnCommit: 94, txId: 6 },
  }).result
  assert.deepEqual(offset, {
    lsn_proc: 95,
    last_snapshot_record: true,
    lsn_commit: 94,
    lsn: 95,
    txId: 6,
    ts_usec: 1_000_000,
    snapshot: 'BLOCKING',
    snapshot_completed: true,
  })
})

test('a repeated snapshot has the position from which the stream follows it', async () => {
  const server = new FakeServer([{ name: 'ta', blocks: [['a1']] }])
  const run = snapshotOf(server, { repeats: true, streamsFrom: 60 })
  const { offset } = await run.result
  assert.equal(offset['lsn'], 60)
})

test('a condition and a statement replace that of all rows', async () => {
  const server = threeTables()
  const select = { ta: 'id > 1', tb: 'SELECT id FROM tb ORDER BY id; ' }
  await snapshotOf(server, {
    rules: { ...rules, select: ({ table }) => (select as Record<string, string>)[table] },
  }).result
  const copies = server.statements.filter((text) => text.includes('COPY'))
  assert.deepEqual(copies, [
    '1: COPY (SELECT "id" FROM "public"."ta" WHERE (id > 1)) TO STDOUT',
    '1: COPY (SELECT q."id" FROM (SELECT id FROM tb ORDER BY id) AS q) TO STDOUT',
    '1: COPY (SELECT "id" FROM "public"."tc") TO STDOUT',
  ])
})

test('an invalid statement is a permanent error that names its setting', async () => {
  const server = threeTables()
  server.beforeStatement = (sql) => {
    if (sql.includes('frm')) throw serverError('42601', 'syntax error')
  }
  const { result } = snapshotOf(server, { rules: { ...rules, select: () => 'SELECT id frm ta' } })
  await assert.rejects(result, (error: ConnectError) => {
    assert.equal(error.code, 'HR_CONNECT')
    assert.match(error.message, /snapshot\.select\.statement\.overrides\.public\.ta.*syntax error/)
    return true
  })
  assert.equal(server.allClosed, true)
})

test('snapshot.locking.mode=shared locks all tables first, within the time', async () => {
  const server = threeTables()
  const config = { 'snapshot.locking.mode': 'shared', 'snapshot.lock.timeout.ms': 500 }
  await snapshotOf(server, { config }).result
  const locks = server.statements.filter((text) => /lock_timeout =|LIMIT 0/.test(text)).slice(0, 5)
  assert.deepEqual(locks, [
    '0: SET LOCAL lock_timeout = 500',
    ...['ta', 'tb', 'tc'].map((name) => `0: SELECT "id" FROM "public"."${name}" LIMIT 0`),
    '0: SET LOCAL lock_timeout = 0',
  ])
  const locked = threeTables()
  locked.beforeStatement = (sql) => {
    if (sql.includes('"tb" LIMIT 0'))
      throw serverError('55P03', 'canceling statement due to lock timeout', true)
  }
  const { result } = snapshotOf(locked, { config })
  await assert.rejects(result, /Cannot lock public\.tb within snapshot\.lock\.timeout\.ms/)
})

test('what a snapshot may miss is logged: rewritten tables and hidden rows', async () => {
  const server = new FakeServer([
    { name: 'ta', blocks: [['a1']], rewritten: true },
    { name: 'tb', blocks: [['b1']], hidesRows: true },
  ])
  const { result, log } = snapshotOf(server, { repeats: true })
  await result
  const warnings = log.filter((line) => line.startsWith('warn'))
  assert.equal(warnings.length, 3)
  assert.match(warnings[0] ?? '', /did not finish\. All tables are read again/)
  assert.match(warnings[1] ?? '', /public\.ta was rewritten/)
  assert.match(warnings[2] ?? '', /Policies hide rows of public\.tb/)
})

test('notices tell what is read, with the number of rows', async () => {
  const { result, notices } = snapshotOf(threeTables())
  await result
  const tables = ['public.ta', 'public.tb', 'public.tc']
  assert.deepEqual(notices.slice(0, 3), [
    { type: 'STARTED' },
    // in the order of a HashSet
    { type: 'IN_PROGRESS', table: 'public.ta', tables: ['public.tc', 'public.tb', 'public.ta'] },
    { type: 'TABLE_SCAN_COMPLETED', table: 'public.ta', rows: 2, tables },
  ])
  assert.deepEqual(notices.at(-1), { type: 'COMPLETED' })
})

test('snapshot.delay.ms waits before anything is done, and a stop ends the wait', async (t) => {
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  const server = threeTables()
  const { result, notices } = snapshotOf(server, { config: { 'snapshot.delay.ms': 5000 } })
  mock.timers.tick(4999)
  assert.deepEqual([notices.length, server.connections.length], [0, 0])
  mock.timers.tick(1)
  await result
  const stopped = snapshotOf(server, { config: { 'snapshot.delay.ms': 5000 } })
  stopped.stop(new Error('stopped'))
  await assert.rejects(stopped.result)
})
