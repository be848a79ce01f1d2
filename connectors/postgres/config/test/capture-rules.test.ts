import assert from 'node:assert/strict'
import { test } from 'node:test'
import { captureRules, tableLimitExceeded, tableLimitFault } from '../capture-rules.ts'
import { parseSettings } from '../parse-settings.ts'
import { tableText } from '../table-name.ts'
import { required } from './required.ts'

const rulesOf = (settings: Readonly<Record<string, string>> = {}) => {
  const props = { ...required, ...settings }
  return captureRules(parseSettings(props), props)
}
const name = (text: string) => {
  const [schema = '', table = ''] = text.split('.')
  return { schema, table }
}

test('all tables are captured except those of PostgreSQL itself', () => {
  const { capturesTable } = rulesOf()
  assert.equal(capturesTable(name('public.orders')), true)
  for (const table of [
    'pg_catalog.pg_class',
    'Information_Schema.tables',
    'pg_temp_3.t',
    'public.Spatial_Ref_Sys',
  ]) {
    assert.equal(capturesTable(name(table)), false, table)
  }
  const builtIn = rulesOf({ 'table.ignore.builtin': 'false' })
  assert.equal(builtIn.capturesTable(name('pg_catalog.pg_class')), true)
})

test('a table must be in an included schema and in an included table', () => {
  const { capturesTable, capturesSchema } = rulesOf({
    'schema.include.list': 'sales,hr',
    'table.include.list': String.raw`sales\.orders,public\.orders`,
  })
  assert.equal(capturesTable(name('SALES.Orders')), true)
  assert.equal(capturesTable(name('public.orders')), false)
  assert.equal(capturesTable(name('hr.people')), false)
  assert.equal(capturesSchema('hr'), true)
  assert.equal(capturesSchema('public'), false)
})

test('exclude lists remove schemas and tables', () => {
  const { capturesTable, capturesSchema } = rulesOf({
    'schema.exclude.list': 'hr',
    'table.exclude.list': String.raw`.*\.tmp_.*`,
  })
  assert.equal(capturesTable(name('hr.people')), false)
  assert.equal(capturesTable(name('public.tmp_1')), false)
  assert.equal(capturesTable(name('public.orders')), true)
  assert.equal(capturesSchema('hr'), false)
  assert.equal(capturesSchema('pg_catalog'), false)
})

test('an escaped comma is part of an expression', () => {
  const { capturesTable } = rulesOf({ 'table.include.list': String.raw`public\.a{1\,2}` })
  assert.equal(capturesTable(name('public.aa')), true)
  assert.equal(capturesTable(name('public.aaa')), false)
})

test('the signal table is captured in addition', () => {
  const rules = rulesOf({
    'table.include.list': String.raw`public\.a`,
    'signal.data.collection': 'public.signals',
  })
  assert.equal(rules.capturesTable(name('public.signals')), true)
  assert.equal(rules.capturesTable(name('public.b')), false)
  assert.deepEqual(rules.signalTable, name('public.signals'))
  assert.equal(rulesOf({ 'signal.data.collection': 'x' }).signalTable, undefined)
})

const ordered = (rules: ReturnType<typeof rulesOf>, ...tables: readonly string[]) =>
  rules.snapshotOrder(tables.map(name)).map(tableText)

test('a snapshot reads tables in the order of table.include.list, then by name', () => {
  const rules = rulesOf({
    'table.include.list': String.raw`public\.c,public\.(b|a)`,
    'signal.data.collection': 'a.signals',
    'snapshot.include.collection.list': String.raw`public\.a,public\.c,"public"."d"`,
  })
  assert.deepEqual(ordered(rules, 'a.signals', 'public.b', 'public.a', 'public.c'), [
    'public.c',
    'public.a',
    'public.b',
    'a.signals',
  ])
  assert.deepEqual(ordered(rulesOf({ 'signal.data.collection': 'p.b' }), 'p.c', 'p.b', 'p.a'), [
    'p.a',
    'p.b',
    'p.c',
  ])
})

test('snapshot.include.collection.list restricts snapshots, and matches quoted names too', () => {
  const rules = rulesOf({ 'snapshot.include.collection.list': String.raw`public\.a,"public"."b"` })
  assert.equal(rules.snapshotsTable(name('public.a')), true)
  assert.equal(rules.snapshotsTable(name('public.b')), true)
  assert.equal(rules.snapshotsTable(name('public.c')), false)
  assert.equal(rulesOf().snapshotsTable(name('public.c')), true)
})

test('a listed table has the SELECT statement of its own setting', () => {
  const { selectOverride } = rulesOf({
    'snapshot.select.statement.overrides': 'public.a, public.b',
    'snapshot.select.statement.overrides.public.a': 'SELECT * FROM public.a WHERE id > 1',
    'snapshot.select.statement.overrides.public.c': 'SELECT 1',
  })
  assert.equal(selectOverride(name('public.a')), 'SELECT * FROM public.a WHERE id > 1')
  assert.equal(selectOverride(name('public.b')), undefined)
  assert.equal(selectOverride(name('public.c')), undefined)
})

test('logical messages are selected by prefix', () => {
  const included = rulesOf({ 'message.prefix.include.list': 'audit.*' })
  assert.equal(included.capturesMessage('Audit-log'), true)
  assert.equal(included.capturesMessage('x'), false)
  assert.equal(rulesOf({ 'message.prefix.exclude.list': 'x' }).capturesMessage('x'), false)
  assert.equal(rulesOf().capturesMessage('x'), true)
})

test('truncates are skipped unless other operations are set', () => {
  assert.deepEqual([...rulesOf().skippedOperations], ['t'])
  assert.equal(rulesOf().skipsExplicitly, false)
  assert.deepEqual([...rulesOf({ 'skipped.operations': 'none' }).skippedOperations], [])
  const explicit = rulesOf({ 'skipped.operations': 'u,d' })
  assert.deepEqual([...explicit.skippedOperations], ['u', 'd'])
  assert.equal(explicit.skipsExplicitly, true)
})

test('an invalid expression names its setting', () => {
  assert.throws(() => rulesOf({ 'column.exclude.list': '(' }), { configKey: 'column.exclude.list' })
})

test('too many tables exceed the limit', () => {
  const config = parseSettings({ ...required, 'guardrail.collections.max': '2' })
  assert.equal(tableLimitFault(config, 2), undefined)
  assert.match(tableLimitFault(config, 3) ?? '', /3 tables are captured, expected at most 2/)
  assert.equal(tableLimitFault(parseSettings(required), 1000), undefined)
  assert.match(tableLimitExceeded(config, 3).message, /^Guardrail limit exceeded: 3 .* allowed is 2\.$/)
})
