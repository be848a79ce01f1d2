import assert from 'node:assert/strict'
import { after, before, test, type TestContext } from 'node:test'
import type { Logger } from '../../api/index.ts'
import { parseSettings } from '../../connectors/postgres/config/parse-settings.ts'
import { connect } from '../../connectors/postgres/connection/database.ts'
import { connectReplication } from '../../connectors/postgres/connection/replication.ts'
import type { Database } from '../../connectors/postgres/ports.ts'
import {
  dropOwnPublication,
  ensurePublication,
  type PublicationPlan,
} from '../../connectors/postgres/slot/publication.ts'
import { parseIdentityRules, setReplicaIdentities } from '../../connectors/postgres/slot/replica-identity.ts'
import { createSlot, dropSlot, findSlot } from '../../connectors/postgres/slot/slot.ts'
import { createDatabase, type Database as TestDatabase } from '../services/index.ts'

const { signal } = new AbortController()
const options = { applicationName: 'headrace test', signal, createSlotTimeoutMs: 1000 }
const quiet = () => {}
const log: Logger = { error: quiet, warn: quiet, info: quiet, debug: quiet, trace: quiet }

let database: TestDatabase
let connection: Database

before(async () => {
  database = await createDatabase()
  await database.query(`
    CREATE SCHEMA "S Two";
    CREATE TABLE orders (id int PRIMARY KEY, v int NOT NULL);
    CREATE UNIQUE INDEX "By V" ON orders (v);
    CREATE TABLE "S Two"."a""b" (id int PRIMARY KEY);
    CREATE UNLOGGED TABLE cache (id int);
    CREATE TABLE parts (id int) PARTITION BY RANGE (id);
    CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)`)
  connection = await connect(config(), options)
})

after(async () => {
  await connection.close()
  await database.drop()
})

const config = (props: Readonly<Record<string, string>> = {}) =>
  parseSettings({ 'topic.prefix': 'shop', ...database.props, ...props })

const orders = { schema: 'public', table: 'orders' }
const quoted = { schema: 'S Two', table: 'a"b' }
const parts = { schema: 'public', table: 'parts' }

function plan(changes: Partial<PublicationPlan> = {}): PublicationPlan {
  return {
    name: 'My Pub',
    database: database.name,
    mode: 'filtered',
    tables: [orders, quoted],
    skippedOperations: undefined,
    viaPartitionRoot: false,
    standby: false,
    timeoutMs: 10_000,
    connector: 'shop',
    ...changes,
  }
}

async function described(): Promise<string> {
  const [row] = await database.query<Record<string, string>>(`
    SELECT concat_ws(' ', puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot) AS flags,
           (SELECT string_agg(schemaname || '.' || tablename, ',' ORDER BY schemaname, tablename) FROM pg_publication_tables t
             WHERE t.pubname = p.pubname) AS tables
    FROM pg_publication p WHERE pubname = 'My Pub'`)
  return `${row?.['flags'] ?? 'none'} ${row?.['tables'] ?? ''}`
}

async function ensured(t: TestContext, changes: Partial<PublicationPlan> = {}): Promise<string> {
  await ensurePublication(connection.query, plan(changes), log)
  t.after(() => dropOwnPublication(connection.query, 'My Pub', 'shop'))
  return described()
}

test('a filtered publication follows the captured tables, without those that cannot be published', async (t) => {
  assert.equal(await ensured(t), 'f t t t t f S Two.a"b,public.orders')
  const cache = { schema: 'public', table: 'cache' }
  assert.equal(
    await ensured(t, { tables: [orders, cache, parts] }),
    'f t t t t f public.orders,public.parts_1',
  )
  const [unchanged] = await database.query('SELECT xmin FROM pg_publication')
  assert.equal(
    await ensured(t, { tables: [parts, cache, orders] }),
    'f t t t t f public.orders,public.parts_1',
  )
  assert.deepEqual(await database.query('SELECT xmin FROM pg_publication'), [unchanged])
  assert.equal(
    await ensured(t, { tables: [orders], skippedOperations: ['t', 'd'] }),
    'f t t f f f public.orders',
  )
})

test('the other modes create a publication of all tables or of none, with the options of the settings', async (t) => {
  const all = await ensured(t, { mode: 'all_tables', viaPartitionRoot: true })
  assert.match(all, /^t t t t t t .*public\.parts$/)
  await assert.rejects(ensured(t), {
    code: 'HR_CONNECT',
    message: /publication for all tables named 'My Pub'.* can not be altered/,
  })
  assert.equal(await dropOwnPublication(connection.query, 'My Pub', 'another'), false)
  assert.equal(await dropOwnPublication(connection.query, 'My Pub', 'shop'), true)
  assert.equal(
    await ensured(t, { mode: 'no_tables', skippedOperations: ['c', 'u', 'd', 't'] }),
    'f f f f f f ',
  )
})

test('a publication that waits for a lock is given up in time, and the time limit is restored', async (t) => {
  const other = await database.connect()
  t.after(() => other.end())
  await other.query('BEGIN; LOCK TABLE orders')
  await assert.rejects(ensured(t, { timeoutMs: 100 }), { code: 'HR_RETRIABLE', message: /within 100 ms/ })
  assert.deepEqual(await connection.query('SHOW statement_timeout'), [{ statement_timeout: '0' }])
})

test('a user without privileges learns which are missing', async (t) => {
  await database.query(`CREATE ROLE "${database.name}" LOGIN REPLICATION PASSWORD 'p'`)
  const user = { 'database.user': database.name, 'database.password': 'p' }
  const limited = await connect(config(user), options)
  t.after(async () => {
    await limited.close()
    await database.query(`DROP ROLE "${database.name}"`)
  })
  await assert.rejects(limited.query('SELECT * FROM orders'), {
    code: 'HR_CONNECT',
    message: /GRANT SELECT ON "orders" TO/,
  })
  const creating = (mode: PublicationPlan['mode']) => ensurePublication(limited.query, plan({ mode }), log)
  await assert.rejects(creating('no_tables'), { code: 'HR_CONNECT', message: /GRANT CREATE ON DATABASE/ })
  await assert.rejects(creating('all_tables'), { code: 'HR_CONNECT', message: /GRANT CREATE|superuser/ })
  await setReplicaIdentities(limited.query, parseIdentityRules('public.orders:NOTHING'), [orders], log)
  const [row] = await database.query(`SELECT relreplident AS identity FROM pg_class WHERE relname = 'orders'`)
  assert.deepEqual(row, { identity: 'd' })
})

test('replica identities are set by the first rule that matches', async () => {
  const rules = parseIdentityRules(String.raw`PUBLIC\.Orders:INDEX By V,S Two\..*:FULL`)
  await setReplicaIdentities(connection.query, rules, [orders, quoted], log)
  const rows = await database.query(`SELECT relname AS name, relreplident AS identity FROM pg_class
    WHERE relname IN ('orders', 'a"b') ORDER BY 1`)
  assert.deepEqual(rows, [
    { name: 'a"b', identity: 'f' },
    { name: 'orders', identity: 'i' },
  ])
})

test('a slot waits for older transactions, is found, and is dropped when its stream has ended', async (t) => {
  const replication = await connectReplication(config(), options)
  t.after(() => replication.close())
  const creation = { name: database.name, failover: true, maxRetries: 1, retryDelayMs: 1, signal, log }
  const other = await database.connect()
  t.after(() => other.end())
  await other.query('BEGIN; UPDATE orders SET v = v; CREATE TABLE held (id int)')
  await assert.rejects(createSlot(replication, creation), {
    code: 'HR_RETRIABLE',
    message: /2 attempts, because older transactions run/,
  })
  await other.query('ROLLBACK')
  const patient = await connectReplication(config(), { ...options, createSlotTimeoutMs: 60_000 })
  t.after(() => patient.close())
  const { consistentPoint } = await createSlot(patient, creation)
  const slot = await findSlot(connection.query, database.name)
  assert.equal(slot?.confirmedFlush, consistentPoint)
  assert.deepEqual([slot?.activePid, slot?.walStatus, slot?.lostBecause], [null, 'reserved', null])

  const parameters = { proto_version: '1', publication_names: 'none' }
  const consumer = { message() {}, keepalive() {}, endOfChunk() {} }
  const stream = await replication.start({ slot: database.name, lsn: 0, parameters }, consumer)
  await assert.rejects(dropSlot(connection.query, database.name, { timeoutMs: 0, signal }), {
    code: 'HR_RETRIABLE',
    message: /used by application "headrace test"/,
  })
  const dropping = dropSlot(connection.query, database.name, { timeoutMs: 20_000, signal })
  await stream.close()
  await dropping
  assert.equal(await findSlot(connection.query, database.name), undefined)
})

test('a slot with the same name in another database is an error', async (t) => {
  const other = await createDatabase()
  t.after(() => other.drop())
  const name = `${database.name}_x`
  await other.query(`SELECT pg_create_logical_replication_slot('${name}', 'pgoutput')`)
  await assert.rejects(findSlot(connection.query, name), { code: 'HR_CONNECT', message: /Set slot\.name/ })
})
