import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BYTES,
  INT64,
  noHeaders,
  OPTIONAL_BYTES,
  OPTIONAL_INT32,
  OPTIONAL_INT64,
  OPTIONAL_STRING,
  sourceRecord,
  STRING,
  struct,
  withHeader,
  type Schema,
  type SourceRecord,
} from '../../../api/index.ts'
import { decodeMessageContent } from '../message-content.ts'
import { eventRouter } from '../outbox.ts'
import { outboxConfig, type OutboxConfig } from '../outbox-config.ts'

const NAME = 'io.debezium.connector.postgresql'
const source = struct({ table: STRING, lsn: INT64 }, { name: `${NAME}.Source` })
const transaction = struct({ id: STRING }, { name: 'event.block', version: 1, optional: true })

function valueSchema(content: Schema = BYTES): Schema {
  const messageSchema = struct({ prefix: OPTIONAL_STRING, content }, { name: `${NAME}.Message`, version: 1 })
  const fields = { op: STRING, ts_ms: OPTIONAL_INT64, source, transaction, message: messageSchema }
  return struct(fields, { name: `${NAME}.MessageValue`, version: 1 })
}

function message(content: unknown, schema = valueSchema()): SourceRecord {
  return sourceRecord({
    topic: 'p.message',
    sourcePartition: null,
    sourceOffset: null,
    keySchema: struct({ prefix: OPTIONAL_STRING }, { name: `${NAME}.MessageKey` }),
    key: { prefix: 'foo' },
    valueSchema: schema,
    value: {
      op: 'm',
      ts_ms: 5,
      source: { table: '', lsn: 7 },
      transaction: null,
      message: { prefix: 'foo', content },
    },
    headers: withHeader(noHeaders, 'h', OPTIONAL_STRING, 'x'),
  })
}

const json = (text: string) => message(Buffer.from(text))
/** The row that a decoded message inserts. */
function rowOf(record: SourceRecord | null): unknown {
  assert.ok(record !== null)
  return (record.value as { after: unknown }).after
}

const decode = (includeNulls = false) => decodeMessageContent.create({ 'fields.null.include': includeNulls })

test('a message becomes an insert of its content, without key and prefix', () => {
  const decoded = decode().apply(json('{"bar":"baz","qux":9703,"quux":null}'))
  const after = struct({ bar: OPTIONAL_STRING, qux: OPTIONAL_INT32 }, { optional: true })
  assert.deepEqual(decoded?.value, {
    op: 'c',
    ts_ms: 5,
    source: { table: '', lsn: 7 },
    transaction: null,
    after: { bar: 'baz', qux: 9703 },
  })
  assert.equal(
    decoded.valueSchema,
    struct(
      { op: STRING, ts_ms: OPTIONAL_INT64, source, transaction, after },
      { name: `${NAME}.MessageValue.Envelope` },
    ),
  )
  assert.deepEqual([decoded.topic, decoded.keySchema, decoded.key], ['p.message', null, null])
  assert.deepEqual(decoded.headers, message('').headers)
})

test('fields.null.include keeps nulls as optional bytes', () => {
  const decoded = decode(true).apply(json('{"quux":null}'))
  assert.deepEqual(rowOf(decoded), { quux: null })
  assert.equal(decoded?.valueSchema?.field('after')?.schema.field('quux')?.schema, OPTIONAL_BYTES)
})

test('an empty object becomes a row without fields', () => {
  const decoded = decode().apply(json('{}'))
  assert.deepEqual(rowOf(decoded), {})
})

test('messages with different content have different schemas', () => {
  const step = decode()
  const fields = ['{"a":1}', '{"b":"x"}', '{"a":2}'].map((text) => {
    const after = step.apply(json(text))?.valueSchema?.field('after')?.schema
    return after?.fields.map(({ name }) => name).join()
  })
  assert.deepEqual(fields, ['a', 'b', 'a'])
})

test('other records pass through unchanged', () => {
  const step = decode()
  const tombstone = sourceRecord({ topic: 't', sourcePartition: null, sourceOffset: null })
  const other = { ...tombstone, valueSchema: STRING, value: 'x' }
  assert.equal(step.apply(tombstone), tombstone)
  assert.equal(step.apply(other), other)
})

test('content that is not a JSON object is a record error which does not quote it', () => {
  const step = decode()
  for (const text of ['', 'secret', '{"secret"', '[{"secret":1}]', '"secret"']) {
    assert.throws(
      () => step.apply(json(text)),
      (error: Error & { code?: string }) =>
        error.code === 'HR_DATA_INVALID' &&
        error.message.startsWith('The content of a logical decoding message is not a JSON object: ') &&
        !error.message.includes('secret'),
      text,
    )
  }
})

test('content that is not binary is refused with the setting to change', () => {
  const base64 = message('eyJhIjoxfQ==', valueSchema(STRING))
  assert.throws(
    () => decode().apply(base64),
    /non-binary: expected bytes, found .*String.*binary\.handling\.mode=bytes/,
  )
  const without = { ...base64, valueSchema: struct({ op: STRING }, { name: `${NAME}.MessageValue` }) }
  assert.throws(() => decode().apply(without), /has no field message/)
})

test('a null setting means its default', () => {
  const step = decodeMessageContent.create({ 'fields.null.include': null as unknown as boolean })
  assert.deepEqual(rowOf(step.apply(json('{"a":null}'))), {})
})

test('a decoded message can be routed as an outbox event', () => {
  const defaults = Object.fromEntries(
    Object.entries(outboxConfig).map(([key, { default: value }]) => [key, value]),
  )
  const router = eventRouter.create(defaults as unknown as OutboxConfig)
  const event = { id: 'e1', aggregatetype: 'order', aggregateid: '7', payload: 'hello' }
  const decoded = decode().apply(json(JSON.stringify(event)))
  assert.ok(decoded !== null)
  const routed = router.apply(decoded)
  assert.deepEqual([routed?.topic, routed?.key, routed?.value], ['outbox.event.order', '7', 'hello'])
})
