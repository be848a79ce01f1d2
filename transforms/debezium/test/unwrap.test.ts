import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  INT32,
  INT64,
  makeSchema,
  noHeaders,
  OPTIONAL_INT32,
  OPTIONAL_STRING,
  sourceRecord,
  STRING,
  struct,
  type SourceRecord,
  withAttributes,
} from '../../../api/index.ts'
import { extractNewRecordState } from '../unwrap.ts'
import { unwrapConfig, type UnwrapConfig } from '../unwrap-config.ts'

const row = struct({ id: INT32, name: STRING, qty: OPTIONAL_INT32 }, { optional: true, name: 'p.t.Value' })
const source = struct({ table: STRING, schema: STRING, lsn: INT64 }, { name: 'source' })
const envelope = struct(
  { before: row, after: row, source, op: STRING, ts_ms: INT64 },
  { name: 'p.t.Envelope' },
)

const defaults = Object.fromEntries(
  Object.entries(unwrapConfig).map(([key, setting]) => [key, setting.default]),
) as unknown as UnwrapConfig

const step = (config: Partial<UnwrapConfig>) => extractNewRecordState.create({ ...defaults, ...config })

function change(op: string, before: unknown, after: unknown, headers = noHeaders): SourceRecord {
  const about = { table: 't', schema: 'public', lsn: 7 }
  return sourceRecord({
    topic: 'p.t',
    sourcePartition: null,
    sourceOffset: null,
    valueSchema: envelope,
    value: { before, after, source: about, op, ts_ms: 5 },
    headers,
  })
}

const one = { id: 1, name: 'one', qty: null }
const tombstone = sourceRecord({ topic: 'p.t', sourcePartition: null, sourceOffset: null })

test('an insert becomes its row with a required schema, a delete a null value with the schema of the row', () => {
  const unwrap = step({})

  const inserted = unwrap.apply(change('c', null, one))
  assert.deepEqual([inserted?.value, inserted?.valueSchema], [one, withAttributes(row, { optional: false })])
  const deleted = unwrap.apply(change('d', one, null))
  assert.deepEqual([deleted?.value, deleted?.valueSchema], [null, row])
  assert.equal(unwrap.apply(tombstone), null)
})

test('a truncate is dropped, and a record that is not a change event passes through unchanged', () => {
  const unwrap = step({})
  const heartbeat = {
    ...tombstone,
    valueSchema: struct({ ts_ms: INT64 }, { name: 'p.Heartbeat' }),
    value: { ts_ms: 1 },
  }

  assert.equal(unwrap.apply(change('t', null, null)), null)
  assert.equal(unwrap.apply(heartbeat), heartbeat)
})

test('rewritten rows contain __deleted, followed by the added fields', () => {
  const unwrap = step({
    'delete.tombstone.handling.mode': 'rewrite',
    'add.fields': 'op,table,source.lsn,at:when',
    'add.headers': 'op,source.schema',
  })

  const deleted = unwrap.apply(change('d', one, null))
  assert.deepEqual(Object.entries(deleted?.value as object), [
    ...Object.entries(one),
    ['__deleted', 'true'],
    ['__op', 'd'],
    ['__table', 't'],
    ['__source_lsn', 7],
  ])
  assert.deepEqual(
    deleted?.headers.map(({ key, value }) => [key, value]),
    [
      ['__op', 'd'],
      ['__source_schema', 'public'],
    ],
  )
  assert.equal(deleted?.valueSchema?.field('__deleted')?.schema, OPTIONAL_STRING)
  assert.equal(unwrap.apply(tombstone), null)
})

test('an added struct keeps all its fields', () => {
  const [{ schema, value } = {}] =
    step({ 'add.headers': 'source' }).apply(change('c', null, one))?.headers ?? []

  assert.deepEqual([schema?.fields, schema?.optional], [source.fields, true])
  assert.deepEqual(value, { table: 't', schema: 'public', lsn: 7 })
})

test('a field whose parent is not a struct is rejected', () => {
  assert.throws(() => step({ 'add.fields': 'op.x' }).apply(change('c', null, one)), {
    code: 'HR_DATA_INVALID',
    message: 'Cannot look up fields on non-struct type',
  })
})

test('a null is replaced with the default of its field only in rewritten rows', () => {
  const withDefault = makeSchema({ type: 'string', optional: true, defaultValue: 'none' })
  const values = struct({ name: withDefault }, { optional: true, name: 'p.t.Value' })
  const event = {
    ...change('c', null, { name: null }),
    valueSchema: struct({ before: values, after: values, op: STRING }, { name: 'p.t.Envelope' }),
  }
  const nameOf = (config: Partial<UnwrapConfig>) =>
    (step(config).apply(event)?.value as { name: unknown } | undefined)?.name

  assert.equal(nameOf({}), null)
  assert.equal(nameOf({ 'delete.tombstone.handling.mode': 'rewrite' }), 'none')
  const kept = { 'delete.tombstone.handling.mode': 'rewrite', 'replace.null.with.default': false }
  assert.equal(nameOf(kept), null)
})

test('a tombstone without added headers stays the same record', () => {
  const unwrap = step({ 'delete.tombstone.handling.mode': 'rewrite-with-tombstone' })

  assert.equal(unwrap.apply(tombstone), tombstone)
})

test('an envelope without a row is rejected with the name of the missing field', () => {
  const bare = {
    ...tombstone,
    valueSchema: struct({ op: STRING }, { name: 'p.t.Envelope' }),
    value: { op: 'c' },
  }

  assert.throws(() => step({}).apply(bare), {
    code: 'HR_ILLEGAL_ARGUMENT',
    message: 'Unknown field: after',
  })
})

test('each delete handling mode emits the documented records', () => {
  const outcomes = (mode: string) => {
    const unwrap = step({ 'delete.tombstone.handling.mode': mode, 'add.headers': 'op' })
    const [deleted, tail] = [unwrap.apply(change('d', one, null)), unwrap.apply(tombstone)]
    return [deleted === null ? 'dropped' : deleted.valueSchema, tail?.headers.map(({ value }) => value)]
  }

  assert.deepEqual(outcomes('drop'), ['dropped', undefined])
  assert.deepEqual(outcomes('delete-to-tombstone'), [null, undefined])
  assert.deepEqual(outcomes('tombstone'), [row, undefined])
  assert.deepEqual(outcomes('rewrite-with-tombstone')[1], ['d'])
})

test('a tombstone that shares its headers with its delete has the added headers as well', () => {
  const unwrap = step({ 'delete.tombstone.handling.mode': 'rewrite-with-tombstone', 'add.headers': 'op' })
  const headers = [{ key: 'shared', schema: null, value: 1 }]
  const keys = (given: typeof headers) =>
    unwrap.apply({ ...tombstone, headers: given })?.headers.map(({ key }) => key)

  unwrap.apply(change('d', one, null, headers))
  assert.deepEqual(keys([...headers]), ['shared', '__op'])
  assert.deepEqual(keys(headers), ['shared', '__op', '__op'])
})

test('route.by.field sets the topic from a field of the row', () => {
  const unwrap = step({ 'route.by.field': 'name' })

  assert.equal(unwrap.apply(change('c', null, one))?.topic, 'one')
  assert.equal(unwrap.apply(change('d', one, null))?.topic, 'one')
  assert.throws(() => step({ 'route.by.field': 'id' }).apply(change('c', null, one)), /not of type STRING/)
})

test('fields listed in a header are dropped; required fields only without schema compatibility', () => {
  const headers = [{ key: 'drop', schema: null, value: ['name', 'qty'] }]
  const drop = (compatible: boolean) =>
    step({ 'drop.fields.header.name': 'drop', 'drop.fields.keep.schema.compatible': compatible }).apply(
      change('c', null, one, headers),
    )?.value

  assert.deepEqual(drop(true), { id: 1, name: 'one' })
  assert.deepEqual(drop(false), { id: 1 })
})

test('a header that is not a list drops nothing, and a delete keeps its added fields', () => {
  const drop = (value: unknown, state: 'before' | 'after') =>
    step({
      'drop.fields.header.name': 'drop',
      'drop.fields.keep.schema.compatible': false,
      'delete.tombstone.handling.mode': 'rewrite',
      'add.fields': 'op',
    }).apply(
      state === 'after'
        ? change('c', null, one, [{ key: 'drop', schema: null, value }])
        : change('d', one, null, [{ key: 'drop', schema: null, value }]),
    )?.value

  assert.deepEqual(drop('name', 'after'), { ...one, __deleted: 'false', __op: 'c' })
  assert.deepEqual(drop(['qty', '__op'], 'after'), { id: 1, name: 'one', __deleted: 'false' })
  assert.deepEqual(drop(['qty', '__op'], 'before'), { id: 1, name: 'one', __deleted: 'true', __op: 'd' })
})
