import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Query, Table } from '../../ports.ts'
import type { PlannedTable } from '../plan.ts'
import { copyStatement, describeStatement, measureTable, partText, statementOf } from '../ranges.ts'
import { MB, tableOf } from './fake-server.ts'
import { rules } from './snapshot-run.ts'

interface Relation {
  readonly name: string
  readonly mb: number
  readonly method?: string | null
  readonly parent?: boolean
  readonly readable?: boolean
  readonly rewritten?: boolean
}

/** Blocks of 8 KiB. */
const answering =
  (...relations: Relation[]): Query =>
  () =>
    Promise.resolve(
      relations.map(({ name, mb, method = 'heap', parent = false, readable = true, rewritten = false }) => ({
        schema: 'public',
        name,
        method,
        size: String(mb * MB),
        block_size: '8192',
        rewritten: String(rewritten),
        readable: String(readable),
        parent: String(parent),
      })),
    )

function plannedOf(table: Table, select?: string): PlannedTable {
  return {
    table,
    name: `public.${table.table}`,
    columns: table.columns,
    select,
    size: 0,
    hidesRows: false,
    writer: () => rules.writer(table, table.columns),
  }
}

const ta = plannedOf(tableOf('ta', 1))
const root = plannedOf(tableOf('t_p', 1, 'partitioned'))
const all = { parts: 4, ranges: true, partitions: true }

async function partsOf(query: Query, planned = ta, splitting = all): Promise<string[]> {
  const { parts } = await measureTable(query, planned, splitting)
  return parts.map((part) =>
    copyStatement(planned, part, ['id']).replace(/^COPY \(SELECT "id" FROM |\) TO STDOUT$/g, ''),
  )
}

test('parts cover all blocks once, and the last one has no end', async () => {
  assert.deepEqual(await partsOf(answering({ name: 'ta', mb: 8 })), [
    `"public"."ta" WHERE ctid < '(256,0)'::tid`,
    `"public"."ta" WHERE ctid >= '(256,0)'::tid AND ctid < '(512,0)'::tid`,
    `"public"."ta" WHERE ctid >= '(512,0)'::tid AND ctid < '(768,0)'::tid`,
    `"public"."ta" WHERE ctid >= '(768,0)'::tid`,
  ])
})

test('parts are not smaller than 2 MiB, and not larger than 1 GiB', async () => {
  assert.deepEqual(await partsOf(answering({ name: 'ta', mb: 0 })), ['"public"."ta"'])
  assert.equal((await partsOf(answering({ name: 'ta', mb: 5 }))).length, 2)
  const one = { ...all, parts: 1 }
  assert.equal((await partsOf(answering({ name: 'ta', mb: 1024 }), ta, one)).length, 1)
  assert.equal((await partsOf(answering({ name: 'ta', mb: 2500 }), ta, one)).length, 3)
})

test('the sizes of parts add up', async () => {
  const { parts } = await measureTable(answering({ name: 'ta', mb: 101 }), ta, { ...all, parts: 7 })
  assert.equal(
    parts.reduce((sum, { size }) => sum + size, 0),
    101 * MB,
  )
})

test('what has no ranges is read as a whole', async () => {
  const whole = ['"public"."ta"']
  assert.deepEqual(await partsOf(answering({ name: 'ta', mb: 99 }), ta, { ...all, ranges: false }), whole)
  assert.deepEqual(await partsOf(answering({ name: 'ta', mb: 99, method: 'columnar' })), whole)
  assert.deepEqual(await partsOf(answering({ name: 'ta', mb: 99, method: null })), whole)
  assert.deepEqual(await partsOf(answering({ name: 'ta', mb: 99, parent: true })), whole)
})

test('partitions are divided one by one, unless the root is read as a whole', async () => {
  const leaves = answering({ name: 'eu', mb: 4 }, { name: 'us', mb: 0 }, { name: 'far', mb: 0, method: null })
  assert.deepEqual(await partsOf(leaves, root), [
    `"public"."eu" WHERE ctid < '(256,0)'::tid`,
    `"public"."eu" WHERE ctid >= '(256,0)'::tid`,
    '"public"."us"',
    '"public"."far"',
  ])
  assert.deepEqual(await partsOf(leaves, root, { ...all, partitions: false }), ['"public"."t_p"'])
  assert.deepEqual(await partsOf(answering(), root), ['"public"."t_p"'])
  // who may read the root need not be allowed to read its partitions
  const denied = answering({ name: 'eu', mb: 4, readable: false })
  assert.deepEqual(await partsOf(denied, root), ['"public"."t_p"'])
})

test('a table with a statement or a condition is one part', async () => {
  const statement = plannedOf(ta.table, 'SELECT * FROM ta; ')
  const { parts } = await measureTable(answering({ name: 'ta', mb: 99 }), statement, all)
  assert.equal(parts.length, 1)
  assert.equal(
    copyStatement(statement, parts[0] ?? assert.fail(), ['id', 'we"ird']),
    'COPY (SELECT q."id", q."we""ird" FROM (SELECT * FROM ta) AS q) TO STDOUT',
  )
  const condition = plannedOf(ta.table, 'id > 5')
  assert.deepEqual(await partsOf(answering({ name: 'ta', mb: 99 }), condition), [
    '"public"."ta" WHERE (id > 5)',
  ])
})

test('a table without columns is read as well', () => {
  const part = { from: ta.table, first: undefined, end: undefined, size: 0 }
  assert.equal(copyStatement(ta, part, []), 'COPY (SELECT  FROM "public"."ta") TO STDOUT')
})

test('a comment at the end of a statement hides nothing', () => {
  assert.equal(statementOf(' SELECT 1; -- all '), 'SELECT 1; -- all\n')
  assert.equal(statementOf('SELECT 1 ;\n; '), 'SELECT 1')
  assert.match(describeStatement('SELECT 1;'), /FROM \(SELECT 1\) AS s LIMIT 0/)
})

test('a rewritten relation is reported', async () => {
  const query = answering({ name: 'eu', mb: 1 }, { name: 'us', mb: 1, rewritten: true })
  assert.equal((await measureTable(query, root, all)).rewritten, true)
  assert.equal((await measureTable(answering({ name: 'ta', mb: 1 }), ta, all)).rewritten, false)
})

test('messages name the part and the partition', () => {
  const part = { from: { schema: 'public', table: 'eu' }, first: undefined, end: 5, size: 0 }
  assert.equal(partText(root, part, 1, 4), 'public.t_p, part 2 of 4, partition eu')
  assert.equal(partText(ta, { ...part, from: ta.table }, 0, 1), 'public.ta')
})
