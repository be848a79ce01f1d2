import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Query, Table } from '../../ports.ts'
import { isStatement, planTables, type PlanRules } from '../plan.ts'
import { tableOf } from './fake-server.ts'
import { rules } from './snapshot-run.ts'

interface Facts {
  readonly rows?: number
  readonly usage?: boolean
  readonly readable?: readonly number[]
}

/** Answers about tables by oid; a missing one does not exist. */
const answering =
  (facts: Record<number, Facts>): Query =>
  () =>
    Promise.resolve(
      Object.entries(facts).map(([oid, { rows = -1, usage = true, readable }]) => ({
        oid,
        rows: String(rows),
        size: '8192',
        hides_rows: 'f',
        schema_usage: usage ? 't' : 'f',
        readable: readable === undefined ? null : JSON.stringify(readable),
      })),
    )

async function namesOf(
  tables: readonly Table[],
  facts: Record<number, Facts>,
  more: Partial<PlanRules> = {},
): Promise<string[]> {
  const planned = await planTables(answering(facts), tables, { ...rules, ...more })
  return planned.map(({ name }) => name)
}

const ta = tableOf('ta', 1)
const tb = tableOf('tb', 2)
const tc = tableOf('tc', 3)

test('tables are in the order of the rules, without the signal table and those that are gone', async () => {
  const order: PlanRules['snapshotOrder'] = (tables) => tables.toReversed()
  assert.deepEqual(
    await namesOf(
      [ta, tb, tc],
      { 1: {}, 2: {}, 3: {} },
      {
        snapshotOrder: order,
        isSignalTable: ({ table }) => table === 'tb',
      },
    ),
    ['public.tc', 'public.ta'],
  )
  assert.deepEqual(await namesOf([ta, tb], { 2: {} }), ['public.tb'])
  assert.deepEqual(await namesOf([], {}), [])
})

test('snapshot.tables.order.by.row.count sorts by the estimates of the server', async () => {
  const facts = { 1: { rows: 50 }, 2: { rows: 900 }, 3: { rows: 7 } }
  const ordered = (orderByRowCount: string) => namesOf([ta, tb, tc], facts, { orderByRowCount })
  assert.deepEqual(await ordered('ascending'), ['public.tc', 'public.ta', 'public.tb'])
  assert.deepEqual(await ordered('descending'), ['public.tb', 'public.ta', 'public.tc'])
  assert.deepEqual(await ordered('disabled'), ['public.ta', 'public.tb', 'public.tc'])
  const unknown = { 1: {}, 2: {}, 3: {} }
  const names = await namesOf([tb, ta, tc], unknown, { orderByRowCount: 'descending' })
  assert.deepEqual(names, ['public.tb', 'public.ta', 'public.tc'])
})

test('root and partitions are read as tables of their own', async () => {
  const root = tableOf('t_p', 1, 'partitioned')
  const leaf = tableOf('t_p_eu', 2, 'partition')
  assert.deepEqual(await namesOf([root, leaf], { 1: {}, 2: {} }), ['public.t_p', 'public.t_p_eu'])
})

test('a table that may not be read is an error with the statement to run', async () => {
  await assert.rejects(
    namesOf([ta], { 1: { readable: [] } }),
    /^ConnectError: The user may not read any column of the captured table public\.ta\. Run GRANT SELECT ON "public"\."ta" TO the user in database\.user, or exclude/,
  )
  await assert.rejects(namesOf([ta], { 1: { readable: [2] } }), /may not read the columns id of/)
  await assert.rejects(namesOf([ta], { 1: { usage: false } }), /GRANT USAGE ON SCHEMA "public"/)
  assert.deepEqual(await namesOf([ta], { 1: { readable: [1] } }), ['public.ta'])
})

test('a statement of its own may read something else', async () => {
  const select = () => 'SELECT id FROM readable_view'
  assert.deepEqual(await namesOf([ta], { 1: { readable: [] } }, { select }), ['public.ta'])
  await assert.rejects(namesOf([ta], { 1: { readable: [] } }, { select: () => 'id > 5' }), /may not read/)
})

test('statements are told from conditions', () => {
  for (const text of ['select 1', ' (SELECT 1) UNION SELECT 2', 'with a as (select 1) table a', 'TABLE a']) {
    assert.equal(isStatement(text), true, text)
  }
  for (const text of ['id > 5', 'selected', '"select" = 1', 'withdrawn is null']) {
    assert.equal(isStatement(text), false, text)
  }
})
