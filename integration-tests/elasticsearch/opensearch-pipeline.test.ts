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

for (const method of ['insert', 'upsert']) {
  test(`Aiven's sink writes to OpenSearch: ${method} and delete`, async () => {
    const topic = uniqueName(method)
    await createTopics(servers, [topic], 1)
    await worker.rest.put(topic, {
      'connector.class': 'io.aiven.kafka.connect.opensearch.OpensearchSinkConnector',
      'topics': topic,
      'connection.url': address.url,
      'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
      'value.converter.schemas.enable': 'false',
      'schema.ignore': 'true',
      'index.write.method': method,
      'behavior.on.null.values': 'delete',
    })
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
