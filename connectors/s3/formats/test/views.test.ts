import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BYTES, INT32, STRING, type Header, type Schema, type SinkRecord } from '../../../../api/index.ts'
import { headersView, jsonFormat, keyView, uncompressed, valueView } from '../index.ts'
import { textOfObject } from './encode-object.ts'

const format = jsonFormat('base64', uncompressed)

function record(key: unknown, keySchema: Schema | null, headers: readonly Header[] = []): SinkRecord {
  return {
    topic: 't',
    partition: 0,
    offset: 7,
    key,
    keySchema,
    value: 'v',
    valueSchema: STRING,
    timestamp: null,
    timestampType: 'NoTimestampType',
    headers,
    originalTopic: 't',
    originalPartition: 0,
    originalOffset: 7,
  }
}

test('the view of the value is the value', () => {
  assert.deepEqual(valueView(format).read(record(1, INT32)), { schema: STRING, value: 'v' })
})

test('the view of the key is the key, or a struct with it', () => {
  assert.deepEqual(keyView(format, false).read(record(1, INT32)), { schema: INT32, value: 1 })
  const enveloped = keyView(format, true)
  const { schema, value } = enveloped.read(record(1, INT32))
  assert.deepEqual([schema?.name, schema?.fields[0]?.schema, value], ['RecordKey', INT32, { key: 1 }])
  assert.equal(enveloped.read(record(2, INT32)).schema, schema)
})

test('the view of the headers has their keys and the text of their values', async () => {
  const headers = [
    { key: 'a', schema: INT32, value: 1 },
    { key: 'a', schema: BYTES, value: Buffer.from([1]) },
  ]
  const { schema, value } = headersView(format, true).read(record(1, INT32, headers))
  assert.equal(
    await textOfObject(format, [[value, schema]]),
    '{"headers":[{"key":"a","value":"1"},{"key":"a","value":"AQ=="}]}\n',
  )
  assert.equal(headersView(format, false).read(record(1, INT32, headers)).schema?.type, 'array')
})

test('a record with nothing to write is refused with its offset', () => {
  const refusal = { code: 'HR_DATA_INVALID', message: /topic t, partition 0, offset 7/ }
  assert.throws(() => keyView(format, false).read(record(null, INT32)), refusal)
  assert.throws(() => headersView(format, true).read(record(1, INT32)), refusal)
  const headers = [{ key: 'a', schema: null, value: null }]
  assert.throws(() => headersView(format, true).read(record(1, INT32, headers)), { code: 'HR_DATA_INVALID' })
})
