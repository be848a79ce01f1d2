import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  INT32,
  INT64,
  makeSchema,
  OPTIONAL_STRING,
  sourceRecord,
  STRING,
  struct,
  type SinkRecord,
  type SourceRecord,
} from '../../../api/index.ts'
import { eventRouter } from '../outbox.ts'
import { outboxConfig, type OutboxConfig } from '../outbox-config.ts'

const json = makeSchema({ type: 'string', optional: true, name: 'io.debezium.data.Json', version: 1 })
const micros = makeSchema({
  type: 'int64',
  optional: true,
  name: 'io.debezium.time.MicroTimestamp',
  version: 1,
})
const row = struct(
  {
    id: STRING,
    aggregatetype: STRING,
    aggregateid: STRING,
    type: STRING,
    payload: json,
    tenant: OPTIONAL_STRING,
    part: INT32,
    at: micros,
  },
  { optional: true, name: 'p.public.outbox.Value' },
)
const envelope = struct({ before: row, after: row, op: STRING, ts_ms: INT64 }, { name: 'p.Envelope' })

const order = {
  id: 'e-1',
  aggregatetype: 'Order',
  aggregateid: 'o-1',
  type: 'OrderCreated',
  payload: '{"id":1,"lines":[{"x":1.5,"n":null}],"s":"t"}',
  tenant: 'ten1',
  part: 3,
  at: 7_000_000,
}

const defaults = Object.fromEntries(
  Object.entries(outboxConfig).map(([key, setting]) => [key, setting.default]),
) as unknown as OutboxConfig

const step = (config: Partial<OutboxConfig> = {}) => eventRouter.create({ ...defaults, ...config })

function change(op: string, after: unknown): SourceRecord {
  const value = { before: null, after, op, ts_ms: 99 }
  return sourceRecord({
    topic: 'p.outbox',
    sourcePartition: null,
    sourceOffset: null,
    valueSchema: envelope,
    value,
  })
}

test('an inserted row becomes an event on the topic of its aggregate', () => {
  const event = step().apply(change('c', order))

  assert.deepEqual(
    [event?.topic, event?.key, event?.value, event?.valueSchema, event?.timestamp],
    ['outbox.event.Order', 'o-1', order.payload, json, 99],
  )
  assert.deepEqual(event?.headers, [{ key: 'id', schema: STRING, value: 'e-1' }])
})

test('deletes, updates and tombstones are dropped; an update fails if configured as fatal', () => {
  assert.equal(step().apply(change('d', null)), null)
  assert.equal(step().apply(change('u', order)), null)
  assert.equal(step().apply({ ...change('c', order), value: null }), null)
  const fatal = step({ 'table.op.invalid.behavior': 'fatal' })
  assert.throws(() => fatal.apply(change('u', order)), { code: 'HR_ILLEGAL_STATE' })
})

test('additional columns become headers, the partition or fields of the envelope', () => {
  const event = step({
    'table.fields.additional.placement': ['tenant:header', 'part:partition', 'type:envelope:eventType'],
    'table.field.event.timestamp': 'at',
  }).apply(change('c', order))

  assert.deepEqual(event?.value, { payload: order.payload, eventType: 'OrderCreated' })
  assert.equal(event?.valueSchema?.name, 'p.public.outbox.Order.Value')
  assert.deepEqual([event?.partition, event?.timestamp], [3, 7000])
  assert.deepEqual(event?.headers.at(-1), { key: 'tenant', schema: OPTIONAL_STRING, value: 'ten1' })
})

test('a missing column is an error, or ignored if so configured', () => {
  const placement = { 'table.fields.additional.placement': ['nope:header'] }

  assert.throws(() => step(placement).apply(change('c', order)), /nope is not a valid field name/)
  const event = step({ ...placement, 'table.field.additional.missing': 'ignore' }).apply(change('c', order))
  assert.equal(event?.headers.length, 1)
})

test('an empty payload becomes a tombstone if so configured', () => {
  const empty = change('c', { ...order, payload: null })

  assert.equal(step().apply(empty)?.valueSchema, json)
  assert.equal(step({ 'route.tombstone.on.empty.payload': true }).apply(empty)?.valueSchema, null)
})

test('a JSON payload is expanded into a struct; nulls are omitted or kept as bytes', () => {
  const expand = (nulls: string) =>
    step({ 'table.expand.json.payload': true, 'table.json.payload.null.behavior': nulls }).apply(
      change('c', order),
    )

  assert.deepEqual(expand('ignore')?.value, { id: 1, lines: [{ x: 1.5 }], s: 't' })
  assert.deepEqual(expand('optional_bytes')?.value, { id: 1, lines: [{ x: 1.5, n: null }], s: 't' })
  assert.equal(expand('ignore')?.valueSchema?.field('lines')?.schema.valueSchema?.name, 'payload.lines')
})

test('a payload that is not JSON is left unchanged, with a warning', () => {
  const lines: string[] = []
  const note = (message: string) => void lines.push(message)
  const log = { error: note, warn: note, info: note, debug: note, trace: note }
  const router = eventRouter.create({ ...defaults, 'table.expand.json.payload': true }, { log })

  assert.equal(router.apply(change('c', { ...order, payload: 'plain' }))?.value, 'plain')
  assert.equal(lines.length, 1)
})

test('a sink record keeps its partition, unless a column sets another', () => {
  const { sourcePartition, sourceOffset, ...common } = change('c', order)
  const record: SinkRecord = {
    ...common,
    partition: 5,
    offset: 7,
    timestampType: 'CreateTime',
    originalTopic: 'p.outbox',
    originalPartition: 5,
    originalOffset: 7,
  }

  assert.equal(step().apply(record)?.partition, 5)
  const placed = step({ 'table.fields.additional.placement': ['part:partition'] })
  assert.equal(placed.apply(record)?.partition, 3)
  assert.deepEqual([sourcePartition, sourceOffset], [null, null])
})

test('a null routing column is an error that names the column', () => {
  const router = step({ 'route.by.field': 'tenant' })

  assert.throws(() => router.apply(change('c', { ...order, tenant: null })), {
    code: 'HR_DATA_INVALID',
    message: 'Cannot route the event: column tenant is null',
  })
})

test('the error for a column of the wrong type names the column and the expected type', () => {
  const failsWith = (config: Partial<OutboxConfig>, message: RegExp) =>
    assert.throws(() => step(config).apply(change('c', order)), message)

  failsWith({ 'table.fields.additional.placement': ['id:partition'] }, /Field 'id' is not of type INT32/)
  failsWith({ 'table.field.event.timestamp': 'id' }, /Field 'id' is not of type INT64/)
  failsWith({ 'route.by.field': 'part' }, /Field 'part' is not of type STRING/)
  failsWith({ 'table.field.event.key': 'nope' }, /nope is not a valid field name/)
})
