import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { loadTables } from '../../connectors/postgres/catalog/tables.ts'
import { parseSettings } from '../../connectors/postgres/config/parse-settings.ts'
import { connect } from '../../connectors/postgres/connection/database.ts'
import type { Database as Connection } from '../../connectors/postgres/ports.ts'
import { planChunks, type ChunkKey } from '../../connectors/postgres/signals/incremental/chunk-query.ts'
import { readChunk, readMaximumKey } from '../../connectors/postgres/signals/incremental/chunk-reader.ts'
import { cellText } from '../../connectors/postgres/signals/incremental/chunk-rows.ts'
import { isVisible } from '../../connectors/postgres/signals/incremental/visibility.ts'
import { createDatabase, type Database } from '../services/index.ts'

let database: Database
let connection: Connection
const { signal } = new AbortController()

before(async () => {
  database = await createDatabase()
  connection = await connect(parseSettings({ ...database.props, 'topic.prefix': 'shop' }), {
    applicationName: 'chunks test',
    signal: AbortSignal.timeout(10_000),
  })
  await database.query(`
    CREATE TYPE mood AS ENUM ('z', 'b', 'a');
    CREATE DOMAIN dmood AS mood;
    CREATE DOMAIN code AS varchar(20) COLLATE "C";
    CREATE DOMAIN code2 AS code`)
})

after(async () => {
  await connection.close()
  await database.drop()
})

async function planOf(name: string, surrogateKey?: string) {
  const [table] = await loadTables(connection.query, { names: [{ schema: 'public', table: name }] })
  assert.ok(table !== undefined, `no table ${name}`)
  const source = {
    table,
    columns: table.columns.map((column) => column.name),
    keyColumns: table.primaryKey.length > 0 ? table.primaryKey : table.uniqueIndex,
    read: () => undefined,
  }
  const plan = await planChunks(connection.query, source, surrogateKey)
  assert.ok(plan !== undefined)
  return plan
}

/** Reads a table in chunks of two rows. Returns the rows as text. */
async function readAll(name: string, surrogateKey?: string): Promise<string[]> {
  const plan = await planOf(name, surrogateKey)
  const maximum = await readMaximumKey(connection, plan, undefined)
  assert.ok(maximum !== null)
  const rows: string[] = []
  let afterKey: ChunkKey | null = null
  for (;;) {
    const range = { after: afterKey, maximum, limit: 2, condition: undefined }
    const chunk = await readChunk(connection, plan, range, signal)
    if (chunk.lastKey === null) return rows
    chunk.rows.forEach((row) => {
      rows.push(plan.source.columns.map((_, cell) => cellText(row, cell) ?? 'null').join(' '))
    })
    afterKey = chunk.lastKey
  }
}

const types: Readonly<Record<string, readonly [type: string, ...values: string[]]>> = {
  int4: ['int', '3', '-1', '20', '100'],
  numeric: ['numeric', 'NaN', '1.50', '-3', '1e30', '0'],
  float8: ['float8', 'NaN', '0.1', '-Infinity', '0.30000000000000004', '1e-300'],
  text: ['text COLLATE "C"', 'a', 'B', "it's\\", 'é', 'tab\tx'],
  char: ['char(4)', 'a', 'ab', 'zzzz'],
  name: ['name', 'b', 'a', 'c'],
  onechar: ['"char"', 'b', 'a', 'c'],
  bool: ['bool', 'true', 'false'],
  uuid: ['uuid', '00000000-0000-0000-0000-000000000002', '00000000-0000-0000-0000-000000000001'],
  timestamptz: ['timestamptz', '2020-01-01 00:00:00.000001+02', 'infinity', '0044-03-15 BC', '-infinity'],
  interval: ['interval', '1 day', '25 hours', '1 mon'],
  bytea: ['bytea', '\\x00', '\\xff', '\\x5c27', ''],
  bit: ['bit(3)', '111', '001', '010'],
  varbit: ['varbit', '11', '001', '1'],
  inet: ['inet', '10.0.0.0/8', '10.0.0.1', '::1'],
  array: ['int[]', '{1,2}', '{}', '{2,NULL}'],
  range: ['int4range', '[1,3)', 'empty', '(,5)'],
  enum: ['mood', 'a', 'b', 'z'],
  domain: ['code', 'a', 'B', 'b'],
  nested_domain: ['code2', 'a', 'B', 'b'],
  domain_of_enum: ['dmood', 'a', 'b', 'z'],
}

suite('chunks', () => {
  for (const [name, [type, ...values]] of Object.entries(types)) {
    test(`have all rows in the order of a key of type ${type}`, async () => {
      await database.query(`CREATE TABLE of_${name} (id ${type}, part int, PRIMARY KEY (id, part))`)
      for (const value of values)
        await database.query(`INSERT INTO of_${name} SELECT $1, g FROM generate_series(1, 3) g`, [value])
      const ordered = await connection.query(`SELECT id, part FROM of_${name} ORDER BY id, part`)
      assert.deepEqual(
        await readAll(`of_${name}`),
        ordered.map((row) => `${row['id']} ${row['part']}`),
      )
    })
  }

  test('have rows with NULL in a unique index, and rows with an equal surrogate key', async () => {
    await database.query(`
      CREATE TABLE uniques (a int, b text, UNIQUE (a, b));
      INSERT INTO uniques SELECT NULLIF(g % 4, 0), CASE WHEN g % 2 = 0 THEN 'x' || g END FROM generate_series(1, 25) g;
      CREATE TABLE keyless (s text, v int);
      INSERT INTO keyless SELECT NULLIF('s' || g % 3, 's0'), g FROM generate_series(1, 13) g`)
    assert.equal((await readAll('uniques')).length, 25)
    assert.equal(new Set(await readAll('keyless', 's')).size, 13)
  })

  test('of partitioned tables have the rows of all partitions', async () => {
    await database.query(`
      CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
      CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (5);
      CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (5) TO (50);
      INSERT INTO parts SELECT g, 'v' FROM generate_series(1, 9) g`)
    assert.equal((await readAll('parts')).length, 9)
    assert.equal(new Set(await readAll('parts', 'v')).size, 9)
  })

  test('know which transactions they have seen', async () => {
    await database.query('CREATE TABLE seen (id int PRIMARY KEY)')
    const [first] = await database.query<{ id: string }>(
      'INSERT INTO seen VALUES (1) RETURNING txid_current()::text AS id',
    )
    const other = await database.connect()
    await other.query('BEGIN')
    const result = await other.query<{ id: string }>(
      'INSERT INTO seen VALUES (2) RETURNING txid_current()::text AS id',
    )
    const range = { after: null, maximum: ['9'], limit: 9, condition: undefined }
    const chunk = await readChunk(connection, await planOf('seen'), range, signal)
    await other.query('COMMIT')
    await other.end()
    assert.equal(chunk.rows.count, 1)
    assert.equal(isVisible(chunk.visible, Number(first?.id)), true)
    assert.equal(isVisible(chunk.visible, Number(result.rows[0]?.id)), false)
    const [{ ahead } = {}] = await connection.query(
      `SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn >= ${chunk.lsn})::text AS ahead`,
    )
    assert.equal(ahead, 'true')
  })

  test('leave the connection usable after an error', async () => {
    await database.query('CREATE TABLE failing (id int PRIMARY KEY); INSERT INTO failing VALUES (1)')
    const range = { after: null, maximum: ['9'], limit: 9, condition: 'missing > 1' }
    await assert.rejects(readChunk(connection, await planOf('failing'), range, signal), /missing/)
    assert.deepEqual(await readAll('failing'), ['1'])
  })
})
