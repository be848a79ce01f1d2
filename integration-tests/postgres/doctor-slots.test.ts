import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, suite, test } from 'node:test'
import { parseSettings } from '../../connectors/postgres/config/parse-settings.ts'
import { parseLsn } from '../../connectors/postgres/connection/lsn.ts'
import { connectReplication } from '../../connectors/postgres/connection/replication.ts'
import {
  createDatabase,
  createDatabaseOn,
  startPostgres,
  waitFor,
  type Database,
  type PostgresServer,
} from '../services/index.ts'
import { assertRemedied, diagnose, idsOf, only } from './doctor.ts'

let database: Database

beforeEach(async () => {
  database = await createDatabase()
  await database.query('CREATE TABLE t (id int PRIMARY KEY); CREATE PUBLICATION dbz_publication FOR TABLE t')
})
afterEach(() => database.drop())

/** Slots share a name space on the server; that of the database is unique. */
const slot = () => database.name
const settings = () => ({ 'slot.name': slot() })
const createSlot = (plugin = 'pgoutput') =>
  database.query('SELECT pg_create_logical_replication_slot($1, $2)', [slot(), plugin])

async function confirmedLsn(): Promise<number> {
  const [row] = await database.query<{ lsn: string }>(
    'SELECT confirmed_flush_lsn::text AS lsn FROM pg_replication_slots WHERE slot_name = $1',
    [slot()],
  )
  return parseLsn(row?.lsn ?? '')
}

/** Streams from the slot as an application with this name. */
async function stream(applicationName: string) {
  const config = parseSettings({ ...database.props, 'topic.prefix': 'shop' })
  const signal = AbortSignal.timeout(60_000)
  const replication = await connectReplication(config, {
    applicationName,
    signal,
    createSlotTimeoutMs: 10_000,
  })
  const consumer = { message: () => {}, keepalive: () => {}, endOfChunk: () => {} }
  const parameters = { proto_version: '1', publication_names: 'dbz_publication' }
  return replication.start({ slot: slot(), lsn: 0, parameters }, consumer)
}

suite('the slot of the connector', () => {
  test('is ready', async () => {
    await createSlot()
    const ready = only(await diagnose(database, settings()), 'slot-ready')
    assert.match(ready.message, new RegExp(`"${slot()}" is not in use`))
  })

  test('has another plugin or database', async () => {
    await createSlot('test_decoding')
    const { message } = only(await diagnose(database, settings()), 'slot-of-others')
    assert.match(message, /plugin test_decoding/)
  })

  test('is used by somebody else, but not by the connector itself', async () => {
    await createSlot()
    const other = await stream('headrace payments')
    const name = 'slot-in-use'
    assert.match(
      only(await diagnose(database, settings(), { exists: true }), name).message,
      /"headrace payments"/,
    )
    await assertRemedied(database, name, settings())
    assert.ok((await other.ended) !== undefined)
    await other.close()
    const own = await stream('headrace orders')
    assert.ok(!idsOf(await diagnose(database, settings(), { exists: true })).includes(name))
    assert.ok(idsOf(await diagnose(database, settings(), { exists: false })).includes(name))
    await own.close()
  })

  test('keeps much WAL', async () => {
    await createSlot()
    await database.query('INSERT INTO t SELECT generate_series(1, 1000)')
    await assertRemedied(database, 'slot-far-behind', settings(), { thresholds: { keptWal: 1 } })
    await createSlot()
    const manual = { ...settings(), 'lsn.flush.mode': 'manual' }
    assert.match(
      only(await diagnose(database, manual), 'slot-manual').remedy ?? '',
      /pg_replication_slot_advance/,
    )
  })

  test('was dropped, or has lost the changes after the offset', async () => {
    const offset = { lsn_proc: 100, lsn_commit: 100, lsn: 100 }
    const missing = await diagnose(database, settings(), { offset })
    assert.match(only(missing, 'offset-unavailable').message, /no longer available/)
    assert.equal(only(missing, 'offset-unavailable').severity, 'error')
    const needed = { ...settings(), 'snapshot.mode': 'when_needed' }
    assert.match(
      only(await diagnose(database, needed, { offset }), 'snapshot-again').message,
      /does not exist/,
    )
    await createSlot()
    assert.match(
      only(await diagnose(database, needed, { offset }), 'snapshot-again').message,
      /no longer has them/,
    )
    only(await diagnose(database, settings(), { offset: { lsn: 'x' } }), 'offset-unavailable')
  })

  test('was advanced past the offset', async () => {
    await createSlot()
    const lsn = (await confirmedLsn()) - 1
    const question = { offset: { lsn_proc: lsn + 10, lsn_commit: lsn, lsn: lsn + 10 } }
    const ahead = only(await diagnose(database, settings(), question), 'slot-ahead-of-offset')
    assert.equal(ahead.severity, 'warning')
    assert.match(ahead.message, /no_validation, the connector continues without them/)
    const trusting = { ...settings(), 'offset.mismatch.strategy': 'trust_offset' }
    assert.equal(only(await diagnose(database, trusting, question), 'slot-ahead-of-offset').severity, 'error')
    const equal = { offset: { lsn_proc: lsn + 1, lsn_commit: lsn + 1, lsn: lsn + 1 } }
    assert.ok(!idsOf(await diagnose(database, settings(), equal)).includes('slot-ahead-of-offset'))
  })
})

suite('what others have left', () => {
  test('are slots and publications', async () => {
    await database.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [`debezium_${slot()}`])
    await database.query('CREATE PUBLICATION old FOR TABLE t')
    await database.query(`COMMENT ON PUBLICATION old IS 'Created by Headrace for the connector payments'`)
    await database.query(`CREATE PUBLICATION somebody FOR TABLE t`)
    const { message } = await assertRemedied(database, 'publication-left-behind')
    assert.match(message, /"old".*connector payments/)
    await assertRemedied(database, 'slot-left-behind', settings())
  })
})

test('a transaction that delays the slot', async () => {
  const client = await database.connect()
  await client.query(`SET application_name = 'nightly job'`)
  await client.query('BEGIN; INSERT INTO t VALUES (5)')
  const question = { thresholds: { delaying: 0 } }
  const isOurs = ({ message }: { message: string }) => message.includes('nightly job')
  const [finding] = (await diagnose(database, settings(), question)).filter(isOurs)
  assert.equal(finding?.id, 'long-transaction')
  assert.match(finding.message, /which is idle,.*database ".*"\. The replication slot cannot be created/)
  assert.match(finding.remedy ?? '', /run: SELECT pg_terminate_backend\(\d+\);$/)
  await client.query('ROLLBACK')
  assert.ok(!(await diagnose(database, settings(), question)).some(isOurs))
  await client.end()
})

suite('a server with little room', () => {
  let server: PostgresServer
  let shop: Database

  before(async () => {
    server = await startPostgres({
      settings: {
        wal_level: 'replica',
        max_replication_slots: '1',
        max_wal_senders: '1',
        max_connections: '12',
        max_prepared_transactions: '2',
        max_slot_wal_keep_size: '64MB',
        min_wal_size: '32MB',
        max_wal_size: '32MB',
        wal_sender_timeout: '2s',
      },
    })
    shop = await createDatabaseOn(server.url)
    await shop.query('CREATE TABLE t (id int PRIMARY KEY, name text)')
  })
  after(async () => {
    await shop.drop()
    await server.stop('immediate')
  })

  const restarted = async () => {
    await server.stop()
    await server.start()
  }

  test('has another wal_level', async () => {
    const wrong = only(await diagnose(shop), 'wal-level')
    assert.match(wrong.message, /wal_level=replica, expected logical/)
    assert.ok(!idsOf(await diagnose(shop, { 'snapshot.mode': 'initial_only' })).includes('wal-level'))
    await shop.query(`ALTER SYSTEM SET wal_level = 'logical'`)
    assert.match(wrong.remedy ?? '', /run: ALTER SYSTEM SET wal_level = 'logical';$/)
    await restarted()
    assert.ok(!idsOf(await diagnose(shop)).includes('wal-level'))
  })

  test('has a short timeout for walsenders, and keeps little WAL', async () => {
    await assertRemedied(shop, 'wal-sender-timeout')
    await shop.query('ALTER ROLE CURRENT_USER SET wal_sender_timeout = 0')
    assert.match((await assertRemedied(shop, 'wal-sender-timeout')).message, /0 \(off\)/)
    only(await diagnose(shop), 'wal-limit-small')
  })

  test('has a prepared transaction', async () => {
    await shop.query(`BEGIN; INSERT INTO t VALUES (9); PREPARE TRANSACTION 'it''s old'`)
    await assertRemedied(shop, 'prepared-transaction', {}, { thresholds: { delaying: 0 } })
  })

  test('has few connections', async () => {
    await assertNoneAfterRaise('few-connections', { 'snapshot.max.threads': '20' })
  })

  test('has lost the slot', async () => {
    await shop.query(`SELECT pg_create_logical_replication_slot('debezium', 'pgoutput')`)
    await waitFor(
      async () => {
        await shop.query(
          `INSERT INTO t SELECT g, 'x' FROM generate_series(100, 1000) g ON CONFLICT DO NOTHING`,
        )
        for (let i = 0; i < 8; i++) {
          await shop.query('SELECT pg_switch_wal()')
          await shop.query('UPDATE t SET name = name')
        }
        await shop.query('CHECKPOINT')
        const [row] = await shop.query<{ status: string }>(
          'SELECT wal_status AS status FROM pg_replication_slots',
        )
        return row?.status === 'lost' ? true : undefined
      },
      { timeoutMs: 60_000, what: 'the slot to be lost' },
    )
    const needed = { 'snapshot.mode': 'when_needed' }
    assert.equal(only(await diagnose(shop, needed), 'slot-lost').severity, 'warning')
    assert.equal((await assertRemedied(shop, 'slot-lost')).severity, 'error')
  })

  test('has no free slot and no free walsender', async () => {
    await shop.query(`SELECT pg_create_physical_replication_slot('standby')`)
    assert.match(only(await diagnose(shop), 'no-free-slot').remedy ?? '', /nobody uses standby now/)
    await assertNoneAfterRaise('no-free-slot')
    await shop.query('ALTER SYSTEM SET max_wal_senders = 0')
    await restarted()
    await assertNoneAfterRaise('no-free-walsender')
  })

  /** Checks that the finding is gone after its statements and a restart. */
  async function assertNoneAfterRaise(
    id: string,
    given: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const finding = only(await diagnose(shop, given), id)
    const sql = /run: ([^]*;)$/.exec(finding.remedy ?? '')?.[1] ?? ''
    await shop.query(sql)
    await restarted()
    assert.ok(!idsOf(await diagnose(shop, given)).includes(id))
  }
})
