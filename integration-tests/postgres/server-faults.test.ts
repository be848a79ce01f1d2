import assert from 'node:assert/strict'
import { after, suite, test, type TestContext } from 'node:test'
import { Client } from 'pg'
import {
  createDatabaseOn,
  startPostgres,
  startProxy,
  waitFor,
  type HeadraceWorker,
  type PostgresServer,
} from '../services/index.ts'
import { createCapture, currentLsn, untilConfirmed, type Capture, type Props } from './pipeline/capture.ts'
import { arrivalOf } from './pipeline/history.ts'
import type { TopicTail } from '../topics/topic-tail.ts'
import { ITEMS, type Writers } from './pipeline/writers.ts'

const TIMEOUT_MS = 120_000
/** The text of Debezium, without its description of the position. */
const UNAVAILABLE =
  /but this is no longer available on the server\. Reconfigure the connector to use a snapshot mode when needed/

interface Running {
  readonly capture: Capture
  readonly worker: HeadraceWorker
  readonly tail: TopicTail
  /** Inserts a row, and waits until it has arrived. */
  marks(note: string): Promise<void>
  untilRunning(): Promise<unknown>
}

const servers: PostgresServer[] = []

/** Starts a server that is stopped after the tests of this file. */
async function ownServer(options?: Parameters<typeof startPostgres>[0]): Promise<PostgresServer> {
  const server = await startPostgres(options)
  servers.push(server)
  return server
}

after(async () => {
  await Promise.all(servers.map((server) => server.stop('immediate')))
})

let marked = 0

/** A connector that streams. */
async function running(
  t: TestContext,
  options: { readonly server?: string; readonly connector?: Props } = {},
): Promise<Running> {
  const capture = await createCapture(t, { tables: ITEMS, ...options })
  const tail = await capture.tail('items')
  const worker = await capture.startWorker()
  await worker.rest.put(capture.name, capture.config())
  const marks = async (note: string) => {
    await capture.database.query('INSERT INTO items (id, note) VALUES ($1, $2)', [--marked, note])
    await tail.until(({ value }) => value?.includes(`"${note}"`) ?? false, `the row '${note}'`, TIMEOUT_MS)
  }
  await marks('the first row')
  await untilStreaming(capture)
  await marks('a streamed row')
  return { capture, worker, tail, marks, untilRunning: () => worker.rest.untilState(capture.name, 'RUNNING') }
}

async function untilStreaming({ database, slot }: Capture): Promise<void> {
  const sql = 'SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND active'
  await waitFor(async () => ((await database.query(sql, [slot])).length > 0 ? true : undefined), {
    timeoutMs: TIMEOUT_MS,
    what: `slot ${slot} to be in use`,
  })
}

/** A lost connection repeats nothing: the session continues after the last record. */
async function checkArrival(t: TestContext, { tail, marks, worker, capture }: Running, writers: Writers) {
  await writers.stop()
  await marks('the end of the writers')
  const records = tail.records.filter(({ key }) => !(key ?? '').includes(':-'))
  const { faults, ...counts } = arrivalOf(records, writers.history, new Map())
  t.diagnostic(JSON.stringify({ ...counts, transactions: writers.transactions }))
  assert.deepEqual(faults, [])
  assert.equal(counts.repeated, 0)
  const status = await worker.rest.status(capture.name)
  assert.equal(status?.tasks[0]?.state, 'RUNNING')
}

async function untilTransactions(writers: Writers, more: number): Promise<void> {
  const goal = writers.transactions + more
  await waitFor(() => (writers.transactions >= goal ? true : undefined), {
    timeoutMs: TIMEOUT_MS,
    what: () => `${goal} transactions; there are ${writers.transactions}`,
  })
}

suite('a server that restarts while rows are written', () => {
  for (const mode of ['fast', 'immediate'] as const) {
    test(`${mode}: no change is lost or repeated, and the task never fails`, async (t) => {
      const server = await ownServer()
      const pipeline = await running(t, { server: server.url })
      const writers = pipeline.capture.startWriters(3)
      for (let restart = 0; restart < 2; restart++) {
        await untilTransactions(writers, 50)
        await server.stop(mode)
        await server.start()
      }
      await untilTransactions(writers, 50)
      await checkArrival(t, pipeline, writers)
    })
  }
})

suite('connections that are lost while rows are written', () => {
  test('backends that are terminated: no change is lost or repeated', async (t) => {
    const pipeline = await running(t)
    const { database, name } = pipeline.capture
    const writers = pipeline.capture.startWriters(3)
    for (const type of ['walsender', 'client backend', 'walsender']) {
      await untilTransactions(writers, 50)
      const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = $1 AND backend_type = $2 AND application_name LIKE '%' || $3`
      const terminated = async () =>
        (await database.query(sql, [database.name, type, name])).length > 0 ? true : undefined
      await waitFor(terminated, { timeoutMs: TIMEOUT_MS, what: `a ${type} of the connector` })
    }
    await untilTransactions(writers, 50)
    await checkArrival(t, pipeline, writers)
  })

  test('a network that resets connections, and one that freezes: no change is lost or repeated', async (t) => {
    const server = new URL((await ownServer({ settings: { wal_sender_timeout: '3s' } })).url)
    const proxy = await startProxy(server.hostname, Number(server.port))
    t.after(() => proxy.close())
    const connector = { 'database.port': String(proxy.port), 'status.update.interval.ms': '500' }
    const pipeline = await running(t, { server: server.href, connector })
    const writers = pipeline.capture.startWriters(3)
    await untilTransactions(writers, 50)
    proxy.cut()
    await untilTransactions(writers, 50)
    proxy.freeze()
    const { database, slot } = pipeline.capture
    const sql = 'SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND NOT active'
    await waitFor(async () => ((await database.query(sql, [slot])).length > 0 ? true : undefined), {
      timeoutMs: TIMEOUT_MS,
      what: 'the server to give up on the frozen connection',
    })
    proxy.thaw()
    await checkArrival(t, pipeline, writers)
  })
})

suite('a slot', () => {
  const dropSlot = async ({ database, slot }: Capture) => {
    const sql =
      'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active'
    const dropped = async () => {
      await database.query(sql, [slot])
      return database.query('SELECT pg_drop_replication_slot($1)', [slot]).then(
        () => true,
        () => undefined,
      )
    }
    await waitFor(dropped, { timeoutMs: TIMEOUT_MS, what: `slot ${slot} to be dropped` })
  }

  test('that is dropped while the connector is stopped fails the task, and when_needed takes a new snapshot', async (t) => {
    const { capture, worker, marks, tail } = await running(t)
    await worker.rest.request('PUT', `/connectors/${capture.name}/stop`)
    await worker.rest.untilState(capture.name, 'STOPPED', { tasks: 0 })
    await dropSlot(capture)
    await capture.database.query(`INSERT INTO items (id, note) VALUES (1, 'while there was no slot')`)
    await worker.rest.request('PUT', `/connectors/${capture.name}/resume`)
    const trace = await worker.rest.untilTaskFailed(capture.name)
    assert.match(trace, UNAVAILABLE)

    await worker.rest.put(capture.name, capture.config({ 'snapshot.mode': 'when_needed' }))
    await tail.until(
      ({ value }) => value?.includes('while there was no slot') ?? false,
      'the missed row',
      TIMEOUT_MS,
    )
    await marks('after the second snapshot')
  })

  test('that is dropped while streaming fails the task with the reason', async (t) => {
    const { capture, worker } = await running(t)
    await dropSlot(capture)
    const trace = await worker.rest.untilTaskFailed(capture.name, 0, TIMEOUT_MS)
    assert.match(trace, UNAVAILABLE)
    assert.match(worker.log(), new RegExp(`"slot":"${capture.slot}".*the replication slot does not exist`))
  })

  test('that another client uses is waited for, and the log says who has it', async (t) => {
    const pipeline = await running(t)
    const { capture, worker, marks } = pipeline
    await worker.rest.request('PUT', `/connectors/${capture.name}/stop`)
    await worker.rest.untilState(capture.name, 'STOPPED', { tasks: 0 })
    await capture.database.query(
      `INSERT INTO items (id, note) VALUES (2, 'while another client has the slot')`,
    )
    const thief = await openThief(capture)
    t.after(() => thief.end())
    await worker.rest.request('PUT', `/connectors/${capture.name}/resume`)
    await waitFor(() => (worker.log().includes(THIEF) ? true : undefined), {
      timeoutMs: TIMEOUT_MS,
      what: `${THIEF} in the log of the worker`,
    })
    await thief.end()
    await marks('after the other client')
    await pipeline.untilRunning()
  })

  test('that lost WAL fails the task at once, and when_needed replaces it and takes a snapshot', async (t) => {
    const settings = { max_slot_wal_keep_size: '1MB', min_wal_size: '32MB', max_wal_size: '32MB' }
    const server = await ownServer({ settings })
    const { capture, worker, marks, tail } = await running(t, { server: server.url })
    await worker.rest.request('PUT', `/connectors/${capture.name}/stop`)
    await worker.rest.untilState(capture.name, 'STOPPED', { tasks: 0 })
    const other = await createDatabaseOn(server.url)
    t.after(() => other.drop())
    await other.query('CREATE TABLE filler (text text)')
    const lost = async () => {
      await other.query(`INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 20000)`)
      await other.query('SELECT pg_switch_wal()')
      await other.query('CHECKPOINT')
      const sql = `SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND wal_status = 'lost'`
      return (await other.query(sql, [capture.slot])).length > 0 ? true : undefined
    }
    await waitFor(lost, { timeoutMs: TIMEOUT_MS, what: 'the slot to be lost' })
    await capture.database.query(`INSERT INTO items (id, note) VALUES (3, 'while the slot was lost')`)
    await worker.rest.request('PUT', `/connectors/${capture.name}/resume`)
    const trace = await worker.rest.untilTaskFailed(capture.name)
    assert.match(trace, UNAVAILABLE)

    await worker.rest.put(capture.name, capture.config({ 'snapshot.mode': 'when_needed' }))
    await tail.until(
      ({ value }) => value?.includes('while the slot was lost') ?? false,
      'the missed row',
      TIMEOUT_MS,
    )
    await marks('after the second snapshot')
  })
})

const THIEF = 'another consumer'

/** Opens a connection that streams from the slot, and confirms nothing. */
async function openThief(capture: Capture): Promise<Client> {
  const { props } = capture.database
  const options = {
    host: props['database.hostname'],
    port: Number(props['database.port']),
    user: props['database.user'],
    password: props['database.password'],
    database: props['database.dbname'],
    application_name: THIEF,
    replication: 'database', // missing in the types of the driver
  }
  const client = new Client(options)
  client.on('error', () => {})
  await client.connect()
  const plugin = `proto_version '1', publication_names 'publication_of_${capture.name}'`
  void client.query(`START_REPLICATION SLOT ${capture.slot} LOGICAL 0/0 (${plugin})`).catch(() => {})
  await untilStreaming(capture)
  return client
}

test('a publication that is dropped while streaming fails the task with the reason', async (t) => {
  const { capture, worker } = await running(t)
  const publication = `publication_of_${capture.name}`
  await capture.database.query(`DROP PUBLICATION ${publication}`)
  await capture.database.query(`INSERT INTO items (id, note) VALUES (4, 'without a publication')`)
  const trace = await worker.rest.untilTaskFailed(capture.name, 0, TIMEOUT_MS)
  assert.match(trace, new RegExp(publication))
})

test('a promoted server without the slot fails the task with one sentence, and when_needed takes a snapshot', async (t) => {
  const server = await ownServer()
  const { capture, worker, marks, tail } = await running(t, { server: server.url })
  await untilConfirmed(capture, 1n)
  await worker.rest.request('PUT', `/connectors/${capture.name}/stop`)
  await worker.rest.untilState(capture.name, 'STOPPED', { tasks: 0 })
  // Like a standby: the same data, recovered from WAL on a new timeline, but no slot
  await capture.database.query('SELECT pg_drop_replication_slot($1)', [capture.slot])
  await capture.database.query(`INSERT INTO items (id, note) VALUES (5, 'before the promotion')`)
  await capture.database.query(`ALTER SYSTEM SET restore_command = 'false'`)
  await capture.database.query(`COPY (SELECT 1) TO PROGRAM 'touch recovery.signal'`)
  const before = await currentLsn(capture.database)
  await server.stop('immediate')
  await server.start()
  const isPromoted = async () => {
    const [row] = await capture.database.query<{ recovers: boolean }>(
      'SELECT pg_is_in_recovery() AS recovers',
    )
    return row?.recovers === false ? true : undefined
  }
  await waitFor(isPromoted, { timeoutMs: TIMEOUT_MS, what: 'the recovery to end' })
  assert.ok((await currentLsn(capture.database)) >= before)
  const [control] = await capture.database.query<{ timeline_id: number }>(
    'SELECT timeline_id FROM pg_control_checkpoint()',
  )
  assert.equal(control?.timeline_id, 2)
  await worker.rest.request('PUT', `/connectors/${capture.name}/resume`)
  const trace = await worker.rest.untilTaskFailed(capture.name)
  assert.match(trace, UNAVAILABLE)

  await worker.rest.put(capture.name, capture.config({ 'snapshot.mode': 'when_needed' }))
  await tail.until(
    ({ value }) => value?.includes('before the promotion') ?? false,
    'the missed row',
    TIMEOUT_MS,
  )
  await marks('after the second snapshot')
})
