import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createTopics, readTopic, writeTopic, type TopicRecord } from '../s3/restore/topic-records.ts'
import {
  distributedProps,
  launchWorker,
  searchDocuments,
  searchRequest,
  sharedElasticsearch,
  sharedKafka,
  uniqueName,
  waitFor,
  type SearchDocument,
} from '../services/index.ts'

const servers = await sharedKafka()
const address = await sharedElasticsearch()
const worker = await launchWorker({ props: distributedProps(servers) })
after(() => worker.stop())

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter'
const TIMEOUT_MS = 60_000

/** A record of partition 0. Its value is a JSON text. */
const record = (key: string | null, value: object | string | null): TopicRecord => ({
  partition: 0,
  key,
  value: typeof value === 'object' && value !== null ? JSON.stringify(value) : value,
  headers: {},
})

async function sinkOf(topic: string, props: Readonly<Record<string, string>> = {}): Promise<void> {
  await createTopics(servers, [topic], 1)
  const login = address.login
  await worker.rest.put(topic, {
    'connector.class': 'ElasticsearchSink',
    'tasks.max': '1',
    'topics': topic,
    'connection.url': address.url,
    ...(login === null ? {} : { 'connection.username': login.user, 'connection.password': login.password }),
    'value.converter': JSON_CONVERTER,
    'value.converter.schemas.enable': 'false',
    'schema.ignore': 'true',
    ...props,
  })
}

/** Waits until an index has certain documents. */
function untilStored(index: string, isComplete: (documents: ReadonlyMap<string, SearchDocument>) => boolean) {
  let last = 'no index'
  return waitFor(
    async () => {
      const { status } = await searchRequest(address, 'HEAD', `/${index}`)
      if (status === 404) return undefined
      const documents = await searchDocuments(address, index)
      last = JSON.stringify([...documents.values()].map(({ _id, _source }) => [_id, _source]))
      return isComplete(documents) ? documents : undefined
    },
    { timeoutMs: TIMEOUT_MS, what: () => `the documents of ${index}; there are ${last}` },
  )
}

const sources = (documents: ReadonlyMap<string, SearchDocument>) =>
  [...documents.values()]
    .toSorted((one, other) => one._id.localeCompare(other._id))
    .map(({ _id, _source }) => [_id, _source])

interface Status {
  /** Missing until the connector is known. */
  readonly tasks?: readonly { readonly state: string; readonly trace?: string }[]
}

test('inserts replace documents, and null values delete them', async () => {
  const topic = uniqueName('inserts')
  await sinkOf(topic, { 'behavior.on.null.values': 'delete' })
  await writeTopic(servers, topic, [
    record('a', { price: 1, note: 'old' }),
    record('b', { price: 2 }),
    record('a', { price: 3 }),
    record('b', null),
    record('c', { price: 4 }),
  ])
  const documents = await untilStored(topic, (found) => found.has('c'))
  assert.deepEqual(sources(documents), [
    ['a', { price: 3 }],
    ['c', { price: 4 }],
  ])
  assert.equal(documents.get('a')?._version, 2, 'the version is the offset')
})

test('upserts change fields and keep the others', async () => {
  const topic = uniqueName('upserts')
  await sinkOf(topic, { 'write.method': 'UPSERT', 'behavior.on.null.values': 'delete' })
  await writeTopic(servers, topic, [
    record('a', { price: 1, note: 'kept' }),
    record('b', { price: 2 }),
    record('a', { price: 3 }),
    record('b', null),
    record('c', { price: 4 }),
  ])
  assert.deepEqual(sources(await untilStored(topic, (found) => found.has('c'))), [
    ['a', { note: 'kept', price: 3 }],
    ['c', { price: 4 }],
  ])
})

test('a schema becomes the mapping of a new index', async () => {
  const topic = uniqueName('schemas')
  await sinkOf(topic, { 'schema.ignore': 'false', 'value.converter.schemas.enable': 'true' })
  const schema = {
    type: 'struct',
    fields: [
      { field: 'name', type: 'string' },
      { field: 'stock', type: 'int32' },
    ],
  }
  await writeTopic(servers, topic, [record('a', { schema, payload: { name: 'cup', stock: 3 } })])
  await untilStored(topic, (found) => found.has('a'))
  const { body } = await searchRequest(address, 'GET', `/${topic}/_mapping`)
  const mapping = (body as Record<string, { mappings: { properties: Record<string, object> } }>)[topic]
  assert.deepEqual(mapping?.mappings.properties, {
    name: { type: 'text', fields: { keyword: { type: 'keyword', ignore_above: 256 } } },
    stock: { type: 'integer' },
  })
})

test('a document that does not fit is reported alone, with the reason, and the others are written', async () => {
  const topic = uniqueName('malformed')
  const letters = `${topic}-dead`
  await createTopics(servers, [letters], 1)
  await sinkOf(topic, {
    'behavior.on.malformed.documents': 'warn',
    'behavior.on.null.values': 'ignore',
    'drop.invalid.message': 'true',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': letters,
    'errors.deadletterqueue.context.headers.enable': 'true',
  })
  await writeTopic(servers, topic, [
    record('a', { price: 1 }),
    record('b', { price: 'dear' }),
    record('c', null),
    record('', { price: 4 }),
    record('e', { price: 5 }),
  ])
  const documents = await untilStored(topic, (found) => found.has('e'))
  assert.deepEqual(new Set(documents.keys()), new Set(['a', 'e']))
  const reported = await readTopic(servers, letters, (found) => found.length === 3)
  const reasons = new Map(
    reported.map(({ key, headers }) => [key, headers['__connect.errors.exception.message']]),
  )
  assert.deepEqual(new Set(reasons.keys()), new Set(['', 'b', 'c']))
  assert.match(reasons.get('b') ?? '', /the field 'price' does not fit its mapping as long/)
  assert.match(reasons.get('c') ?? '', /null valued record/)
})

test('a document that does not fit fails the task, which names the record and the field', async () => {
  const topic = uniqueName('failing')
  await sinkOf(topic)
  await writeTopic(servers, topic, [record('a', { price: 1 }), record('b', { price: 'dear' })])
  const trace = await waitFor(
    async () => {
      const { body } = await worker.rest.get<Status>(`/connectors/${topic}/status`)
      const [task] = body.tasks ?? []
      return task?.state === 'FAILED' ? task.trace : undefined
    },
    { timeoutMs: TIMEOUT_MS, what: 'the task to fail' },
  )
  assert.match(trace, new RegExp(`offset 1 of ${topic}-0: the value of the field 'price' does not fit`))
})

test('indexes are named by a template', async () => {
  const topic = uniqueName('named')
  await sinkOf(topic, { 'headrace.index.name': '${topic}-${field:country}', 'key.ignore': 'true' })
  await writeTopic(servers, topic, [record(null, { country: 'NL' }), record(null, { country: 'at' })])
  assert.deepEqual([...(await untilStored(`${topic}-nl`, ({ size }) => size === 1)).keys()], [`${topic}+0+0`])
  assert.deepEqual([...(await untilStored(`${topic}-at`, ({ size }) => size === 1)).keys()], [`${topic}+0+1`])
})

test('settings are validated with the server', async () => {
  const name = uniqueName('invalid')
  const created = worker.rest.put(name, {
    'connector.class': 'io.confluent.connect.elasticsearch.ElasticsearchSinkConnector',
    'topics': name,
    'connection.url': 'http://127.0.0.1:1',
  })
  await assert.rejects(created, /returned 400.*Could not connect to Elasticsearch\. .*connection refused/)
})
