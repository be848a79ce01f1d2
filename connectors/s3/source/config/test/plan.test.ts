import assert from 'node:assert/strict'
import { test } from 'node:test'
import { planOf } from './settings.ts'

const ORDERS = 'topics/orders/partition=2/orders+2+0000000000'
const generic = { mode: 'generic', topic: 'all' }

test('by default, objects of the sink are restored to their topics and partitions, in the format of their extension', () => {
  const plan = planOf({})
  assert.deepEqual(plan.roots, ['topics/'])
  const name = plan.naming.parse(`${ORDERS}.json.gz`)
  assert.ok(name)
  assert.deepEqual(plan.destinationOf(name), { topic: 'orders', partition: 2 })
  for (const end of ['.json', '.json.gz', '.bin', '.snappy.parquet', '.avro', '.txt.zst']) {
    plan.readerOf(ORDERS + end, 'value')
  }
  plan.readerOf(`${ORDERS}.keys.parquet`, 'keys')
  plan.readerOf(`${ORDERS}.json`, 'value')
  assert.deepEqual(plan.created, [
    'json none value',
    'json gzip value',
    'bytes none value',
    'parquet none value',
    'avro none value',
    'text zstd value',
    'parquet none keys',
  ])
  assert.equal(plan.naming.parse(`${ORDERS}.xml`), undefined)
  assert.equal(plan.naming.parse('topics/orders/notes.json'), undefined)
})

test('a format leaves out objects with other extensions, but not those with keys and headers', () => {
  for (const format of ['avro', 'io.confluent.connect.s3.format.avro.AvroFormat']) {
    const { naming } = planOf({ 'format.class': format })
    assert.equal(naming.parse(`${ORDERS}.json`), undefined)
    assert.ok(naming.parse(`${ORDERS}.avro`))
    assert.ok(naming.parse(`${ORDERS}.headers.json`))
  }
})

test('topic renames topics, and partitions can be left to the producer', () => {
  const plan = planOf({ 'topic': 'restored-${topic}', 'headrace.s3.keep.partitions': 'false' })
  const name = plan.naming.parse(`${ORDERS}.json`)
  assert.ok(name)
  assert.deepEqual(plan.destinationOf(name), { topic: 'restored-orders', partition: null })
})

test('with GENERIC, expressions choose topics for any key, and the rest goes to topic', () => {
  const plan = planOf({ 'mode': 'GENERIC', 'topic.regex.list': String.raw`a:.*/x/.*\.json,b:.*\.json` })
  const topicOf = (key: string) => {
    const name = plan.naming.parse(key)
    return name && plan.destinationOf(name)
  }
  assert.deepEqual(topicOf('topics/x/1.json'), { topic: 'a', partition: null })
  assert.deepEqual(topicOf('topics/y/1.json'), { topic: 'b', partition: null })
  assert.equal(topicOf('topics/y/1.json.gz'), undefined)
  assert.deepEqual(topicOf(`${ORDERS}.json`), { topic: 'b', partition: 2 })
  assert.equal(planOf(generic).naming.parse('topics/1.txt')?.topic, 'all')
})

test('with GENERIC, a format applies to all extensions', () => {
  const plan = planOf({ ...generic, 'format.class': 'json', 's3.compression.type': 'gzip' })
  assert.ok(plan.naming.parse('topics/a.dat'))
  plan.readerOf('topics/a.dat', 'value')
  assert.deepEqual(plan.created, ['json gzip value'])
})

test('directories replace topics.dir, and an empty topics.dir is the whole bucket', () => {
  assert.deepEqual(planOf({ folders: 'topics/a,topics/b/' }).roots, ['topics/a/', 'topics/b/'])
  assert.deepEqual(planOf({ 'topics.dir': '' }).roots, [''])
  assert.ok(planOf({ 'topics.dir': '' }).naming.parse('orders/partition=2/orders+2+0.json'))
})
