import assert from 'node:assert/strict'
import { test } from 'node:test'
import { s3Source } from '../../connectors/s3/index.ts'
import { parseConfig } from '../../java/index.ts'
import { s3SourceConfig } from '../../connectors/s3/source/config/definition.ts'
import { createBucket, startProxy, startS3Proxy, type Bucket } from '../services/index.ts'
import { fakeContext, type FakeTask } from './restore/fake-context.ts'

const LINES = 200_000
const KEY = 'topics/t/partition=0/t+0+0000000000.txt'
const lines = Array.from({ length: LINES }, (_, index) => `line ${index}`)

/** Opens a task in this process, without Kafka. */
async function openTask(bucket: Bucket, endpoint: string): Promise<FakeTask> {
  const props = {
    ...bucket.props,
    'store.url': endpoint,
    's3.poll.interval.ms': '200',
    's3.retry.backoff.ms': '10',
    's3.part.retries': '2',
    'headrace.s3.late.wait.ms': '0',
  }
  const context = fakeContext(props)
  return { context, task: await s3Source.openTask(parseConfig(s3SourceConfig, props), context) }
}

/** Polls all lines, calling `during` with the number of records so far, and checks that each came once, in order. */
async function readAll({ task }: FakeTask, during: (count: number) => void = () => {}): Promise<void> {
  const signal = new AbortController().signal
  let count = 0
  while (count < LINES) {
    for (const { value } of await task.poll(signal)) {
      assert.equal(value, lines[count])
      count++
    }
    during(count)
  }
  await task.close?.()
}

test('errors of the server and cut answers are retried, and no record is lost or repeated', async (t) => {
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const proxy = await startS3Proxy(bucket.address.endpoint)
  t.after(() => proxy.close())
  await bucket.put(KEY, `${lines.join('\n')}\n`)
  proxy.fail('ListObjectsV2', { kind: 'answer', status: 503, code: 'SlowDown' }, 5)
  proxy.fail('GetObject', { kind: 'cut-answer', after: 300_000 }, 4)
  proxy.fail('GetObject', { kind: 'answer', status: 500, code: 'InternalError' }, 4)
  const opened = await openTask(bucket, proxy.endpoint)
  await readAll(opened)
  const { retries } = opened.context
  assert.ok(
    retries.some((retry) => /SlowDown/.test(retry?.reason ?? '')),
    JSON.stringify(retries),
  )
  assert.equal(retries.at(-1), null)
})

test('an outage in the middle of an object is waited for, and reading continues after the last record', async (t) => {
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const { hostname, port } = new URL(bucket.address.endpoint)
  const proxy = await startProxy(hostname, Number(port))
  t.after(() => proxy.close())
  await bucket.put(KEY, `${lines.join('\n')}\n`)
  const opened = await openTask(bucket, `http://127.0.0.1:${proxy.port}`)
  let outage = false
  await readAll(opened, (count) => {
    if (outage || count < 1000) return
    outage = true
    proxy.refuse()
    setTimeout(() => proxy.accept(), 3000)
  })
  assert.ok(opened.context.retries.length > 0)
  assert.equal(opened.context.retries.at(-1), null)
})

test('an object that is replaced while it is read continues after the records that were read', async (t) => {
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  const proxy = await startS3Proxy(bucket.address.endpoint)
  t.after(() => proxy.close())
  await bucket.put(KEY, `${lines.slice(0, LINES / 2).join('\n')}\n`)
  let replace = () => {}
  const replaced = new Promise<void>((resolve) => (replace = resolve))
  // The object is listed in its first version and opened after it was replaced
  proxy.fail('GetObject', { kind: 'hold', until: () => replaced })
  const opened = await openTask(bucket, proxy.endpoint)
  await proxy.untilRequested('GetObject')
  await bucket.put(KEY, `${lines.join('\n')}\n`)
  replace()
  await readAll(opened)
  assert.match(opened.context.retries[0]?.reason ?? '', /was replaced or deleted/)
})

test('wrong credentials fail the task with one clear sentence', async (t) => {
  const bucket = await createBucket()
  t.after(() => bucket.drop())
  await bucket.put(KEY, 'x\n')
  const wrong = { ...bucket, props: { ...bucket.props, 'aws.secret.access.key': 'wrong' } }
  const { task } = await openTask(wrong, bucket.address.endpoint)
  await assert.rejects(task.poll(new AbortController().signal), (error: Error) => {
    assert.match(error.message, /SignatureDoesNotMatch/)
    assert.match(error.message, /aws\.secret\.access\.key/)
    return true
  })
  await task.close?.()
})
