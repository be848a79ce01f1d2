import assert from 'node:assert/strict'
import { after, afterEach, before, beforeEach, suite, test } from 'node:test'
import { isRetriable, type SourceRecord } from '../../api/index.ts'
import { loadTables } from '../../connectors/postgres/catalog/tables.ts'
import { parseSettings } from '../../connectors/postgres/config/parse-settings.ts'
import { connect } from '../../connectors/postgres/connection/database.ts'
import { connectReplication } from '../../connectors/postgres/connection/replication.ts'
import type { Database as Connection } from '../../connectors/postgres/ports.ts'
import type { ExportedSnapshot } from '../../connectors/postgres/snapshot/coordinator.ts'
import { serverIdentity } from '../../connectors/postgres/snapshot/session.ts'
import {
  rules,
  snapshotOf,
  type SnapshotTest,
  type TestOptions,
} from '../../connectors/postgres/snapshot/test/snapshot-run.ts'
import { createDatabase, type Database } from '../services/index.ts'

const APPLICATION = 'snapshot test'
const ROWS = 60_000
const parallel = { 'snapshot.max.threads': 3, 'snapshot.max.threads.multiplier': 3 }

let database: Database
let opened: Connection[] = []

before(async () => {
  database = await createDatabase()
})

after(() => database.drop())

beforeEach(async () => {
  await database.query(`
    CREATE TABLE big (id int PRIMARY KEY, v text NOT NULL) WITH (autovacuum_enabled = false);
    INSERT INTO big VALUES (0, 'only');
    ANALYZE big;
    INSERT INTO big SELECT n, repeat('value ' || n, 10) FROM generate_series(1, ${ROWS - 1}) AS n`)
})

afterEach(async () => {
  const connections = opened
  opened = []
  await Promise.all(connections.map((connection) => connection.close()))
  await database.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public')
})

const connectorConfig = () => parseSettings({ ...database.props, 'topic.prefix': 'shop' })
const options = () => ({ applicationName: APPLICATION, signal: AbortSignal.timeout(60_000) })

async function open(): Promise<Connection> {
  const connection = await connect(connectorConfig(), options())
  opened.push(connection)
  return connection
}

/** Takes a snapshot of the tables with these names. */
async function snapshotOfTables(names: readonly string[], more: TestOptions): Promise<SnapshotTest> {
  const { query } = await open()
  const tables = await loadTables(query, { names: names.map((table) => ({ schema: 'public', table })) })
  return snapshotOf({ tables, open }, more)
}

/** Creates a slot whose snapshot stays valid during `use`. */
async function withSlot(use: (exported: ExportedSnapshot) => Promise<void>): Promise<void> {
  const replication = await connectReplication(connectorConfig(), {
    ...options(),
    createSlotTimeoutMs: 60_000,
  })
  try {
    const server = await serverIdentity(replication.query)
    const slot = { name: `${database.name}_slot`, failover: false, temporary: true }
    await use({ ...(await replication.createSlot(slot)), server })
  } finally {
    await replication.close()
  }
}

const idOf = ({ value }: SourceRecord) => Number((value as { id: string }).id)

/** Fails unless the records are the rows from 0 to `count` - 1, each once. */
function assertEachOnce(records: readonly SourceRecord[], count: number): void {
  assert.equal(records.length, count)
  const ids = new Set(records.map(idOf))
  assert.equal(ids.size, count)
  for (let id = 0; id < count; id++) assert.ok(ids.has(id), `no record of row ${id}`)
}

/** Calls `act` once, when so many records were passed on, and holds the readers back until it is done. */
function whenRead(count: number, records: SourceRecord[], act: () => Promise<void>) {
  let acted: Promise<void> | undefined
  return (batch: SourceRecord[]): void | Promise<void> => {
    records.push(...batch)
    if (records.length >= count && acted === undefined) acted = act()
    return acted
  }
}

suite('a parallel snapshot', () => {
  test('has each row once, while the table is rewritten before, and changed during the snapshot', async () => {
    await withSlot(async (exported) => {
      await database.query('DELETE FROM big WHERE id % 3 = 0')
      await database.query(
        `INSERT INTO big SELECT n, 'new' FROM generate_series(${ROWS}, ${ROWS + 999}) AS n`,
      )
      await database.query('VACUUM FULL big')
      await database.query(`UPDATE big SET v = 'changed' WHERE id % 3 = 1`)
      const rewriter = await database.connect()
      const records: SourceRecord[] = []
      let rewriting: Promise<unknown> = Promise.resolve()
      const emit = whenRead(1000, records, async () => {
        await database.query('DELETE FROM big WHERE id % 3 = 1')
        await database.query(`INSERT INTO big SELECT n, 'newer' FROM generate_series(0, 999, 3) AS n`)
        rewriting = rewriter.query('VACUUM FULL big')
      })
      const { result, log, texts } = await snapshotOfTables(['big'], { exported, config: parallel, emit })
      const { rows, position } = await result
      assert.deepEqual(texts(), [])
      assert.equal(rows, ROWS)
      assert.equal(position.lsn, exported.consistentPoint)
      assertEachOnce(records, ROWS)
      assert.ok(log.some((line) => /public\.big was rewritten/.test(line)))
      // it had to wait for the snapshot
      await rewriting
      await rewriter.end()
    })
  })

  test('sees one state of all tables without a slot of its own', async () => {
    await database.query(`CREATE TABLE small (id int PRIMARY KEY); INSERT INTO small VALUES (-1)`)
    const records: SourceRecord[] = []
    const emit = whenRead(1000, records, async () => {
      await database.query(`INSERT INTO small VALUES (-2); DELETE FROM big WHERE id > 1000`)
    })
    const { result } = await snapshotOfTables(['big', 'small'], { config: parallel, emit })
    await result
    const last = records.at(-1)
    assert.deepEqual(last?.value, { id: '-1', source: { snapshot: 'last' } })
    assertEachOnce(records.slice(0, -1), ROWS)
  })

  test('reads only parts again if readers lose their connections', async () => {
    const records: SourceRecord[] = []
    const emit = whenRead(1000, records, async () => {
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = $1 AND query LIKE 'COPY%'`,
        [APPLICATION],
      )
    })
    const { result, log } = await snapshotOfTables(['big'], { config: parallel, emit })
    const { rows } = await result
    assert.equal(rows, ROWS)
    assert.equal(new Set(records.map(idOf)).size, ROWS)
    assert.ok(records.length - ROWS < ROWS / 4, `${records.length - ROWS} records were repeated`)
    assert.ok(
      log.some((line) => /^warn: The connection that reads public\.big, part \d of \d was lost/.test(line)),
    )
  })

  test('starts over if the connection with the locks is lost, and leaves no connection', async () => {
    const records: SourceRecord[] = []
    const emit = whenRead(1000, records, async () => {
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE application_name = $1 AND state = 'idle in transaction' AND query NOT LIKE 'COPY%'`,
        [APPLICATION],
      )
    })
    const { result } = await snapshotOfTables(['big'], { config: parallel, emit })
    await assert.rejects(result, (error) => {
      assert.ok(isRetriable(error))
      assert.match(String(error), /The snapshot starts over\. \d+ records of 1 tables are sent again/)
      return true
    })
    assert.ok(!records.some(({ sourceOffset }) => sourceOffset?.['snapshot_completed'] === true))
  })

  test('ends when it is stopped', async () => {
    const reason = new Error('stopped')
    const records: SourceRecord[] = []
    const run: SnapshotTest = await snapshotOfTables(['big'], {
      config: parallel,
      emit: (batch) => {
        records.push(...batch)
        if (records.length > 1000) run.stop(reason)
      },
    })
    await assert.rejects(run.result, reason)
    const [row] = await database.query<{ readers: string }>(
      `SELECT count(*) AS readers FROM pg_stat_activity WHERE application_name = $1 AND state <> 'idle'`,
      [APPLICATION],
    )
    assert.equal(row?.readers, '0')
  })
})

suite('a snapshot', () => {
  test('reads partitions, odd names, statements of its own, and tables without columns or rows', async () => {
    await database.query(`
      CREATE TABLE "od""d T" ("i d" int); INSERT INTO "od""d T" VALUES (1), (2);
      CREATE TABLE parts (id int, region text) PARTITION BY LIST (region);
      CREATE TABLE parts_eu PARTITION OF parts FOR VALUES IN ('eu');
      CREATE TABLE parts_us PARTITION OF parts FOR VALUES IN ('us');
      INSERT INTO parts VALUES (3, 'eu'), (4, 'us');
      CREATE TABLE chosen (id int, v text); INSERT INTO chosen SELECT n FROM generate_series(5, 9) AS n;
      CREATE TABLE bare (); INSERT INTO bare DEFAULT VALUES;
      CREATE TABLE nothing (id int)`)
    const select = ({ table }: { readonly table: string }) =>
      table === 'chosen' ? 'SELECT v, id FROM chosen WHERE id > 7 ORDER BY id DESC;' : undefined
    const names = ['bare', 'chosen', 'nothing', 'od"d T', 'parts', 'parts_eu']
    const { result, records, texts } = await snapshotOfTables(names, { rules: { ...rules, select } })
    await result
    assert.deepEqual(
      records.map(({ topic }, index) => `${topic}: ${texts()[index]}`),
      [
        'bare:  first',
        'chosen: 9 first_in_data_collection',
        'chosen: 8 last_in_data_collection',
        'od"d T: 1 first_in_data_collection',
        'od"d T: 2 last_in_data_collection',
        'parts: 3 first_in_data_collection',
        'parts: 4 last_in_data_collection',
        'parts_eu: 3 last',
      ],
    )
  })

  test('fails for good if the user may not read a table', async () => {
    const role = `${database.name}_reader`
    await database.query(`CREATE ROLE ${role}; GRANT ${role} TO CURRENT_USER`)
    try {
      const limited = async () => {
        const connection = await open()
        await connection.query(`SET ROLE ${role}`)
        return connection
      }
      const tables = await loadTables((await open()).query, { names: [{ schema: 'public', table: 'big' }] })
      await database.query(`GRANT USAGE ON SCHEMA public TO ${role}; GRANT SELECT (id) ON big TO ${role}`)
      await assert.rejects(
        snapshotOf({ tables, open: limited }).result,
        /may not read the columns v of the captured table public\.big\. Run GRANT SELECT ON "public"\."big"/,
      )
      await database.query(`GRANT SELECT (v) ON big TO ${role}`)
      const { rows } = await snapshotOf({ tables, open: limited }).result
      assert.equal(rows, ROWS)
    } finally {
      await database.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    }
  })

  test('gives up if a table cannot be locked in time', async () => {
    const other = await database.connect()
    await other.query('BEGIN; LOCK TABLE big IN ACCESS EXCLUSIVE MODE')
    try {
      const config = { 'snapshot.locking.mode': 'shared', 'snapshot.lock.timeout.ms': 20 }
      const { result } = await snapshotOfTables(['big'], { config })
      await assert.rejects(result, /Cannot lock public\.big within snapshot\.lock\.timeout\.ms/)
    } finally {
      await other.end()
    }
  })
})
