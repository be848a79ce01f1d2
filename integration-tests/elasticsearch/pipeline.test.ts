import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  committedOffsets,
  createTopics,
  distributedProps,
  launchWorker,
  readTopic,
  searchRequest,
  sharedElasticsearch,
  sharedKafka,
  uniqueName,
  waitFor,
  type SearchDocument,
} from '../services/index.ts'
import { jsonRecord, topicSinks } from './pipeline/topic-sink.ts'

const servers = await sharedKafka()
const address = await sharedElasticsearch()
const worker = await launchWorker({ props: distributedProps(servers) })
after(() => worker.stop())

const TIMEOUT_MS = 60_000
const { start, write, untilStored } = topicSinks(servers, address, worker)

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
  await start(topic, { 'behavior.on.null.values': 'delete' })
  await write(topic, [
    jsonRecord('a', { price: 1, note: 'old' }),
    jsonRecord('b', { price: 2 }),
    jsonRecord('a', { price: 3 }),
    jsonRecord('b', null),
    jsonRecord('c', { price: 4 }),
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
  await start(topic, { 'write.method': 'UPSERT', 'behavior.on.null.values': 'delete' })
  await write(topic, [
    jsonRecord('a', { price: 1, note: 'kept' }),
    jsonRecord('b', { price: 2 }),
    jsonRecord('a', { price: 3 }),
    jsonRecord('b', null),
    jsonRecord('c', { price: 4 }),
  ])
  assert.deepEqual(sources(await untilStored(topic, (found) => found.has('c'))), [
    ['a', { note: 'kept', price: 3 }],
    ['c', { price: 4 }],
  ])
})

test('a schema becomes the mapping of a new index', async () => {
  const topic = uniqueName('schemas')
  await start(topic, { 'schema.ignore': 'false', 'value.converter.schemas.enable': 'true' })
  const schema = {
    type: 'struct',
    fields: [
      { field: 'name', type: 'string' },
      { field: 'stock', type: 'int32' },
    ],
  }
  await write(topic, [jsonRecord('a', { schema, payload: { name: 'cup', stock: 3 } })])
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
  await start(topic, {
    'behavior.on.malformed.documents': 'warn',
    'behavior.on.null.values': 'ignore',
    'drop.invalid.message': 'true',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': letters,
    'errors.deadletterqueue.context.headers.enable': 'true',
  })
  await write(topic, [
    jsonRecord('a', { price: 1 }),
    jsonRecord('b', { price: 'dear' }),
    jsonRecord('c', null),
    jsonRecord('', { price: 4 }),
    jsonRecord('e', { price: 5 }),
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
  await start(topic)
  const records = [
    jsonRecord('a', { price: 1 }),
    jsonRecord('b', { price: 'dear' }),
    jsonRecord('c', { price: 3 }),
  ]
  await write(topic, records)
  const trace = await waitFor(
    async () => {
      const { body } = await worker.rest.get<Status>(`/connectors/${topic}/status`)
      const [task] = body.tasks ?? []
      return task?.state === 'FAILED' ? task.trace : undefined
    },
    { timeoutMs: TIMEOUT_MS, what: 'the task to fail' },
  )
  assert.match(trace, new RegExp(`offset 1 of ${topic}-0: the value of the field 'price' does not fit`))
  const [committed = 0] = await committedOffsets(worker, topic, 1)
  assert.ok(committed <= 1, `committed ${committed}`)
})

test('indexes are named by a template', async () => {
  const topic = uniqueName('named')
  await start(topic, { 'headrace.index.name': '${topic}-${field:country}', 'key.ignore': 'true' })
  await write(topic, [jsonRecord(null, { country: 'NL' }), jsonRecord(null, { country: 'at' })])
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
