import assert from 'node:assert/strict'
import { afterEach, beforeEach, suite, test } from 'node:test'
import { createDatabase, type Database } from '../services/index.ts'
import { assertRemedied, diagnose, idsOf, only } from './doctor.ts'

let database: Database

beforeEach(async () => {
  database = await createDatabase()
})
afterEach(() => database.drop())

const filtered = { 'publication.autocreate.mode': 'filtered', 'table.include.list': String.raw`public\.t.*` }

test('a database that is ready has no finding but hints', async () => {
  await database.query('CREATE TABLE t (id int PRIMARY KEY, name text)')
  const findings = await diagnose(database)
  // tests that run at the same time may cause these
  const ofServer = ['inactive-slot-keeps-wal', 'long-transaction', 'no-free-slot', 'no-free-walsender']
  assert.deepEqual(
    findings.filter(({ id, severity }) => severity !== 'info' && !ofServer.includes(id)),
    [],
  )
  assert.deepEqual(await database.query('SELECT FROM pg_publication'), [])
  assert.deepEqual(
    await database.query('SELECT FROM pg_replication_slots WHERE database = current_database()'),
    [],
  )
})

suite('tables that a publication makes unwritable', () => {
  test('are reported before it is created: all of the database, with the reason', async () => {
    await database.query(`
      CREATE TABLE t (id int PRIMARY KEY);
      CREATE TABLE keyless (id int);
      CREATE TABLE deferred (id int PRIMARY KEY DEFERRABLE);
      CREATE TABLE nothing (id int PRIMARY KEY); ALTER TABLE nothing REPLICA IDENTITY NOTHING;
      CREATE TABLE without_index (id int NOT NULL UNIQUE);
      ALTER TABLE without_index REPLICA IDENTITY USING INDEX without_index_id_key;
      ALTER TABLE without_index DROP CONSTRAINT without_index_id_key;
      CREATE TABLE root (id int) PARTITION BY LIST (id);
      CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1);
      CREATE TABLE full_rows (id int); ALTER TABLE full_rows REPLICA IDENTITY FULL;
      CREATE UNLOGGED TABLE unlogged (id int)`)
    const all = { 'table.include.list': String.raw`public\.t` }
    const { message } = only(await diagnose(database, all), 'publication-makes-unwritable')
    for (const table of ['keyless (no primary key)', 'deferred (its primary key is deferrable)']) {
      assert.match(message, new RegExp(`public.${table.replace(/[()]/g, String.raw`\$&`)}`))
    }
    assert.match(message, /nothing \(replica identity NOTHING\).*without_index \(the index/)
    assert.match(message, /public\.leaf/)
    assert.doesNotMatch(message, /public\.(?:t|root|full_rows|unlogged)\b/)
    await assertRemedied(database, 'publication-makes-unwritable', all)
  })

  test('fail as it says, and no longer after the remedy', async () => {
    await database.query('CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE keyless (id int)')
    await database.query('CREATE PUBLICATION dbz_publication FOR ALL TABLES')
    await assert.rejects(database.query('UPDATE keyless SET id = 2'), /does not have a replica identity/)
    const { message } = await assertRemedied(database, 'table-unwritable', {
      'table.include.list': String.raw`public\.t`,
    })
    assert.match(message, /"dbz_publication".*public\.keyless/)
    await database.query('UPDATE keyless SET id = 2')
  })

  test('are only the captured ones with filtered, unless replica.identity.autoset.values helps', async () => {
    await database.query('CREATE TABLE t (id int); CREATE TABLE other (id int)')
    const { message } = only(await diagnose(database, filtered), 'publication-makes-unwritable')
    assert.doesNotMatch(message, /other/)
    const set = { ...filtered, 'replica.identity.autoset.values': 'public.t:FULL' }
    assert.ok(!idsOf(await diagnose(database, set)).includes('publication-makes-unwritable'))
    const inserts = { ...filtered, 'skipped.operations': 'u,d,t' }
    assert.ok(!idsOf(await diagnose(database, inserts)).includes('publication-makes-unwritable'))
  })
})

suite('the publication', () => {
  test('is missing', async () => {
    await database.query('CREATE TABLE t (id int PRIMARY KEY)')
    await assertRemedied(database, 'publication-missing', { 'publication.autocreate.mode': 'disabled' })
    const none = { ...filtered, 'publication.name': 'other', 'table.include.list': 'public.none' }
    const ids = idsOf(await diagnose(database, none))
    assert.ok(ids.includes('publication-without-tables') && ids.includes('no-tables'), ids.join())
  })

  test('is for all tables instead of the captured ones', async () => {
    await database.query('CREATE TABLE t (id int PRIMARY KEY)')
    await database.query('CREATE PUBLICATION dbz_publication FOR ALL TABLES')
    await assertRemedied(database, 'publication-for-all-tables', filtered)
  })

  test('lacks captured tables, or has those of others', async () => {
    await database.query(`
      CREATE TABLE t1 (id int PRIMARY KEY); CREATE TABLE "t 2" (id int PRIMARY KEY); CREATE TABLE other (id int PRIMARY KEY);
      CREATE PUBLICATION dbz_publication FOR TABLE t1, other`)
    await assertRemedied(database, 'publication-lacks-tables')
    const { message } = await assertRemedied(database, 'publication-of-others', filtered)
    assert.match(message, /public\.other/)
  })

  test('of partitions contains them, through their root, too', async () => {
    await database.query(`
      CREATE TABLE root (id int PRIMARY KEY) PARTITION BY LIST (id);
      CREATE TABLE leaf PARTITION OF root FOR VALUES IN (1);
      CREATE PUBLICATION dbz_publication FOR TABLE root`)
    assert.ok(!idsOf(await diagnose(database)).includes('publication-lacks-tables'))
    await assertRemedied(database, 'publication-partition-root', { 'publish.via.partition.root': 'true' })
    assert.ok(!idsOf(await diagnose(database)).includes('publication-lacks-tables'))
  })

  test('publishes not all operations, rows or columns', async () => {
    await database.query(`
      CREATE TABLE t1 (id int PRIMARY KEY, name text); CREATE TABLE t2 (id int PRIMARY KEY, name text);
      CREATE PUBLICATION dbz_publication FOR TABLE t1 WHERE (id > 5), t2 (id) WITH (publish = 'insert, update')`)
    assert.match((await assertRemedied(database, 'publication-operations')).message, /no events for delete\./)
    const truncates = { 'skipped.operations': 'none' }
    await assertRemedied(database, 'publication-operations', truncates)
    assert.match((await assertRemedied(database, 'publication-row-filter')).message, /public\.t1/)
    assert.match((await assertRemedied(database, 'publication-column-list')).message, /public\.t2/)
  })
})

suite('captured tables', () => {
  test('are unlogged, or no tables', async () => {
    await database.query(`
      CREATE UNLOGGED TABLE t (id int PRIMARY KEY); CREATE VIEW t_view AS SELECT * FROM t;
      CREATE MATERIALIZED VIEW t_copy AS SELECT * FROM t`)
    const findings = await diagnose(database, filtered)
    assert.match(
      only(findings, 'not-a-table').message,
      /t_copy \(materialized view\), public\.t_view \(view\)/,
    )
    assert.ok(!idsOf(await diagnose(database)).includes('not-a-table'), 'nobody asked for views')
    await assertRemedied(database, 'unlogged-table', filtered)
  })

  test('have no key, or one that deletes do not contain', async () => {
    await database.query('CREATE TABLE t (id int, code text); ALTER TABLE t REPLICA IDENTITY FULL')
    only(await diagnose(database), 'table-without-key')
    const keyed = { 'message.key.columns': 'public.t:code' }
    assert.ok(!idsOf(await diagnose(database, keyed)).includes('table-without-key'))
    await database.query('ALTER TABLE t ADD PRIMARY KEY (id); ALTER TABLE t REPLICA IDENTITY DEFAULT')
    assert.ok(!idsOf(await diagnose(database)).includes('key-not-in-identity'))
    await assertRemedied(database, 'key-not-in-identity', keyed)
  })

  test('have columns that events lack, or that differ by case only', async () => {
    await database.query('CREATE TABLE t (id int PRIMARY KEY, name text, "Name" text, area box)')
    const findings = await diagnose(database)
    assert.match(only(findings, 'column-omitted').message, /public\.t\.area \(box\)/)
    assert.match(only(findings, 'similar-columns').message, /public\.t \(name and Name\)/)
    const excluded = { 'column.exclude.list': String.raw`public\.t\.area` }
    for (const settings of [excluded, { 'include.unknown.datatypes': 'true' }]) {
      assert.ok(!idsOf(await diagnose(database, settings)).includes('column-omitted'))
    }
  })

  test('lack the table for signals', async () => {
    await database.query('CREATE TABLE t (id int PRIMARY KEY)')
    await assertRemedied(database, 'signal-table-missing', { 'signal.data.collection': 'public.signals' })
  })
})
