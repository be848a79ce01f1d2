import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  distributedProps,
  launchWorker,
  observeSink,
  searchRequest,
  sharedKafka,
  sharedOpenSearch,
  startSearchProxy,
  uniqueName,
} from '../services/index.ts'
import { jsonRecord, topicSinks } from './pipeline/topic-sink.ts'

const servers = await sharedKafka()
const address = await sharedOpenSearch()
const worker = await launchWorker({ props: distributedProps(servers) })
after(() => worker.stop())

const { write, untilStored } = topicSinks(servers, address, worker)
const CONNECTOR = 'io.aiven.kafka.connect.opensearch.OpensearchSinkConnector'

/** Starts a sink on the server, or on a proxy of it. */
function startSink(
  topic: string,
  props: Readonly<Record<string, string>>,
  url: string = address.url,
): Promise<void> {
  const sinks = topicSinks(servers, { ...address, url }, worker)
  return sinks.start(topic, { 'connector.class': CONNECTOR, ...props })
}

for (const method of ['insert', 'upsert']) {
  test(`Aiven's sink writes to OpenSearch: ${method} and delete`, async () => {
    const topic = uniqueName(method)
    await startSink(topic, { 'index.write.method': method, 'behavior.on.null.values': 'delete' })
    await write(topic, [
      jsonRecord('a', { price: 1, note: 'old' }),
      jsonRecord('b', { price: 2 }),
      jsonRecord('a', { price: 3 }),
      jsonRecord('b', null),
      jsonRecord('c', { price: 4 }),
    ])
    const documents = await untilStored(topic, (found) => found.has('c'))
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
  await startSink(topic, {
    'data.stream.enabled': 'true',
    'data.stream.prefix': 'logs',
    'key.ignore': 'true',
  })
  const own = '2026-11-29T12:00:00.000Z'
  await write(topic, [jsonRecord('a', { price: 1 }), jsonRecord('a', { 'price': 2, '@timestamp': own })])

  const documents = await untilStored(name, ({ size }) => size === 2)
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
  await startSink(topic, {
    'data.stream.enabled': 'true',
    'data.stream.timestamp.field': 'placed_at',
    'data.streams.existing.index.template.name': template,
    'key.ignore': 'true',
  })
  await write(topic, [jsonRecord('a', { placed_at: 1_795_953_601_338 })])

  const documents = await untilStored(topic, ({ size }) => size === 1)
  assert.deepEqual(documents.get(`${topic}+0+0`)?._source, { placed_at: 1_795_953_601_338 })
  assert.deepEqual(await streamOf(topic), { template, timestampField: 'placed_at' })
})

test('a replay to a data stream after a lost answer is a success', async (t) => {
  const topic = uniqueName('stream')
  const name = `logs-${topic}`
  const proxy = await startSearchProxy(address.url)
  t.after(async () => {
    await proxy.close()
    await searchRequest(address, 'DELETE', `/_data_stream/${name}`)
    await searchRequest(address, 'DELETE', `/_index_template/${name}-connector-data-stream-template`)
  })
  proxy.fail('POST _bulk', { kind: 'lost-answer' })
  const props = { 'data.stream.enabled': 'true', 'data.stream.prefix': 'logs' }
  await startSink(topic, props, proxy.endpoint)
  await write(topic, [jsonRecord('a', { price: 1 }), jsonRecord('b', { price: 2 })])

  const sink = observeSink({ name: topic, worker: () => worker, partitions: 1, config: {} })
  await sink.untilCommitted([2])
  assert.deepEqual([...(await untilStored(name, ({ size }) => size === 2)).keys()].toSorted(), ['a', 'b'])
  const metrics = await sink.metrics()
  assert.equal(metrics['documents_refused'] ?? 0, 0)
  assert.ok((metrics['operations_superseded'] ?? 0) > 0)
})
