import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { BYTES, STRING, struct, type SinkRecord } from '../../../../api/index.ts'
import { sinkRecord } from '../../../../testing/index.ts'
import { parseConfig } from '../../../../java/index.ts'
import { aivenSinkConfig } from '../definition.ts'
import { aivenSinkPlan } from '../plan.ts'

const plan = (props: Readonly<Record<string, string>> = {}) =>
  aivenSinkPlan(parseConfig(aivenSinkConfig, { 'aws.s3.bucket.name': 'shop-events', ...props }))

const record = (init: Partial<SinkRecord>): SinkRecord =>
  sinkRecord({ topic: 'orders', partition: 0, offset: 5, keySchema: STRING, key: 'a', ...init })

test('objects end at each commit, and after file.max.records', async () => {
  const { rotation, whenExists, latestOnly, nullValues } = await plan({ 'file.max.records': '10' })
  assert.equal(rotation.atCommit, true)
  assert.equal(rotation.flushSize, 10)
  assert.equal((await plan()).rotation.flushSize, null)
  assert.deepEqual([whenExists, latestOnly, nullValues], ['keep', false, 'keep'])
})

test('with an object for each key, the latest record wins', async () => {
  const { rotation, whenExists, latestOnly } = await plan({
    'file.name.template': '{{key}}',
    'file.max.records': '1',
  })
  assert.deepEqual([rotation.flushSize, whenExists, latestOnly], [null, 'keep-newer', true])
})

test('values are in base64 and compressed with gzip by default', async () => {
  const { views } = await plan()
  const [view] = views
  assert.ok(view !== undefined && views.length === 1)
  const parts: Buffer[] = []
  const { schema, value } = view.read(record({ valueSchema: BYTES, value: Buffer.from('x') }))
  const encoder = view.format.open(schema, (bytes) => parts.push(bytes))
  encoder.write(value, schema)
  await encoder.end()
  assert.equal(gunzipSync(Buffer.concat(parts)).toString(), 'eA==')
})

test('Avro has whole records in an envelope, and may be compressed as a whole', async () => {
  const { views, compatibility } = await plan({
    'format.output.type': 'avro',
    'format.output.fields': 'offset,value',
    'avro.codec': 'deflate',
  })
  const [view] = views
  assert.ok(view !== undefined)
  const order = struct({ id: STRING })
  const { schema, value } = view.read(record({ valueSchema: order, value: { id: 'x' } }))
  assert.deepEqual({ ...(value as object) }, { offset: 5, value: { id: 'x' } })
  const parts: Buffer[] = []
  const encoder = view.format.open(schema, (bytes) => parts.push(bytes))
  encoder.write(value, schema)
  assert.ok(encoder.heldBytes > 0)
  await encoder.release()
  await encoder.end()
  assert.equal(gunzipSync(Buffer.concat(parts)).subarray(0, 3).toString(), 'Obj')
  assert.equal(compatibility.mustRotate({ schema: order, value: {} }, schema), true)
})

test('text formats hold records of all schemas', async () => {
  const { compatibility } = await plan({ 'format.output.type': 'jsonl' })
  assert.equal(compatibility.mustRotate({ schema: STRING, value: 'x' }, null), false)
})
