import assert from 'node:assert/strict'
import { test } from 'node:test'
import { BYTES, INT64, STRING, struct, type SinkRecord } from '../../../../../api/index.ts'
import { sinkRecord } from '../../../../../testing/index.ts'
import { uncompressed } from '../../../formats/index.ts'
import type { ObjectFormat } from '../../../ports.ts'
import { recordCsvFormat } from '../csv-rows.ts'
import type { OutputField } from '../field.ts'
import { recordJsonFormat } from '../json-rows.ts'

const record = (init: Partial<SinkRecord> = {}): SinkRecord =>
  sinkRecord({ topic: 'orders', partition: 0, offset: 1_232_155, timestamp: 1_577_836_801_000, ...init })

async function written(format: ObjectFormat, records: readonly SinkRecord[]): Promise<string> {
  const parts: Buffer[] = []
  const encoder = format.open(null, (bytes) => parts.push(bytes))
  for (const one of records) encoder.write(one, null)
  await encoder.end()
  return Buffer.concat(parts).toString()
}

const all: readonly OutputField[] = ['key', 'value', 'offset', 'timestamp', 'headers']
const csv = (fields: readonly OutputField[], encoding: 'base64' | 'none' = 'base64') =>
  recordCsvFormat({ fields, envelope: true }, encoding, uncompressed)
const json = (type: 'json' | 'jsonl', fields: readonly OutputField[], envelope = true) =>
  recordJsonFormat(type, { fields, envelope }, uncompressed)

test('cells of csv are in the order of the setting, keys and values in base64', async () => {
  const one = record({
    key: 'key',
    keySchema: STRING,
    value: Buffer.from('Lorem ipsum dolor sit amet'),
    valueSchema: BYTES,
    headers: [{ key: 'h', schema: BYTES, value: Buffer.from('x') }],
  })
  assert.equal(
    await written(csv(['key', 'value', 'offset', 'timestamp']), [one, record()]),
    'a2V5,TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQ=,1232155,1577836801000\n,,1232155,1577836801000',
  )
  assert.equal(await written(csv(['headers', 'offset']), [one]), 'aA==:eA==;,1232155')
  assert.equal(await written(csv(['value', 'offset'], 'none'), [one]), 'Lorem ipsum dolor sit amet,1232155')
})

test('csv refuses a value that is not bytes, and goes on with the next record', async () => {
  const parts: Buffer[] = []
  const encoder = csv(['offset', 'value']).open(null, (bytes) => parts.push(bytes))
  assert.throws(() => encoder.write(record({ value: 'x', valueSchema: STRING }), null), {
    code: 'HR_DATA_INVALID',
    message: /^Record value schema type must be BYTES, STRING given/,
  })
  encoder.write(record({ value: Buffer.from('x') }), null)
  await encoder.end()
  assert.equal(Buffer.concat(parts).toString(), '1232155,eA==')
})

test('jsonl has a record per line, with the fields in the order of Aiven', async () => {
  const schema = struct({ name: STRING })
  const one = record({
    key: 'k1',
    keySchema: STRING,
    value: { name: 'Smith' },
    valueSchema: schema,
    headers: [{ key: 'h', schema: INT64, value: 5 }],
  })
  assert.equal(
    await written(json('jsonl', all), [one, record({ timestamp: 1_577_836_801_250 })]),
    '{"headers":[{"key":"h","value":5}],"offset":1232155,"value":{"name":"Smith"},"key":"k1","timestamp":"2020-01-01T00:00:01Z"}\n' +
      '{"headers":[],"offset":1232155,"value":null,"key":null,"timestamp":"2020-01-01T00:00:01.250Z"}',
  )
})

test('json is an array of records', async () => {
  const records = [record({ value: 'v0', valueSchema: STRING }), record({ value: { a: 1 } })]
  assert.equal(await written(json('json', ['value']), records), '[\n{"value":"v0"},\n{"value":{"a":1}}\n]')
  assert.equal(await written(json('json', ['value'], false), records), '[\n"v0",\n{"a":1}\n]')
})
