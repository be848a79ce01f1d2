import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { createBucket, uniqueName, waitFor, type Bucket, type HeadraceWorker } from '../../services/index.ts'
import type { NumberedTopic } from './numbered-topic.ts'
import { storedNumbers } from './stored-numbers.ts'

type Config = Readonly<Record<string, string>>

const TIMEOUT_MS = 120_000

/** A sink on a bucket of its own, which is disturbed. */
export interface FaultSink {
  readonly name: string
  readonly bucket: Bucket
  readonly topic: NumberedTopic
  /** Starts it; started already, it gets other settings. */
  start(more?: Config): Promise<void>
  /** Restarts its task. */
  restart(): Promise<void>
  /** Resolves to the process of its task. */
  pid(): Promise<number>
  /** Resolves to the metrics of its task. Those without a value are missing. */
  metrics(): Promise<Readonly<Record<string, number>>>
  /** Waits until the REST API shows that it is retrying, with a reason. The task has not failed. */
  untilRetrying(reason: RegExp): Promise<void>
  /** Waits until the task has failed, and resolves to the message of the error. */
  untilFailed(): Promise<string>
  /** Resolves to the committed offsets, 0 for partitions without. */
  committed(): Promise<number[]>
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

interface Progress {
  readonly retrying: { readonly reason: string; readonly attempt: number } | null
  readonly tasks: readonly {
    readonly state: string
    readonly pid: number
    readonly last_error: { readonly message: string } | null
    readonly metrics: readonly { readonly name: string; readonly value: number | null }[]
  }[]
}

interface Offsets {
  readonly offsets: readonly {
    readonly partition: { readonly kafka_partition: number }
    readonly offset: { readonly kafka_offset: number }
  }[]
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
  const progress = async () => (await worker().rest.get<Progress>(`/headrace/connectors/${name}`)).body
  const committed = () => committedOffsets(worker(), name, topic.partitions)
  return {
    name,
    bucket,
    topic,
    start: (more = {}) => worker().rest.put(name, { ...settings, ...more }),
    async restart() {
      await worker().rest.request('POST', `/connectors/${name}/restart?includeTasks=true`)
    },
    pid: () =>
      waitFor(async () => (await progress()).tasks.find(({ pid }) => pid > 0)?.pid, {
        timeoutMs: TIMEOUT_MS,
        what: `the process of ${name}`,
      }),
    async metrics() {
      const metrics = (await progress()).tasks[0]?.metrics ?? []
      return Object.fromEntries(
        metrics.flatMap((each) => (each.value === null ? [] : [[each.name, each.value]])),
      )
    },
    async untilRetrying(reason) {
      let last: unknown
      const retrying = async () => {
        const now = await progress()
        last = now.retrying ?? now.tasks
        if (now.retrying === null) return undefined
        assert.equal(now.tasks[0]?.state, 'RUNNING')
        return reason.test(now.retrying.reason) ? true : undefined
      }
      const what = () => `${name} to retry because of ${reason}; it shows ${JSON.stringify(last)}`
      await waitFor(retrying, { timeoutMs: TIMEOUT_MS, what })
    },
    async untilFailed() {
      await worker().rest.untilTaskFailed(name, 0, TIMEOUT_MS)
      return (await progress()).tasks[0]?.last_error?.message ?? ''
    },
    committed,
    async untilComplete() {
      const all = Array.from({ length: topic.partitions }, () => topic.each)
      let last: unknown
      const complete = async () => {
        const offsets = await committed()
        const { retrying, tasks } = await progress()
        last = { offsets, retrying, tasks }
        return retrying === null && String(offsets) === String(all) ? true : undefined
      }
      const what = () => `offsets ${String(all)} of ${name}; it shows ${JSON.stringify(last)}`
      await waitFor(complete, { timeoutMs: TIMEOUT_MS, what })
      const { records, faults } = await storedNumbers(bucket, 'topics/', topic)
      assert.deepEqual(faults, [])
      assert.equal(records, topic.partitions * topic.each)
    },
  }
}

async function committedOffsets(
  { rest }: HeadraceWorker,
  name: string,
  partitions: number,
): Promise<number[]> {
  const { body } = await rest.get<Offsets>(`/connectors/${name}/offsets`)
  const byPartition = new Map(
    body.offsets.map(({ partition, offset }) => [partition.kafka_partition, offset.kafka_offset]),
  )
  return Array.from({ length: partitions }, (_, partition) => byPartition.get(partition) ?? 0)
}
