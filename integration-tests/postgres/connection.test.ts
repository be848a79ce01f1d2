import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test, type TestContext } from 'node:test'
import { parseSettings } from '../../connectors/postgres/config/parse-settings.ts'
import { connect } from '../../connectors/postgres/connection/database.ts'
import { parseLsn } from '../../connectors/postgres/connection/lsn.ts'
import { connectReplication } from '../../connectors/postgres/connection/replication.ts'
import type { ReplicationStream, WalConsumer } from '../../connectors/postgres/ports.ts'
import { findUsableSlot } from '../../connectors/postgres/slot/slot.ts'
import { createDatabaseOn, startPostgres, waitFor, workFolder } from '../services/index.ts'
import type { Database, PostgresServer } from '../services/index.ts'
import { makeCertificate } from '../services/kafka/security.ts'

const WAL_SENDER_TIMEOUT_MS = 2000
const PATIENCE_MS = 30_000
const { signal } = new AbortController()
const options = { applicationName: 'headrace test', signal, createSlotTimeoutMs: 10_000 }

let server: PostgresServer
let database: Database

before(async () => {
  server = await startPostgres({
    settings: {
      wal_sender_timeout: `${WAL_SENDER_TIMEOUT_MS}ms`,
      max_slot_wal_keep_size: '64MB',
    },
  })
  database = await createDatabaseOn(server.url)
  await database.query(`
    CREATE TABLE orders (id int PRIMARY KEY, note text);
    CREATE PUBLICATION orders_publication FOR TABLE orders`)
})

after(async () => {
  await database.drop()
  await server.stop()
})

const config = (props: Readonly<Record<string, string>> = {}) =>
  parseSettings({ 'topic.prefix': 'shop', ...database.props, ...props })

interface Streaming {
  readonly stream: ReplicationStream
  /** Types of the messages of the output plugin. */
  readonly seen: string[]
  /** The end of the last commit. */
  lastCommit(): number
}

async function streaming(
  t: TestContext,
  slot: string,
  consumer: Partial<WalConsumer> = {},
): Promise<Streaming> {
  const connection = await connectReplication(config(), options)
  const existing = await database.query('SELECT 1 FROM pg_replication_slots WHERE slot_name = $1', [slot])
  if (existing.length === 0) await connection.createSlot({ name: slot, failover: true, temporary: false })
  const seen: string[] = []
  let lastCommit = 0
  const parameters = { proto_version: '1', publication_names: '"orders_publication"' }
  const stream = await connection.start(
    { slot, lsn: 0, parameters },
    {
      message(bytes, start, end, lsn) {
        const type = bytes.toString('latin1', start, start + 1)
        seen.push(type)
        if (type === 'C')
          lastCommit = bytes.readUInt32BE(start + 10) * 2 ** 32 + bytes.readUInt32BE(start + 14)
        return consumer.message?.(bytes, start, end, lsn)
      },
      keepalive: (walEnd) => consumer.keepalive?.(walEnd),
      endOfChunk: () => consumer.endOfChunk?.(),
    },
  )
  t.after(() => stream.close())
  return { stream, seen, lastCommit: () => lastCommit }
}

const untilSeen = (seen: readonly string[], text: string) =>
  waitFor(() => (seen.join('').endsWith(text) ? true : undefined), {
    timeoutMs: PATIENCE_MS,
    what: () => `${text}, seen: ${seen.join('')}`,
  })

test('values are printed in one way, whatever the defaults of the database are', async (t) => {
  await database.query(`
    ALTER DATABASE ${database.name} SET DateStyle = 'SQL, DMY';
    ALTER DATABASE ${database.name} SET IntervalStyle = 'iso_8601';
    ALTER DATABASE ${database.name} SET bytea_output = 'escape';
    ALTER DATABASE ${database.name} SET TimeZone = 'Asia/Tokyo';
    ALTER DATABASE ${database.name} SET extra_float_digits = -5`)
  const values = `'2020-02-01 00:00:00+00'::timestamptz AS t, interval '1 day 2 hours' AS i, '\\x00ff'::bytea AS b,
    0.1::float8 + 0.2 AS f, 1.0::numeric AS n, NULL AS z, 'ü' AS s`
  const expected = {
    t: '2020-02-01 00:00:00+00',
    i: '1 day 02:00:00',
    b: '\\x00ff',
    f: '0.30000000000000004',
    n: '1.0',
    z: null,
    s: 'ü',
  }
  const connection = await connect(
    config({ 'database.initial.statements': "SET a.b = 'x;;y'; SET a.c = '1'" }),
    options,
  )
  t.after(() => connection.close())
  assert.deepEqual(await connection.query(`SELECT ${values}`), [expected])
  assert.deepEqual(await connection.query(`SELECT current_setting('a.b') AS b, $1::text AS v`, ['w']), [
    { b: 'x;y', v: 'w' },
  ])
  const replication = await connectReplication(config(), options)
  t.after(() => replication.close())
  assert.deepEqual(await replication.query(`SELECT ${values}`), [expected])
})

test('COPY gives every character and a row of 100 MB, and can be stopped', async (t) => {
  const connection = await connect(config(), options)
  t.after(() => connection.close())
  const cells: (string | null)[] = []
  let longest = 0
  const consumer = {
    row({ bytes, starts, ends, count }: Parameters<Parameters<typeof connection.copyOut>[2]['row']>[0]) {
      for (let cell = 0; cell < count; cell++) {
        const [start = 0, end = 0] = [starts[cell], ends[cell]]
        longest = Math.max(longest, end - start)
        if (end - start < 1000) cells.push(start < 0 ? null : bytes.toString('utf8', start, end))
      }
    },
    endOfChunk() {},
  }
  const characters = `SELECT chr(g), NULL, '\\N', '' FROM generate_series(1, 1000) g`
  assert.equal(await connection.copyOut(`COPY (${characters}) TO STDOUT`, 4, consumer, signal), 1000)
  const expected = Array.from({ length: 1000 }, (_, index) => [
    String.fromCodePoint(index + 1),
    null,
    '\\N',
    '',
  ])
  assert.deepEqual(cells, expected.flat())

  const size = 100 * 1024 * 1024
  await connection.copyOut(`COPY (SELECT repeat('x', ${size}), 1) TO STDOUT`, 2, consumer, signal)
  assert.equal(longest, size)

  const abort = new AbortController()
  const reason = new Error('stopped')
  const endless = 'COPY (SELECT generate_series(1, 1000000000)) TO STDOUT'
  const stopping = { row() {}, endOfChunk: () => abort.abort(reason) }
  await assert.rejects(connection.copyOut(endless, 1, stopping, abort.signal), reason)
  assert.deepEqual(await connection.query('SELECT 1 AS n'), [{ n: '1' }])
})

test('the snapshot of a new slot shows what was committed before it, and the stream shows what comes after', async (t) => {
  await database.query(`INSERT INTO orders VALUES (1, 'before')`)
  const replication = await connectReplication(config(), options)
  t.after(() => replication.close())
  const slot = await replication.createSlot({ name: 'with_snapshot', failover: false, temporary: true })
  await database.query(`INSERT INTO orders VALUES (2, 'after')`)
  const reader = await connect(config(), options)
  t.after(() => reader.close())
  await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
  await reader.query(`SET TRANSACTION SNAPSHOT '${slot.snapshotName}'`)
  assert.deepEqual(await reader.query('SELECT id FROM orders'), [{ id: '1' }])
  const inserted: string[] = []
  const parameters = { proto_version: '1', publication_names: 'orders_publication' }
  const consumer = {
    message: (bytes: Buffer, start: number, end: number) => {
      if (bytes[start] === 'I'.charCodeAt(0)) inserted.push(bytes.toString('latin1', start, end))
    },
    keepalive() {},
    endOfChunk() {},
  }
  const stream = await replication.start(
    { slot: 'with_snapshot', lsn: slot.consistentPoint, parameters },
    consumer,
  )
  const first = await waitFor(() => inserted[0], { timeoutMs: PATIENCE_MS, what: 'the insert' })
  assert.match(first, /2.*after/s)
  await stream.close()
  assert.equal(await stream.ended, undefined)
})

test('a confirmed position is that of the slot, and a new stream continues there', async (t) => {
  const first = await streaming(t, 'confirmed')
  await database.query('DELETE FROM orders')
  await untilSeen(first.seen, 'C')
  first.stream.confirm(first.lastCommit())
  await first.stream.close()
  const slot = 'SELECT confirmed_flush_lsn AS lsn, active FROM pg_replication_slots WHERE slot_name = $1'
  const [state] = await database.query<{ lsn: string; active: boolean }>(slot, ['confirmed'])
  assert.equal(parseLsn(state?.lsn ?? ''), first.lastCommit())
  assert.equal(state?.active, false)
  const second = await streaming(t, 'confirmed')
  await database.query(`INSERT INTO orders VALUES (3, '')`)
  await untilSeen(second.seen, 'BRIC')
})

test('a slot is used by one stream, and the error of another names it', async (t) => {
  await streaming(t, 'used')
  await assert.rejects(streaming(t, 'used'), {
    code: 'HR_RETRIABLE',
    message: /active for PID.*It is used by application "headrace test", role "postgres"/,
  })
})

test('a consumer that waits for longer than wal_sender_timeout keeps its stream', async (t) => {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  const started = performance.now()
  const { seen, stream } = await streaming(t, 'waiting', { message: () => opened })
  await database.query(`INSERT INTO orders SELECT g, repeat('x', 1000) FROM generate_series(100, 5100) g`)
  const overdue = () => (performance.now() - started > 2 * WAL_SENDER_TIMEOUT_MS ? true : undefined)
  await waitFor(overdue, { timeoutMs: PATIENCE_MS, what: 'time to pass' })
  assert.equal(seen.length, 1)
  open()
  await untilSeen(seen, 'IC')
  assert.equal(seen.filter((type) => type === 'I').length, 5001)
  await stream.close()
})

test('an unknown publication ends the stream with a permanent error', async () => {
  const connection = await connectReplication(config(), options)
  await connection.createSlot({ name: 'no_publication', failover: false, temporary: false })
  const parameters = { proto_version: '1', publication_names: 'none' }
  const consumer = { message() {}, keepalive() {}, endOfChunk() {} }
  const stream = await connection.start({ slot: 'no_publication', lsn: 0, parameters }, consumer)
  await database.query(`INSERT INTO orders VALUES (4, '')`)
  const error = await stream.ended
  assert.ok(error !== undefined && 'code' in error)
  assert.equal(error.code, 'HR_CONNECT')
  assert.match(error.message, /publication "none" does not exist/)
})

test('a fast shutdown of the server does not wait for changes that nobody confirms', async (t) => {
  const { seen, stream } = await streaming(t, 'unconfirmed')
  await database.query(`INSERT INTO orders VALUES (5, '')`)
  await untilSeen(seen, 'C')
  stream.confirm(1)
  const from = performance.now()
  await server.stop('fast')
  const took = performance.now() - from
  assert.ok(took < 20_000, `the shutdown took ${took} ms`)
  const error = await stream.ended
  assert.match(String(error), /shut|terminat/)
  await assert.rejects(connect(config(), options), { code: 'HR_RETRIABLE', message: /ECONNREFUSED/ })
  await server.start()
  const again = await streaming(t, 'unconfirmed')
  await untilSeen(again.seen, 'BRIC')
})

test('a killed server ends the stream with an error that can be retried', async (t) => {
  const { stream } = await streaming(t, 'killed')
  await server.kill()
  const error = await stream.ended
  assert.ok(error !== undefined && 'retriable' in error)
  assert.equal(error.retriable, true)
  await server.start()
})

test('a slot whose WAL was removed is lost: the lookup and the stream say so', async (t) => {
  const { stream } = await streaming(t, 'lost')
  await stream.close()
  for (let segment = 0; segment < 8; segment++) {
    await database.query(`SELECT pg_logical_emit_message(false, '', 'x')`)
    await database.query('SELECT pg_switch_wal()')
  }
  await database.query('CHECKPOINT')
  const connection = await connect(config(), options)
  t.after(() => connection.close())
  const remedy = { code: 'HR_CONNECT', message: /snapshot\.mode=when_needed/ }
  await assert.rejects(findUsableSlot(connection.query, 'lost', { signal }), remedy)
  await assert.rejects(streaming(t, 'lost'), remedy)
})

test('TLS is used as sslmode says, and verifies what it says', async (t) => {
  const usesTls = async (props: Readonly<Record<string, string>>) => {
    const connection = await connect(config(props), options)
    const [row] = await connection.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()')
    await connection.close()
    return row?.['ssl'] === 't'
  }
  await assert.rejects(usesTls({ 'database.sslmode': 'require' }), {
    code: 'HR_CONNECT',
    message: /database\.sslmode/,
  })
  assert.equal(await usesTls({ 'database.sslmode': 'prefer' }), false)

  const host = database.props['database.hostname'] ?? ''
  const { key, certificate } = makeCertificate(host)
  await enableTls(key, certificate)
  const isOn = async () => ((await usesTls({ 'database.sslmode': 'prefer' })) ? true : undefined)
  await waitFor(isOn, { timeoutMs: PATIENCE_MS, what: 'TLS to be on' })
  const folder = workFolder('tls')
  const [rootFile, keyFile, otherFile] = ['root.crt', 'client.key', 'other.crt'].map((name) =>
    join(folder, name),
  )
  writeFileSync(rootFile ?? '', certificate)
  writeFileSync(keyFile ?? '', key)
  writeFileSync(otherFile ?? '', makeCertificate(host).certificate)
  const root = { 'database.sslrootcert': rootFile ?? '' }

  for (const mode of ['require', 'prefer'])
    assert.equal(await usesTls({ 'database.sslmode': mode }), true, mode)
  for (const mode of ['disable', 'allow'])
    assert.equal(await usesTls({ 'database.sslmode': mode }), false, mode)
  for (const mode of ['verify-ca', 'verify-full']) {
    assert.equal(await usesTls({ 'database.sslmode': mode, ...root }), true, mode)
    const unknown = usesTls({ 'database.sslmode': mode, 'database.sslrootcert': otherFile ?? '' })
    await assert.rejects(unknown, { code: 'HR_CONNECT', message: /database\.sslrootcert/ })
  }

  const client = {
    'database.user': 'headrace tests',
    'database.password': '',
    'database.sslmode': 'verify-full',
    ...root,
  }
  const identity = { 'database.sslcert': rootFile ?? '', 'database.sslkey': keyFile ?? '' }
  assert.equal(await usesTls({ ...client, ...identity }), true)
  await assert.rejects(usesTls(client), { code: 'HR_CONNECT', message: /certificate/ })
  const replication = await connectReplication(
    config({ 'database.sslmode': 'verify-full', ...root }),
    options,
  )
  t.after(() => replication.close())
  assert.equal((await replication.query('IDENTIFY_SYSTEM')).length, 1)
})

/** Gives the server a key and certificate, and a user that is identified by the same certificate. */
async function enableTls(key: string, certificate: string): Promise<void> {
  const write = (text: string, file: string) =>
    database.query(
      `COPY (SELECT regexp_split_to_table($$${text.replaceAll('\r', '').trim()}$$, '\\n')) TO PROGRAM 'umask 077; cat > ${file}'`,
    )
  await write(key, 'server.key')
  await write(certificate, 'server.crt')
  await write(
    'hostssl all "headrace tests" all cert\nhost all all all scram-sha-256\nhost replication all all scram-sha-256',
    'pg_hba.conf',
  )
  await database.query('CREATE ROLE "headrace tests" LOGIN')
  await database.query(`ALTER SYSTEM SET ssl_ca_file = 'server.crt'`)
  await database.query(`ALTER SYSTEM SET ssl = on`)
  await database.query('SELECT pg_reload_conf()')
}
