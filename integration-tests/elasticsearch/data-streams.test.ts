import assert from 'node:assert/strict'
import { after, test, type TestContext } from 'node:test'
import {
  distributedProps,
  launchWorker,
  searchRequest,
  sharedElasticsearch,
  sharedKafka,
  uniqueName,
  type SearchDocument,
} from '../services/index.ts'
import { jsonRecord, topicSinks } from './pipeline/topic-sink.ts'

const kafka = await sharedKafka()
const address = await sharedElasticsearch()
const worker = await launchWorker({ props: distributedProps(kafka) })
after(() => worker.stop())
const { start, write, untilStored } = topicSinks(kafka, address, worker)

const records = [
  jsonRecord('a', { price: 1, at: '2026-01-02T03:04:05Z' }),
  jsonRecord('b', { price: 2, at: '2026-01-02T03:04:06Z' }),
  jsonRecord('c', { price: 3, at: '2026-01-02T03:04:07Z' }),
]

/** Datasets have no dashes. */
const uniqueDataset = (what: string) => uniqueName(what).replace('-', '.')

const streamSettings = (dataset: string) => ({
  'data.stream.type': 'logs',
  'data.stream.dataset': dataset,
  'data.stream.timestamp.field': 'at',
})

/** Data streams with this dataset can be created. */
async function createTemplate(dataset: string): Promise<void> {
  const { status } = await searchRequest(address, 'PUT', `/_index_template/${dataset}`, {
    index_patterns: [`logs-${dataset}-*`],
    data_stream: {},
    priority: 500,
  })
  assert.equal(status, 200)
}

/** Elasticsearch from Maven lacks the request that creates a data stream, but the first document creates one. */
async function createStream(stream: string): Promise<void> {
  const action = [{ create: { _index: stream, _id: 'first' } }, { '@timestamp': '2026-01-01T00:00:00Z' }]
  const { body } = await searchRequest(address, 'POST', '/_bulk?refresh=true', action)
  assert.equal((body as { errors: boolean }).errors, false, JSON.stringify(body))
}

function removeAtEnd(t: TestContext, stream: string, template: string): void {
  t.after(async () => {
    await searchRequest(address, 'DELETE', `/_data_stream/${stream}`)
    await searchRequest(address, 'DELETE', `/_index_template/${template}`)
  })
}

const contents = (documents: ReadonlyMap<string, SearchDocument>) =>
  [...documents.values()]
    .toSorted((one, other) => one._id.localeCompare(other._id))
    .map(({ _id, _source }) => [_id, _source['price'], _source['@timestamp']])

const expected = [
  ['a', 1, '2026-01-02T03:04:05Z'],
  ['b', 2, '2026-01-02T03:04:06Z'],
  ['c', 3, '2026-01-02T03:04:07Z'],
]

test('an existing data stream is written to, with each document once', async (t) => {
  const dataset = uniqueDataset('existing')
  const topic = uniqueName('stream')
  const stream = `logs-${dataset}-${topic}`
  await createTemplate(dataset)
  await createStream(stream)
  removeAtEnd(t, stream, dataset)
  await start(topic, streamSettings(dataset))
  await write(topic, [...records, jsonRecord('a', { price: 4, at: '2026-01-02T03:04:08Z' })])
  const stored = await untilStored(stream, ({ size }) => size === 4)
  assert.deepEqual(contents(stored).slice(0, 3), expected)
})

test('topics are written to aliases of data streams, also after a rollover', async (t) => {
  const dataset = uniqueDataset('aliased')
  const topic = uniqueName('stream')
  const [stream, alias] = [`logs-${dataset}-of-alias`, uniqueName('alias')]
  await createTemplate(dataset)
  await createStream(stream)
  removeAtEnd(t, stream, dataset)
  await searchRequest(address, 'POST', '/_aliases', {
    actions: [{ add: { index: stream, alias, is_write_index: true } }],
  })
  await start(topic, {
    'external.resource.usage': 'ALIAS_DATASTREAM',
    'topic.to.external.resource.mapping': `${topic}:${alias}`,
    'data.stream.timestamp.field': 'at',
  })
  await write(topic, records.slice(0, 2))
  await untilStored(alias, (documents) => documents.has('b'))
  assert.equal((await searchRequest(address, 'POST', `/${stream}/_rollover`)).status, 200)
  await write(topic, records.slice(2))
  const stored = await untilStored(alias, (documents) => documents.has('c'))
  assert.deepEqual(contents(stored).slice(0, 3), expected)
})
