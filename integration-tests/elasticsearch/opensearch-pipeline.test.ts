import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTopics, writeTopic, type TopicRecord } from '../s3/restore/topic-records.ts'
import {
  distributedProps,
  launchWorker,
  searchDocuments,
  searchRequest,
  sharedKafka,
  sharedOpenSearch,
  uniqueName,
  waitFor,
} from '../services/index.ts'

const servers = await sharedKafka()
const address = await sharedOpenSearch()
const worker = await launchWorker({ props: distributedProps(servers) })
after(() => worker.stop())

const record = (key: string, value: object | null): TopicRecord => ({
  partition: 0,
  key,
  value: value === null ? null : JSON.stringify(value),
  headers: {},
})

async function sinkOf(topic: string, props: Readonly<Record<string, string>>): Promise<void> {
  await createTopics(servers, [topic], 1)
  await worker.rest.put(topic, {
    'connector.class': 'io.aiven.kafka.connect.opensearch.OpensearchSinkConnector',
    'topics': topic,
    'connection.url': address.url,
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'schema.ignore': 'true',
    ...props,
  })
}

/** Waits until an index or a data stream has this number of documents. */
function untilStored(name: string, count: number) {
  return waitFor(
    async () => {
      if ((await searchRequest(address, 'HEAD', `/${name}`)).status === 404) return undefined
      const found = await searchDocuments(address, name)
      return found.size === count ? found : undefined
    },
    { timeoutMs: 60_000, what: `${count} documents of ${name}` },
  )
}

for (const method of ['insert', 'upsert']) {
  test(`Aiven's sink writes to OpenSearch: ${method} and delete`, async () => {
    const topic = uniqueName(method)
    await sinkOf(topic, { 'index.write.method': method, 'behavior.on.null.values': 'delete' })
    await writeTopic(servers, topic, [
      record('a', { price: 1, note: 'old' }),
      record('b', { price: 2 }),
      record('a', { price: 3 }),
      record('b', null),
      record('c', { price: 4 }),
    ])
    const documents = await waitFor(
      async () => {
        if ((await searchRequest(address, 'HEAD', `/${topic}`)).status === 404) return undefined
        const found = await searchDocuments(address, topic)
        return found.has('c') ? found : undefined
      },
      { timeoutMs: 60_000, what: 'the last document' },
    )
    assert.deepEqual(
      documents.get('a')?._source,
      method === 'insert' ? { price: 3 } : { note: 'old', price: 3 },
    )
    assert.equal(documents.has('b'), false)
  })
}

interface StreamAnswer {
  readonly data_streams: readonly {
    readonly template: string
    readonly timestamp_field: { readonly name: string }
  }[]
}

async function streamOf(name: string) {
  const { body } = await searchRequest(address, 'GET', `/_data_stream/${name}`)
  const [stream] = (body as StreamAnswer).data_streams
  return { template: stream?.template, timestampField: stream?.timestamp_field.name }
}

test("Aiven's sink creates a data stream with its template, and adds documents to it", async (t) => {
  const topic = uniqueName('stream')
  const name = `logs-${topic}`
  const template = `${name}-connector-data-stream-template`
  t.after(async () => {
    await searchRequest(address, 'DELETE', `/_data_stream/${name}`)
    await searchRequest(address, 'DELETE', `/_index_template/${template}`)
  })
  await sinkOf(topic, {
    'data.stream.enabled': 'true',
    'data.stream.prefix': 'logs',
    'key.ignore': 'true',
  })
  const own = '2026-11-29T12:00:00.000Z'
  await writeTopic(servers, topic, [
    record('a', { price: 1 }),
    record('a', { 'price': 2, '@timestamp': own }),
  ])

  const documents = await untilStored(name, 2)
  const first = documents.get(`${topic}+0+0`)?._source
  assert.equal(typeof first?.['@timestamp'], 'number', 'the timestamp of the record')
  assert.deepEqual(documents.get(`${topic}+0+1`)?._source, { 'price': 2, '@timestamp': own })
  assert.deepEqual(await streamOf(name), { template, timestampField: '@timestamp' })
})

test('the timestamp of a data stream can be another field, and its template another one', async (t) => {
  const topic = uniqueName('stream')
  const template = uniqueName('template')
  t.after(async () => {
    await searchRequest(address, 'DELETE', `/_data_stream/${topic}`)
    await searchRequest(address, 'DELETE', `/_index_template/${template}`)
  })
  await searchRequest(address, 'PUT', `/_index_template/${template}`, {
    index_patterns: [`${topic}*`],
    data_stream: { timestamp_field: { name: 'placed_at' } },
  })
  await sinkOf(topic, {
    'data.stream.enabled': 'true',
    'data.stream.timestamp.field': 'placed_at',
    'data.streams.existing.index.template.name': template,
    'key.ignore': 'true',
  })
  await writeTopic(servers, topic, [record('a', { placed_at: 1_795_953_601_338 })])

  const documents = await untilStored(topic, 1)
  assert.deepEqual(documents.get(`${topic}+0+0`)?._source, { placed_at: 1_795_953_601_338 })
  assert.deepEqual(await streamOf(topic), { template, timestampField: 'placed_at' })
})
