import assert from 'node:assert/strict'
import { test } from 'node:test'
import { STRING } from '../../../../api/index.ts'
import { sinkRecord } from '../../../../testing/index.ts'
import { parseConfig } from '../../../../java/index.ts'
import { s3SinkConfig } from '../definition.ts'
import { unescapeJava } from '../java-escapes.ts'
import { partitionOfKey, sinkPlan } from '../plan.ts'
import { required } from './required.ts'

type Props = Readonly<Record<string, string>>

const FORMAT = 'io.confluent.connect.s3.format.'
const parse = (props: Props) => parseConfig(s3SinkConfig, { ...required, ...props })
const plan = (props: Props = {}) => sinkPlan(parse(props), props)

/** The names of the objects of a record, one for each view. */
async function names(props: Props, directory = 'partition=7'): Promise<string[]> {
  const { views, objectKey } = await plan(props)
  const parts = { topic: 'orders', originalTopic: 'orders', partition: 7, directory, startOffset: 42 }
  return views.map((view) => objectKey(parts, view))
}

test('the name of an object has its topic, partition and first offset', async () => {
  assert.deepEqual(await names({}), ['topics/orders/partition=7/orders+7+0000000042.json'])
  assert.deepEqual(await names({ 'topics.dir': '', 'directory.delim': '_', 'file.delim': '.' }, 'p'), [
    'orders_p_orders.7.0000000042.json',
  ])
  assert.deepEqual(await names({ 's3.compression.type': 'gzip', 'filename.offset.zero.pad.width': '0' }), [
    'topics/orders/partition=7/orders+7+42.json.gz',
  ])
})

test('keys and headers have objects of their own, with the extensions of their formats', async () => {
  const stored = { 'store.kafka.keys': 'true', 'store.kafka.headers': 'true' }
  assert.deepEqual(await names({ ...stored, 'headers.format.class': `${FORMAT}json.JsonFormat` }), [
    'topics/orders/partition=7/orders+7+0000000042.json',
    'topics/orders/partition=7/orders+7+0000000042.keys.avro',
    'topics/orders/partition=7/orders+7+0000000042.headers.json',
  ])
})

test('headers in JSON are a field of an object, keys are not', async () => {
  const json = `${FORMAT}json.JsonFormat`
  const { views } = await plan({
    'store.kafka.keys': 'true',
    'store.kafka.headers': 'true',
    'keys.format.class': json,
    'headers.format.class': json,
  })
  const record = sinkRecord({
    topic: 'orders',
    partition: 0,
    offset: 0,
    key: 'k',
    keySchema: STRING,
    headers: [{ key: 'h', schema: STRING, value: 'x' }],
  })
  assert.deepEqual(
    views.slice(1).map(({ read }) => read(record).value),
    ['k', { headers: [{ key: 'h', value: 'x' }] }],
  )
})

test('the separator of bytes is used with its white space', async () => {
  const written = async (props: Props) => {
    const { views } = await plan({ 'format.class': `${FORMAT}bytearray.ByteArrayFormat`, ...props })
    const parts: Buffer[] = []
    const encoder = views[0]?.format.open(null, (bytes) => parts.push(bytes))
    encoder?.write(Buffer.from('a'), null)
    await encoder?.end()
    return [Buffer.concat(parts).toString(), views[0]?.format.extension]
  }
  assert.deepEqual(await written({}), ['a\n', '.bin'])
  assert.deepEqual(
    await written({ 'format.bytearray.separator': ' |\\t', 'format.bytearray.extension': '.dat' }),
    ['a |\t', '.dat'],
  )
})

test('escape sequences of Java are replaced', () => {
  assert.equal(unescapeJava(String.raw`a\n\t\\\u000d\12\q\"`), 'a\n\t\\\r\nq"')
  assert.equal(unescapeJava('plain\\'), 'plain\\')
})

test('existing objects are kept unless conditions are turned off; limits of time are optional', async () => {
  const usual = await plan()
  assert.deepEqual([usual.whenExists, usual.maxPutMs, usual.latestOnly], ['keep', null, false])
  const other = await plan({ 'enable.conditional.writes': 'false', 'max.write.duration.ms': '60000' })
  assert.deepEqual([other.whenExists, other.maxPutMs], ['replace', 60_000])
})

test('the partition of an object is known by its name, and by nothing else', () => {
  const find = partitionOfKey(parse({}))
  assert.deepEqual(find('topics/orders/partition=7/orders+7+0000000042.keys.avro'), {
    topic: 'orders',
    partition: 7,
  })
  assert.equal(find('topics/orders/readme.txt'), undefined)
  assert.equal(find('other/orders/partition=7/orders+7+0000000042.json'), undefined)
})
