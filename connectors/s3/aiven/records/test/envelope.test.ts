import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INT64, STRING, struct, type SinkRecord } from '../../../../../api/index.ts'
import { sinkRecord } from '../../../../../testing/index.ts'
import { recordStruct } from '../envelope.ts'
import type { OutputField } from '../field.ts'

const order = struct({ id: INT64 }, { name: 'Order' })
const record = (init: Partial<SinkRecord> = {}): SinkRecord =>
  sinkRecord({
    topic: 'orders',
    partition: 0,
    offset: 7,
    timestamp: 1000,
    keySchema: STRING,
    key: 'a',
    valueSchema: order,
    value: { id: 1 },
    ...init,
  })

const reader = (fields: readonly OutputField[], envelope = true) =>
  recordStruct({ fields, envelope }, 'io.aiven.avro.output.schema')

test('fields are in the order of the setting, in a struct whose schema is the same for equal schemas', () => {
  const read = reader(['key', 'offset', 'timestamp', 'headers', 'value'])
  const { schema, value } = read(record({ headers: [{ key: 'h', schema: STRING, value: 'x' }] }))
  assert.equal(schema?.name, 'io.aiven.avro.output.schema.connector_records')
  assert.deepEqual(
    schema?.fields.map(({ name }) => name),
    ['key', 'offset', 'timestamp', 'headers', 'value'],
  )
  assert.deepEqual(Object.entries(value as object), [
    ['key', 'a'],
    ['offset', 7],
    ['timestamp', 1000],
    ['headers', new Map([['h', 'x']])],
    ['value', { id: 1 }],
  ])
  assert.equal(read(record({ offset: 8 })).schema, read(record()).schema)
  assert.notEqual(read(record({ valueSchema: STRING, value: 'x' })).schema, schema)
})

test('without an envelope, a struct is written as it is, another value in a field', () => {
  const read = reader(['value'], false)
  assert.deepEqual(read(record()), { schema: order, value: { id: 1 } })
  const { schema } = read(record({ valueSchema: STRING, value: 'x' }))
  assert.deepEqual(
    schema?.fields.map(({ name }) => name),
    ['value'],
  )
})

test('a record without schemas is refused', () => {
  const read = reader(['value'])
  assert.throws(() => read(record({ keySchema: null })), {
    code: 'HR_DATA_INVALID',
    message: 'Record key without schema',
  })
  assert.throws(() => read(record({ valueSchema: null })), /Record value without schema/)
})

test('headers have one type', () => {
  const read = reader(['headers'])
  const mixed = [
    { key: 'a', schema: STRING, value: 'x' },
    { key: 'b', schema: INT64, value: 1 },
  ]
  assert.throws(() => read(record({ headers: mixed })), /Header b has the type int64, expected string/)
  assert.throws(
    () => read(record({ headers: [{ key: 'a', schema: null, value: 1 }] })),
    /Header a without schema/,
  )
})
