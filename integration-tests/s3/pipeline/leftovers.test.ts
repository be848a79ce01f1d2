import assert from 'node:assert/strict'
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3'
import { after, test } from 'node:test'
import {
  deleteTopics,
  distributedProps,
  launchWorker,
  sharedKafka,
  sharedS3,
  startS3Proxy,
  storageTopics,
  waitFor,
  writeNumbers,
  type Bucket,
} from '../../services/index.ts'
import { createFaultSink } from './fault-sink.ts'

const TIMEOUT_MS = 60_000
/** More than one part. */
const LARGE = 80_000

const kafka = await sharedKafka()
const topic = await writeNumbers(kafka, { partitions: 1, each: LARGE, stepMs: 1, closing: false })
await topic.written
const proxy = await startS3Proxy((await sharedS3()).endpoint)
/** Sessions of the worker and of the sink task, which end soon after these are killed. */
const session = { 'session.timeout.ms': '6000', 'heartbeat.interval.ms': '1000' }
const props = {
  ...distributedProps(kafka),
  ...session,
  'scheduled.rebalance.max.delay.ms': '0',
  'connector.client.config.override.policy': 'All',
}
const first = await launchWorker({ props })
let worker = first

after(async () => {
  await worker.stop()
  await proxy.close()
  await deleteTopics(kafka, [topic.name, ...storageTopics(props)])
})

async function untilUploads(bucket: Bucket, keys: readonly string[]): Promise<void> {
  let last: string[] = []
  const found = async () => {
    last = (await bucket.uploads()).toSorted()
    return String(last) === String(keys) ? true : undefined
  }
  await waitFor(found, {
    timeoutMs: TIMEOUT_MS,
    what: () => `uploads ${String(keys)}; there are ${String(last)}`,
  })
}

test('the upload of a killed task is aborted at the next start, those of others are left alone', async (t) => {
  const sink = await createFaultSink(t, {
    worker: () => worker,
    topic,
    endpoint: proxy.endpoint,
    config: {
      'flush.size': String(LARGE),
      'consumer.override.session.timeout.ms': session['session.timeout.ms'],
      'consumer.override.heartbeat.interval.ms': session['heartbeat.interval.ms'],
    },
  })
  const { bucket } = sink
  const own = `topics/${topic.name}/partition=0/${topic.name}+0+0000000000.json`
  proxy.fail('UploadPart', { kind: 'hang' })
  await sink.start()
  await untilUploads(bucket, [own])
  await proxy.untilRequested('UploadPart')
  const pid = await sink.pid()
  await first.kill()
  process.kill(pid, 'SIGKILL')
  assert.deepEqual(await bucket.keys(), [])
  const others = [
    `elsewhere/${topic.name}/partition=0/${topic.name}+0+0000000000.json`,
    `topics/${topic.name}/notes.txt`,
    `topics/${topic.name}/partition=7/${topic.name}+7+0000000000.json`,
    `topics/${topic.name}-old/partition=0/${topic.name}-old+0+0000000000.json`,
  ].toSorted()
  for (const Key of others) {
    await bucket.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key }))
  }
  await untilUploads(bucket, [...others, own].toSorted())
  worker = await launchWorker({ props })
  await sink.untilComplete()
  await untilUploads(bucket, others)
})
