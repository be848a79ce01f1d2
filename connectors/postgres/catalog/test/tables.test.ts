import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Query } from '../../ports.ts'
import { loadTables } from '../tables.ts'

const row = {
  oid: '16815',
  schema: 'public',
  name: 'orders',
  kind: 'r',
  partition: 'false',
  identity: 'f',
  columns: JSON.stringify([
    ['id', 1, 23, -1, true, null, null, false],
    ['state', 3, 25, -1, false, "'new'::text", 'of the order', false],
    ['double', 4, 23, -1, false, null, null, true],
  ]),
  primary_key: '["id"]',
  unique_index: null,
}

function recording(...rows: Awaited<ReturnType<Query>>): { calls: Parameters<Query>[]; query: Query } {
  const calls: Parameters<Query>[] = []
  return {
    calls,
    query: async (...call) => {
      calls.push(call)
      return rows
    },
  }
}

test('a table has its columns, keys and replica identity', async () => {
  const [table] = await loadTables(recording(row).query)
  assert.deepEqual(table, {
    schema: 'public',
    table: 'orders',
    oid: 16815,
    columns: [
      {
        name: 'id',
        number: 1,
        typeOid: 23,
        typmod: -1,
        optional: false,
        defaultExpression: null,
        comment: null,
        generated: false,
      },
      {
        name: 'state',
        number: 3,
        typeOid: 25,
        typmod: -1,
        optional: true,
        defaultExpression: "'new'::text",
        comment: 'of the order',
        generated: false,
      },
      {
        name: 'double',
        number: 4,
        typeOid: 23,
        typmod: -1,
        optional: true,
        defaultExpression: null,
        comment: null,
        generated: true,
      },
    ],
    primaryKey: ['id'],
    uniqueIndex: [],
    replicaIdentity: 'f',
    kind: 'table',
  })
})

test('distinguishes partitioned tables and partitions', async () => {
  const rows = [
    row,
    { ...row, kind: 'p' },
    { ...row, partition: 'true' },
    { ...row, kind: 'p', partition: 'true' },
  ]
  const tables = await loadTables(recording(...rows).query)
  assert.deepEqual(
    tables.map(({ kind }) => kind),
    ['table', 'partitioned', 'partition', 'partitioned'],
  )
})

test('a table may have no columns and no key', async () => {
  const [table] = await loadTables(recording({ ...row, columns: null, primary_key: null }).query)
  assert.deepEqual([table?.columns, table?.primaryKey, table?.uniqueIndex], [[], [], []])
})

test('one query loads all tables', async () => {
  const { calls, query } = recording(row, row, row)
  assert.equal((await loadTables(query)).length, 3)
  assert.equal(calls.length, 1)
})

test('tables are selected by oid', async () => {
  const { calls, query } = recording(row)
  await loadTables(query, { oids: [1, 22] })
  assert.deepEqual(calls[0]?.[1], ['{1,22}'])
})

test('tables are selected by name, whatever characters it has', async () => {
  const { calls, query } = recording(row)
  await loadTables(query, {
    names: [
      { schema: 'public', table: 'orders' },
      { schema: 'S, Two', table: String.raw`a"b\c` },
    ],
  })
  assert.deepEqual(calls[0]?.[1], ['{"public","S, Two"}', String.raw`{"orders","a\"b\\c"}`])
})

test('an empty selection needs no query', async () => {
  const { calls, query } = recording(row)
  assert.deepEqual(await loadTables(query, { oids: [] }), [])
  assert.deepEqual(await loadTables(query, { names: [] }), [])
  assert.equal(calls.length, 0)
})
