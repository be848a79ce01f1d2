import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeSchema } from '../../../../api/index.ts'
import type { ColumnReader } from '../../ports.ts'
import { tableOf } from '../../events/test/fixtures.ts'
import { reselectPlans, type PlanParts, type ReselectPlan } from '../plan.ts'
import { document, partsOf, settingsOf } from './fixtures.ts'

const summaryOf = ({ columns }: ReselectPlan): readonly string[] =>
  columns.map(
    ({ column, whenUnchanged, whenNull }) =>
      `${column}${whenUnchanged ? ' unchanged' : ''}${whenNull ? ' null' : ''}`,
  )

test('all columns are read if they are unchanged, and nullable ones if they are null', () => {
  const [plan] = reselectPlans([settingsOf()], partsOf())
  assert.deepEqual(plan && summaryOf(plan), [
    'id unchanged',
    'n unchanged null',
    'title unchanged',
    'body unchanged null',
  ])
  assert.deepEqual(plan?.key, [{ column: 'id', cell: 0, type: '"pg_catalog"."int4"', isDomain: false }])
  assert.deepEqual([plan?.name, plan?.from], ['public.document', 'ONLY "public"."document"'])
})

test('only selected columns are read, and only for the reasons that are set', () => {
  const selects = (table: string, column: string) => table === 'public.document' && column === 'body'
  const plans = (more: object) => reselectPlans([settingsOf({ selects, ...more })], partsOf()).map(summaryOf)
  assert.deepEqual(plans({ nullValues: false }), [['body unchanged']])
  assert.deepEqual(plans({ unavailableValues: false }), [['body null']])
  assert.deepEqual(plans({ unavailableValues: false, nullValues: false }), [])
})

test('without reselect.unavailable.values, an unchanged value is read if it is null in events', () => {
  const [plan] = reselectPlans([settingsOf({ unavailableValues: false })], partsOf())
  assert.deepEqual(plan && summaryOf(plan).slice(0, 2), ['id unchanged', 'n unchanged null'])
})

test('the first of several post processors reads a column', () => {
  const bodies = settingsOf({ selects: (_, column) => column === 'body', nullValues: false })
  const plans = reselectPlans([bodies, settingsOf({ onError: 'fail' })], partsOf())
  assert.deepEqual(plans.map(summaryOf), [
    ['body unchanged'],
    ['id unchanged', 'n unchanged null', 'title unchanged', 'body null'],
  ])
  assert.deepEqual(
    plans.map(({ onError }) => onError),
    ['warn', 'fail'],
  )
})

/** The parts with another reader of a column. */
function withReader(parts: PlanParts, name: string, change: Partial<ColumnReader>): PlanParts {
  const value = parts.events.fields.value.map((field) =>
    field.name === name ? { ...field, reader: { ...field.reader, ...change } } : field,
  )
  return { ...parts, events: { ...parts.events, fields: { ...parts.events.fields, value } } }
}

test('a column whose nulls show a default value or a mask is not read because it is null', () => {
  const schema = makeSchema({ type: 'int32', optional: true, defaultValue: 1 })
  for (const change of [{ schema }, { nullValue: '***' }]) {
    const [plan] = reselectPlans([settingsOf()], withReader(partsOf(), 'n', change))
    assert.equal(plan && summaryOf(plan)[1], 'n unchanged')
  }
})

test('rows are found by the key of the record if that is set, or if there is no primary key', () => {
  const keyOf = (parts: PlanParts, useEventKey: boolean) =>
    reselectPlans([settingsOf({ useEventKey })], parts)[0]?.key.map(({ column }) => column)
  assert.deepEqual(keyOf(partsOf(document, ['title', 'n']), true), ['title', 'n'])
  assert.deepEqual(keyOf(partsOf(document, ['title', 'n']), false), ['id'])
  const unique = { ...document, primaryKey: [], uniqueIndex: ['title'] }
  assert.deepEqual(keyOf(partsOf(unique), false), ['title'])
})

test('a table without a key is not read', () => {
  assert.deepEqual(reselectPlans([settingsOf()], partsOf({ ...document, primaryKey: [] })), [])
})

test('keys of domains are compared as values of the base type', () => {
  const table = tableOf('coded', ['code text not null', 'n int'])
  const columns = table.columns.map((column) =>
    column.name === 'code' ? { ...column, typeOid: 900 } : column,
  )
  const [plan] = reselectPlans([settingsOf()], partsOf({ ...table, columns }))
  assert.deepEqual(plan?.key, [{ column: 'code', cell: 0, type: '"pg_catalog"."text"', isDomain: true }])
})

test('a partitioned table is read with its partitions', () => {
  const [plan] = reselectPlans([settingsOf()], partsOf({ ...document, table: 'a"b', kind: 'partitioned' }))
  assert.equal(plan?.from, '"public"."a""b"')
})
