import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gzipSync } from 'node:zlib'
import {
  createBucket,
  createTopics,
  distributedProps,
  readTopic,
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  writeTopic,
  type Bucket,
  type HeadraceWorker,
  type TopicRecord,
} from '../services/index.ts'

const PARTITIONS = 3
const STRING_CONVERTER = 'org.apache.kafka.connect.storage.StringConverter'
const BYTES_CONVERTER = 'org.apache.kafka.connect.converters.ByteArrayConverter'
const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'
const FORMAT = 'io.confluent.connect.s3.format'

type Config = Readonly<Record<string, string>>

/** Settings of a source of a bucket, which lists it often. */
const sourceOf = (bucket: Bucket, more: Config = {}): Config => ({
  'connector.class': 'io.confluent.connect.s3.source.S3SourceConnector',
  'tasks.max': '2',
  's3.poll.interval.ms': '500',
  'headrace.s3.late.wait.ms': '2000',
  'topic': 'restored-${topic}',
  ...bucket.props,
  ...more,
})

const schema = {
  type: 'struct',
  optional: false,
  name: 'Order',
  fields: [
    { field: 'number', type: 'int64', optional: false },
    { field: 'text', type: 'string', optional: true },
    { field: 'tags', type: 'array', optional: false, items: { type: 'string', optional: false } },
    {
      field: 'at',
      type: 'int64',
      optional: false,
      name: 'org.apache.kafka.connect.data.Timestamp',
      version: 1,
    },
  ],
}

const payload = (number: number) => ({
  number,
  text: number % 5 === 0 ? null : `order ${number}, «é»`,
  tags: number % 2 === 0 ? [] : ['a', String(number)],
  at: 1_700_000_000_000 + number,
})

interface Case {
  readonly format: string
  readonly config: Config
  readonly valueOf: (number: number) => string
}

const plain = { 'value.converter': JSON_CONVERTER, 'value.converter.schemas.enable': 'false' }
const withSchemas = { 'value.converter': JSON_CONVERTER, 'value.converter.schemas.enable': 'true' }
const text = (number: number) => JSON.stringify(payload(number))
const enveloped = (number: number) => JSON.stringify({ schema, payload: payload(number) })

const cases: readonly Case[] = [
  { format: 'json.JsonFormat', config: plain, valueOf: text },
  { format: 'json.JsonFormat', config: { ...plain, 's3.compression.type': 'gzip' }, valueOf: text },
  { format: 'bytearray.ByteArrayFormat', config: { 'value.converter': BYTES_CONVERTER }, valueOf: text },
  { format: 'avro.AvroFormat', config: withSchemas, valueOf: enveloped },
  { format: 'parquet.ParquetFormat', config: withSchemas, valueOf: enveloped },
]

/** The part of a value that must be equal: names in schemas may change. */
const dataOf = (value: string | null): unknown => {
  const parsed = JSON.parse(value ?? 'null') as { readonly payload?: unknown }
  return parsed.payload ?? parsed
}

const ofPartition = (records: readonly TopicRecord[], partition: number) =>
  records
    .filter((record) => record.partition === partition)
    .map(({ key, value, headers }) => ({ key, headers, data: dataOf(value) }))

for (const { format, config, valueOf } of cases) {
  const name = `${format} ${config['s3.compression.type'] ?? ''}`.trim()
  test(`what the sink wrote with ${name} comes back equal, into the same partitions`, async (t) => {
    const kafka = await sharedKafka()
    const bucket = await createBucket()
    t.after(() => bucket.drop())
    const topic = uniqueName('orders')
    await createTopics(kafka, [topic, `restored-${topic}`], PARTITIONS)
    const records = Array.from({ length: 600 }, (_, number) => ({
      partition: number % PARTITIONS,
      key: `k${number}`,
      value: valueOf(number),
      headers: { number: `h${number}` },
    }))
    await writeTopic(kafka, topic, records)
    const worker = await startWorker(t, { props: distributedProps(kafka) })
    await worker.rest.put(`${topic}-sink`, {
      'connector.class': 'io.confluent.connect.s3.S3SinkConnector',
      'storage.class': 'io.confluent.connect.s3.storage.S3Storage',
      'topics': topic,
      'tasks.max': '2',
      'format.class': `${FORMAT}.${format}`,
      'flush.size': '50',
      'store.kafka.keys': 'true',
      'store.kafka.headers': 'true',
      'keys.format.class': `${FORMAT}.json.JsonFormat`,
      'headers.format.class': `${FORMAT}.json.JsonFormat`,
      ...bucket.props,
      ...config,
    })
    // Source settings are those of the sink, as far as both have them
    await worker.rest.put(
      `${topic}-source`,
      sourceOf(bucket, {
        'format.class': `${FORMAT}.${format}`,
        'store.kafka.keys': 'true',
        ...converters(config),
      }),
    )
    const restored = await readTopic(kafka, `restored-${topic}`, (all) => all.length >= records.length)
    assert.equal(restored.length, records.length)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      assert.deepEqual(ofPartition(restored, partition), ofPartition(records, partition))
    }
  })
}

const converters = (config: Config): Config =>
  Object.fromEntries(Object.entries(config).filter(([key]) => key.startsWith('value.converter')))

const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index}\n`).join('')

const textSource = (bucket: Bucket, more: Config = {}): Config =>
  sourceOf(bucket, { 'value.converter': STRING_CONVERTER, ...more })

const objectKey = (topic: string, partition: number, start: number, end = '.txt'): string =>
  `topics/${topic}/partition=${partition}/${topic}+${partition}+${String(start).padStart(10, '0')}${end}`

test('a source whose worker is killed in the middle of an object continues there', async (t) => {
  const kafka = await sharedKafka()
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const topic = uniqueName('lines')
  const total = 400_000
  await createTopics(kafka, [`restored-${topic}`], 1)
  await bucket.put(objectKey(topic, 0, 0, '.txt.gz'), gzipSync(lines(0, total)))
  const props = distributedProps(kafka)
  const config = textSource(bucket, { 'record.batch.max.size': '500' })
  const killed = await startWorker(t, { props })
  await killed.rest.put(topic, config)
  await offsetOf(killed, topic, (records) => records > 0)
  await killed.kill()
  const next = await startWorker(t, { props })
  const resumed = await offsetOf(next, topic, (records) => records > 0)
  t.diagnostic(`stored position at the restart: ${resumed}`)
  const all = await readTopic(
    kafka,
    `restored-${topic}`,
    (records) => records.at(-1)?.value === `line ${total - 1}`,
  )
  assert.equal(new Set(all.map(({ value }) => value)).size, total)
  assert.ok(all.length < 2 * total, `${all.length} records were written`)
})

/** Waits until the stored number of records of the only series is accepted. */
async function offsetOf(
  worker: HeadraceWorker,
  connector: string,
  accepts: (records: number) => boolean,
): Promise<number> {
  interface Offsets {
    readonly offsets: readonly { readonly offset: { readonly records: number } }[]
  }
  return waitFor(
    async () => {
      const { body } = await worker.rest.get<Offsets>(`/connectors/${connector}/offsets`)
      const records = body.offsets?.[0]?.offset.records ?? 0
      return accepts(records) ? records : undefined
    },
    { timeoutMs: 60_000, what: `a stored offset of ${connector}` },
  )
}

test('new objects are read, with changing numbers of tasks, without repeating any', async (t) => {
  const kafka = await sharedKafka()
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const topic = uniqueName('lines')
  await createTopics(kafka, [`restored-${topic}`], PARTITIONS)
  const worker = await startWorker(t, { props: distributedProps(kafka) })
  let start = 0
  for (const tasks of [2, 1, 3]) {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      for (let object = 0; object < 4; object++) {
        const from = start + object * 10
        await bucket.put(objectKey(topic, partition, from), lines(from, from + 10))
      }
    }
    start += 40
    await worker.rest.put(topic, textSource(bucket, { 'tasks.max': String(tasks) }))
    await worker.rest.untilState(topic, 'RUNNING', { tasks })
    const expected = PARTITIONS * start
    const all = await readTopic(kafka, `restored-${topic}`, (records) => records.length >= expected)
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const values = all.filter((record) => record.partition === partition).map(({ value }) => `${value}\n`)
      assert.equal(values.join(''), lines(0, start))
    }
  }
})

test('objects with any names are read into topics by their names, and a damaged one can be left out', async (t) => {
  const kafka = await sharedKafka()
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const topic = uniqueName('logs')
  await createTopics(kafka, [topic], 1)
  for (let index = 0; index < 30; index++) {
    await bucket.put(`in/${index % 3}/file-${index}.json`, `{"index":${index}}\n`)
  }
  await bucket.put('in/damaged.json', '{"index":100}\n{"index":')
  await bucket.put('in/other.csv', 'a,b\n')
  const worker = await startWorker(t, { props: distributedProps(kafka) })
  await worker.rest.put(topic, {
    ...sourceOf(bucket, plain),
    'mode': 'GENERIC',
    'topics.dir': 'in',
    'topic': topic,
    'behavior.on.error': 'ignore',
  })
  const first = await readTopic(kafka, topic, (records) => records.length >= 31)
  await bucket.put('in/0/a-new-one.json.gz', gzipSync('{"index":200}\n'))
  const all = await readTopic(kafka, topic, (records) => records.length > first.length)
  const indexes = all.map(({ value }) => (JSON.parse(value ?? '') as { index: number }).index)
  const expected = [...Array.from({ length: 30 }, (_, index) => index), 100, 200]
  assert.deepEqual(
    indexes.toSorted((a, b) => a - b),
    expected,
  )
})

test('a bucket that does not exist fails the task with one clear sentence', async (t) => {
  const kafka = await sharedKafka()
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const worker = await startWorker(t, { props: distributedProps(kafka) })
  const name = uniqueName('source')
  await worker.rest.put(name, textSource(bucket, { 's3.bucket.name': `${bucket.name}-missing` }))
  assert.match(
    await worker.rest.untilTaskFailed(name),
    /Cannot list the objects of bucket .*-missing.*NoSuchBucket/,
  )
})
