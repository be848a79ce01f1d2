import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  distributedProps,
  launchWorker,
  searchDocuments,
  searchRequest,
  sharedElasticsearch,
  sharedKafka,
  startSearchProxy,
  uniqueName,
} from '../services/index.ts'
import { connectionProps } from './pipeline/document-sink.ts'
import { jsonRecord, topicSinks } from './pipeline/topic-sink.ts'

const kafka = await sharedKafka()
const address = await sharedElasticsearch()
const worker = await launchWorker({ props: distributedProps(kafka) })
after(() => worker.stop())
const { start, write, untilStored } = topicSinks(kafka, address, worker)

/** A transform that adds a suffix to the name of the topic. */
const renaming = (suffix: string) => ({
  'transforms': 'rename',
  'transforms.rename.type': 'org.apache.kafka.connect.transforms.RegexRouter',
  'transforms.rename.regex': '(.*)',
  'transforms.rename.replacement': `$1-${suffix}`,
})

for (const synchronously of ['true', 'false']) {
  test(`a transform chooses the index, and can be changed, with flush.synchronously=${synchronously}`, async () => {
    const topic = uniqueName('renamed')
    const flush = { 'flush.synchronously': synchronously }
    await start(topic, flush)
    await write(topic, [jsonRecord('a', { price: 1 })])
    await untilStored(topic, (documents) => documents.has('a'))
    for (const [key, suffix] of [
      ['b', 'one'],
      ['c', 'two'],
    ] as const) {
      const props = { ...connectionProps(address), topics: topic, ...flush, ...renaming(suffix) }
      // the task with the former settings must not get the next record
      await worker.rest.request('PUT', `/connectors/${topic}/stop`)
      await worker.rest.untilState(topic, 'STOPPED', { tasks: 0 })
      await worker.rest.put(topic, props)
      await worker.rest.request('PUT', `/connectors/${topic}/resume`)
      await write(topic, [jsonRecord(key, { price: 2 })])
      await untilStored(`${topic}-${suffix}`, (documents) => documents.has(key))
    }
  })
}

test('a connector whose settings are changed, that is paused or restarted goes on where it was', async () => {
  const topic = uniqueName('changed')
  await start(topic, { 'key.ignore': 'true' })
  const writeAt = async (offset: number) => {
    await write(topic, [jsonRecord(null, { offset })])
    const documents = await untilStored(topic, (found) => found.has(`${topic}+0+${offset}`))
    assert.equal(documents.size, offset + 1)
  }
  await writeAt(0)
  await worker.rest.put(topic, {
    ...connectionProps(address),
    'topics': topic,
    'key.ignore': 'true',
    'batch.size': '1',
    'linger.ms': '100',
  })
  await writeAt(1)
  await worker.rest.request('PUT', `/connectors/${topic}/pause`)
  await worker.rest.untilState(topic, 'PAUSED')
  await worker.rest.request('PUT', `/connectors/${topic}/resume`)
  await writeAt(2)
  await worker.rest.request('POST', `/connectors/${topic}/restart?includeTasks=true`)
  await writeAt(3)
})

test('a field that a strict mapping lacks fails the task, which names it', async () => {
  const topic = uniqueName('strict')
  await searchRequest(address, 'PUT', `/${topic}`, {
    mappings: { dynamic: 'strict', properties: { price: { type: 'long' } } },
  })
  await start(topic)
  await write(topic, [jsonRecord('a', { price: 1 }), jsonRecord('b', { price: 2, note: 'new' })])
  const trace = await worker.rest.untilTaskFailed(topic)
  assert.match(trace, new RegExp(`offset 1 of ${topic}-0: .*'note'`))
  assert.deepEqual([...(await searchDocuments(address, topic)).keys()], ['a'])
})

test('no request is larger than bulk.size.bytes', async (t) => {
  const proxy = await startSearchProxy(address.url)
  t.after(() => proxy.close())
  const topic = uniqueName('sizes')
  const sinks = topicSinks(kafka, { ...address, url: proxy.endpoint }, worker)
  await sinks.start(topic, { 'bulk.size.bytes': '2000', 'linger.ms': '1000' })
  const text = 'x'.repeat(700)
  await write(
    topic,
    Array.from({ length: 10 }, (_, number) => jsonRecord(`${number}`, { text })),
  )
  await untilStored(topic, ({ size }) => size === 10)
  const requests = proxy.requests.filter(({ operation }) => operation === 'POST _bulk').length
  assert.ok(requests >= 5, `${requests} requests`)
})

test('topics are written to aliases, also after a rollover', async () => {
  const topics = [uniqueName('one'), uniqueName('two')] as const
  for (const topic of topics) {
    await searchRequest(address, 'PUT', `/${topic}-index-000001`, {
      aliases: { [`${topic}-alias`]: { is_write_index: true } },
    })
    await start(topic, {
      'external.resource.usage': 'ALIAS_INDEX',
      'topic.to.external.resource.mapping': `${topic}:${topic}-alias`,
    })
    await write(topic, [jsonRecord('a', { of: topic })])
  }
  for (const topic of topics) {
    await untilStored(`${topic}-index-000001`, (documents) => documents.has('a'))
    assert.equal((await searchRequest(address, 'POST', `/${topic}-alias/_rollover`)).status, 200)
    await write(topic, [jsonRecord('b', { of: topic })])
  }
  for (const topic of topics) {
    const documents = await untilStored(`${topic}-index-000002`, (found) => found.has('b'))
    assert.deepEqual(documents.get('b')?._source, { of: topic })
  }
})
