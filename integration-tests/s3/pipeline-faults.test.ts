import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { after, afterEach, suite, test, type TestContext } from 'node:test'
import {
  deleteTopics,
  distributedProps,
  launchWorker,
  sharedKafka,
  sharedS3,
  startProxy,
  startS3Proxy,
  storageTopics,
  waitFor,
  writeNumbers,
  type S3Fault,
} from '../services/index.ts'
import { createFaultSink, type FaultSink } from './pipeline/fault-sink.ts'

/** Length of an outage. Set it to 20 or more to see that time does not matter. */
const OUTAGE_MS = 1000 * Number(process.env['S3_OUTAGE_SECONDS'] ?? 4)
const PARTITIONS = 2
/** Enough records for an object of two parts. */
const LARGE = 80_000
const EACH = LARGE
const inParts = { 'flush.size': String(LARGE) }
const inOneRequest = { 'flush.size': String(LARGE / 10) }

const kafka = await sharedKafka()
const server = await sharedS3()
const topic = await writeNumbers(kafka, { partitions: PARTITIONS, each: EACH, stepMs: 1, closing: false })
await topic.written
const proxy = await startS3Proxy(server.endpoint)
const address = new URL(server.endpoint)
const network = await startProxy(address.hostname, Number(address.port))
const props = distributedProps(kafka)
const worker = await launchWorker({ props })
const WRONG_SECRET = 'wrong-secret-of-the-tests'

afterEach(() => proxy.heal())
after(async () => {
  await worker.stop()
  await Promise.all([proxy.close(), network.close()])
  await deleteTopics(kafka, [topic.name, ...storageTopics(props)])
})

const sinkOn = (t: TestContext, endpoint: string, config: Readonly<Record<string, string>>) =>
  createFaultSink(t, { worker: () => worker, topic, endpoint, config })
const throughProxy = (t: TestContext, config: Readonly<Record<string, string>> = inParts) =>
  sinkOn(t, proxy.endpoint, config)
const throughNetwork = (t: TestContext) => sinkOn(t, `http://127.0.0.1:${network.port}`, inParts)

const slowDown: S3Fault = { kind: 'answer', status: 503, code: 'SlowDown' }
const internalError: S3Fault = { kind: 'answer', status: 500, code: 'InternalError' }
const errorWithStatus200: S3Fault = {
  kind: 'body',
  status: 200,
  body: '<?xml version="1.0"?>\n<Error><Code>InternalError</Code><Message>Please try again.</Message></Error>',
}

/** Nothing is committed as long as no object of the partition is complete. */
async function assertNothingDone(sink: FaultSink): Promise<void> {
  assert.deepEqual(await sink.bucket.keys(), [])
  assert.deepEqual(await sink.committed(), [0, 0])
}

suite('a network with faults', () => {
  test('connections that are cut in the middle of a part: every record is stored once', async (t) => {
    const sink = await throughNetwork(t)
    network.cutAfter(2_000_000, 6)
    await sink.start()
    await sink.untilRetrying(/ECONNRESET|EPIPE|socket hang up|aborted/)
    await sink.untilComplete()
  })

  test('an outage while objects are stored is waited for, and nothing is committed meanwhile', async (t) => {
    const sink = await throughNetwork(t)
    network.throttle(1_000_000)
    await sink.start()
    await waitUntilUploading(sink)
    network.refuse()
    network.throttle(null)
    t.after(() => network.accept())
    await sink.untilRetrying(/ECONNRESET|EPIPE|socket hang up|aborted/)
    await sleep(OUTAGE_MS)
    await assertNothingDone(sink)
    await sink.untilRetrying(/ECONNRESET|EPIPE|socket hang up|aborted/)
    network.accept()
    await sink.untilComplete()
  })

  test('a network that passes 1 kB/s for a while, then nothing: every record is stored once', async (t) => {
    const sink = await throughNetwork(t)
    network.throttle(1000)
    t.after(() => network.throttle(null))
    await sink.start()
    await sleep(OUTAGE_MS)
    network.freeze()
    t.after(() => network.thaw())
    await sleep(OUTAGE_MS / 2)
    await assertNothingDone(sink)
    network.thaw()
    network.throttle(null)
    await sink.untilComplete()
  })
})

async function waitUntilUploading(sink: FaultSink): Promise<void> {
  const uploading = async () => ((await sink.bucket.uploads()).length > 0 ? true : undefined)
  await waitFor(uploading, { timeoutMs: 60_000, what: 'an upload' })
}

/** More than a sink repeats a request before it reports that it is retrying. */
const BURST = 8

suite('a server that answers with errors', () => {
  for (const [what, operation, fault, reason] of [
    ['503 SlowDown when uploads are created', 'CreateMultipartUpload', slowDown, /SlowDown/],
    ['500 for parts', 'UploadPart', internalError, /InternalError/],
    ['503 for the completion', 'CompleteMultipartUpload', slowDown, /SlowDown/],
    ['200 with an error for the completion', 'CompleteMultipartUpload', errorWithStatus200, /try again/],
  ] as const) {
    test(`${what}: nothing is committed, then every record is stored once`, async (t) => {
      const sink = await throughProxy(t)
      proxy.fail(operation, fault, Infinity)
      await sink.start()
      await sink.untilRetrying(reason)
      await assertNothingDone(sink)
      proxy.heal()
      await sink.untilComplete()
    })
  }

  test('bursts of errors, and lost answers, in between: every record is stored once', async (t) => {
    for (const operation of ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload', 'PutObject']) {
      for (const fault of [
        slowDown,
        { kind: 'lost-answer' },
        internalError,
        { kind: 'lost-answer' },
      ] as const) {
        proxy.fail(operation, fault, BURST)
      }
    }
    const parts = await throughProxy(t)
    await parts.start()
    await parts.untilComplete()
    const single = await throughProxy(t, inOneRequest)
    await single.start()
    await single.untilComplete()
  })
})

suite('a server that refuses', () => {
  test('wrong credentials fail the task with one sentence, and right ones let it continue', async (t) => {
    const sink = await throughProxy(t)
    await sink.start({ 'aws.secret.access.key': WRONG_SECRET })
    const message = await sink.untilFailed()
    assert.match(
      message,
      /Cannot reach bucket .*SignatureDoesNotMatch.* Check aws\.access\.key\.id and aws\.secret/,
    )
    await sink.start()
    await sink.untilComplete()
  })

  for (const [what, code, status, message] of [
    ['a token that expires', 'ExpiredToken', 400, /\(ExpiredToken\)\. Replace the temporary credentials/],
    [
      'a bucket that is deleted',
      'NoSuchBucket',
      404,
      /\(NoSuchBucket\)\. Create the bucket, or correct s3\.bucket/,
    ],
    [
      'a clock that stays wrong',
      'RequestTimeTooSkewed',
      403,
      /TooSkewed\)\. Synchronise the clock of this machine/,
    ],
  ] as const) {
    test(`${what} fails the task while it writes, and a restart continues`, async (t) => {
      const sink = await throughProxy(t)
      proxy.fail('UploadPart', { kind: 'answer', status, code }, Infinity)
      await sink.start()
      assert.match(await sink.untilFailed(), message)
      await assertNothingDone(sink)
      proxy.heal()
      await sink.restart()
      await sink.untilComplete()
    })
  }

  test('a bucket that does not exist fails the task at its start', async (t) => {
    const sink = await throughProxy(t)
    await sink.start({ 's3.bucket.name': 'headrace-no-such-bucket' })
    assert.match(await sink.untilFailed(), /Cannot reach bucket headrace-no-such-bucket: .*Create the bucket/)
  })

  test('a clock that differs from that of the server is corrected by its answers', async (t) => {
    const sink = await throughProxy(t, inOneRequest)
    // The signatures of the next requests are of another time, which the server itself refuses
    const date = new Date(Date.now() + 3_600_000).toUTCString()
    const skewed = { kind: 'answer', status: 403, code: 'RequestTimeTooSkewed', headers: { date } } as const
    proxy.fail('PutObject', skewed)
    await sink.start({ 's3.part.retries': '5' })
    await sink.untilComplete()
  })
})

test('neither the log nor the status has shown a secret', async () => {
  const { body } = await worker.rest.get('/headrace/connectors')
  for (const text of [worker.log(), JSON.stringify(body)]) {
    for (const secret of [server.secretAccessKey, WRONG_SECRET, 'AWS4-HMAC-SHA256', 'X-Amz-Signature']) {
      assert.ok(!text.includes(secret), `found ${secret.slice(0, 6)}…`)
    }
  }
})
