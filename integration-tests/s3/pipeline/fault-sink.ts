import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import {
  createBucket,
  observeSink,
  uniqueName,
  type Bucket,
  type HeadraceWorker,
  type NumberedTopic,
  type ObservedSink,
} from '../../services/index.ts'
import { storedNumbers } from './stored-numbers.ts'

type Config = Readonly<Record<string, string>>

/** A sink on a bucket of its own, which is disturbed. */
export interface FaultSink extends ObservedSink {
  readonly bucket: Bucket
  readonly topic: NumberedTopic
  /** Waits until all records are stored and committed, each in exactly one object, and the task is not retrying. */
  untilComplete(): Promise<void>
}

/** Where a sink runs, and what is special about it. */
export interface FaultSinkOptions {
  readonly worker: () => HeadraceWorker
  readonly topic: NumberedTopic
  /** URL of the server, or of a proxy. */
  readonly endpoint: string
  readonly config?: Config
}

/** Patient enough for a few faults; what lasts longer is to be seen in the REST API. */
const defaults: Config = {
  'connector.class': 'io.confluent.connect.s3.S3SinkConnector',
  'storage.class': 'io.confluent.connect.s3.storage.S3Storage',
  'format.class': 'io.confluent.connect.s3.format.json.JsonFormat',
  'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
  'value.converter.schemas.enable': 'false',
  's3.part.retries': '1',
  's3.part.size': String(5 * 1024 * 1024),
  's3.retry.backoff.ms': '100',
  'retry.backoff.ms': '300',
}

/** Creates the bucket; it is dropped, and the sink deleted, at the end of the test. */
export async function createFaultSink(t: TestContext, options: FaultSinkOptions): Promise<FaultSink> {
  const { worker, topic, endpoint, config = {} } = options
  const bucket = await createBucket()
  const name = uniqueName('s3-faults')
  const settings = { ...defaults, ...bucket.props, 'store.url': endpoint, 'topics': topic.name, ...config }
  t.after(async () => {
    await worker().rest.delete(name)
    await bucket.drop()
  })
  const sink = observeSink({ name, worker, partitions: topic.partitions, config: settings })
  return {
    ...sink,
    bucket,
    topic,
    async untilComplete() {
      await sink.untilCommitted(Array.from({ length: topic.partitions }, () => topic.each))
      const { records, faults } = await storedNumbers(bucket, 'topics/', topic)
      assert.deepEqual(faults, [])
      assert.equal(records, topic.partitions * topic.each)
    },
  }
}
