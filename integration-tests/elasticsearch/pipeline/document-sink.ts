import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  observeSink,
  searchRequest,
  uniqueName,
  withAdmin,
  type HeadraceWorker,
  type NumberedTopic,
  type ObservedSink,
  type SearchAddress,
} from '../../services/index.ts'
import { documentFaults, type Changes } from './changes.ts'

type Config = Readonly<Record<string, string>>

/** A sink on an index of its own, which is disturbed. */
export interface DocumentSink extends ObservedSink {
  readonly index: string
  /**
   * Waits until all records are committed and the task is not retrying. Then the index has exactly the expected documents,
   * and no record was refused or reported.
   */
  untilComplete(): Promise<void>
}

export interface DocumentSinkOptions {
  readonly worker: () => HeadraceWorker
  /** Address of Kafka. */
  readonly kafka: string
  readonly topic: NumberedTopic
  readonly changes: Changes
  readonly server: SearchAddress
  /** URL of the server, or of a proxy. */
  readonly url: string
  readonly config?: Config
}

/** Returns the settings of a sink for values in JSON. */
export function connectionProps({ url, login }: SearchAddress): Record<string, string> {
  return {
    'connector.class': 'ElasticsearchSink',
    'connection.url': url,
    ...(login === null ? {} : { 'connection.username': login.user, 'connection.password': login.password }),
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'schema.ignore': 'true',
  }
}

/** Small batches, and few retries: what lasts longer than these is to be seen in the REST API. */
const defaults: Config = {
  'tasks.max': '1',
  'behavior.on.null.values': 'delete',
  'batch.size': '500',
  'max.buffered.records': '5000',
  'max.retries': '1',
  'errors.tolerance': 'all',
  'errors.deadletterqueue.topic.replication.factor': '1',
}

/** The index and the sink are deleted at the end of the test. */
export function createDocumentSink(t: TestContext, options: DocumentSinkOptions): DocumentSink {
  const { worker, kafka, topic, changes, server, url, config = {} } = options
  const index = uniqueName('faults')
  const letters = `${index}-dead`
  const settings = {
    ...connectionProps({ ...server, url }),
    ...defaults,
    'topics': topic.name,
    'headrace.index.name': index,
    'errors.deadletterqueue.topic.name': letters,
    ...config,
  }
  const sink = observeSink({ name: index, worker, partitions: topic.partitions, config: settings })
  t.after(async () => {
    await worker().rest.delete(index)
    await searchRequest(server, 'DELETE', `/${index}`)
  })
  return {
    ...sink,
    index,
    async untilComplete() {
      await sink.untilCommitted(Array.from({ length: topic.partitions }, () => topic.each))
      assert.deepEqual(await documentFaults(server, index, changes), [])
      const metrics = await sink.metrics()
      assert.equal(metrics['documents_refused'] ?? 0, 0)
      assert.equal(metrics['records_invalid'] ?? 0, 0)
      assert.equal(await recordsIn(kafka, letters), 0, 'records in the dead-letter queue')
    },
  }
}

async function recordsIn(kafka: string, topic: string): Promise<number> {
  return withAdmin(kafka, async (admin) => {
    if (!(await admin.listTopics()).includes(topic)) return 0
    const offsets = await admin.fetchTopicOffsets(topic)
    return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0)
  })
}
