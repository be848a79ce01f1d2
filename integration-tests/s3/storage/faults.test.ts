import assert from 'node:assert/strict'
import { after, afterEach, suite, test } from 'node:test'
import { createBucket, startProxy, startS3Proxy, stopAllChildren } from '../../services/index.ts'
import { extent, hash, MB, openFor, openWith, randomBytes, signal } from './objects.ts'

const bucket = await createBucket()
const { hostname, port } = new URL(bucket.address.endpoint)
const network = await startProxy(hostname, Number(port))
const s3 = await startS3Proxy(bucket.address.endpoint)
after(async () => {
  await network.close()
  await s3.close()
  await bucket.drop()
  await stopAllChildren()
})
afterEach(() => s3.heal())

const limits = { connectMs: 2000, idleMs: 1000, requestMs: 60_000, bytesPerMs: 64 }
const throughNetwork = openFor(bucket, { endpoint: `http://127.0.0.1:${network.port}` }, limits)
const throughS3 = openFor(bucket, { endpoint: s3.endpoint })
const retriable = { code: 'HR_RETRIABLE' }
const unavailable = { kind: 'answer', status: 503, code: 'SlowDown' } as const
const ALL_ATTEMPTS = 4

const keyExists = async (key: string): Promise<boolean> => (await bucket.keys(key)).length > 0
const assertStored = async (key: string, content: Buffer): Promise<void> => {
  assert.equal(hash(await bucket.read(key)), hash(content))
  assert.deepEqual(await bucket.uploads(), [])
}

suite('the network', () => {
  test('a part whose connection is cut in the middle is sent again', async () => {
    const content = randomBytes(17 * MB)
    network.cutAfter(3 * MB, 2)
    const stored = await openWith(throughNetwork.writer, 'n/cut', content).store(extent(0, 9), 'keep', signal)
    assert.deepEqual(stored, { kind: 'stored' })
    await assertStored('n/cut', content)
  })

  test('while the server is away, storing is rejected as retriable and succeeds afterwards', async () => {
    const content = randomBytes(11 * MB)
    const object = openWith(throughNetwork.writer, 'n/away', content)
    network.refuse()
    await assert.rejects(object.store(extent(0, 9), 'keep', signal), {
      ...retriable,
      message: /^Cannot store n\/away in bucket /,
    })
    network.accept()
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    await assertStored('n/away', content)
  })

  test('a server that hangs is given up', async () => {
    const object = openWith(throughNetwork.writer, 'n/frozen', randomBytes(100))
    network.freeze()
    await assert.rejects(object.store(extent(0, 9), 'keep', signal), {
      ...retriable,
      message: /timed out after 1000 ms/,
    })
    network.thaw()
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
  })

  test('a slow connection that moves is not given up', async () => {
    const content = randomBytes(20_000)
    network.throttle(10_000)
    const { writer } = openFor(bucket, { endpoint: `http://127.0.0.1:${network.port}` })
    const object = openWith(writer, 'n/slow', content)
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    network.throttle(null)
    await assertStored('n/slow', content)
  })

  test('a server that takes a few bytes now and then is given up', async () => {
    const impatient = { connectMs: 2000, idleMs: 60_000, requestMs: 1000, bytesPerMs: 1000 }
    const endpoint = `http://127.0.0.1:${network.port}`
    const { writer } = openFor(bucket, { endpoint, partRetries: 0 }, impatient)
    network.throttle(1000)
    const object = openWith(writer, 'n/trickle', randomBytes(100_000))
    await assert.rejects(object.store(extent(0, 9), 'keep', signal), {
      ...retriable,
      message: /has not ended within 1 seconds/,
    })
    network.throttle(null)
    network.cut()
    assert.equal(await keyExists('n/trickle'), false)
  })

  test('a stop ends an attempt at once, and nothing is left over', async () => {
    const stop = new AbortController()
    const object = openWith(throughS3.writer, 'n/stop', randomBytes(11 * MB))
    s3.fail('UploadPart', { kind: 'hang' }, 3)
    const storing = object.store(extent(0, 9), 'keep', stop.signal)
    await s3.untilRequested('UploadPart')
    stop.abort(new Error('the task stops'))
    await assert.rejects(storing, { message: 'the task stops' })
    await object.discard()
    assert.deepEqual(await bucket.uploads(), [])
  })
})

suite('lost and broken answers', () => {
  for (const [operation, size] of [
    ['PutObject', 1000],
    ['CreateMultipartUpload', 11 * MB],
    ['UploadPart', 11 * MB],
    ['CompleteMultipartUpload', 11 * MB],
  ] as const) {
    test(`the object is stored once although the answer of ${operation} is lost`, async () => {
      const content = randomBytes(size)
      s3.fail(operation, { kind: 'lost-answer' })
      const object = openWith(throughS3.writer, `lost/${operation}`, content)
      assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
      assert.equal(hash(await bucket.read(`lost/${operation}`)), hash(content))
    })
  }

  test('a completion that answers 200 with an error is not a success', async () => {
    const body =
      '<?xml version="1.0"?>\n<Error><Code>InternalError</Code><Message>Please try again.</Message></Error>'
    s3.fail('CompleteMultipartUpload', { kind: 'body', status: 200, body }, ALL_ATTEMPTS)
    const content = randomBytes(6 * MB)
    const object = openWith(throughS3.writer, 'lost/200', content)
    await assert.rejects(object.store(extent(0, 9), 'keep', signal), {
      ...retriable,
      message: /Please try again \(InternalError\)/,
    })
    assert.equal(await keyExists('lost/200'), false)
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    assert.equal(hash(await bucket.read('lost/200')), hash(content))
  })

  for (const [what, body] of [
    ['no body', ''],
    ['half a document', '<?xml version="1.0"?>\n<CompleteMultipartUploadResult><Bucket>b</Buck'],
    ['a page of a gateway', '<html><body>Welcome</body></html>'],
  ] as const) {
    test(`a completion that answers 200 with ${what} is not a success by itself`, async () => {
      s3.fail('CompleteMultipartUpload', { kind: 'body', status: 200, body }, ALL_ATTEMPTS)
      const key = `lost/200 ${what}`
      const object = openWith(throughS3.writer, key, randomBytes(6 * MB))
      await assert.rejects(object.store(extent(0, 9), 'keep', signal), retriable)
      assert.equal(await keyExists(key), false)
      s3.heal()
      assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
      assert.equal(await keyExists(key), true)
    })
  }
})

suite('a busy server', () => {
  test('bursts of 503 and 500 are waited for', async () => {
    s3.fail('CreateMultipartUpload', unavailable, 2)
    s3.fail('UploadPart', unavailable, 3)
    s3.fail('UploadPart', { kind: 'answer', status: 500, code: 'InternalError' }, 3)
    s3.fail('CompleteMultipartUpload', unavailable, 3)
    const content = randomBytes(17 * MB)
    const object = openWith(throughS3.writer, 'busy/bursts', content)
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    assert.equal(hash(await bucket.read('busy/bursts')), hash(content))
  })

  test('a completion that is refused for long is retriable, and only its request is repeated', async () => {
    s3.fail('CompleteMultipartUpload', unavailable, ALL_ATTEMPTS)
    const object = openWith(throughS3.writer, 'busy/completion', randomBytes(6 * MB))
    await assert.rejects(object.store(extent(0, 9), 'keep', signal), retriable)
    assert.equal(await keyExists('busy/completion'), false)
    const parts = () => s3.requests.filter(({ operation }) => operation === 'UploadPart').length
    const before = parts()
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    assert.equal(parts(), before)
  })

  test('a conflict with another request is waited for', async () => {
    s3.fail('PutObject', { kind: 'answer', status: 409, code: 'ConditionalRequestConflict' })
    const object = openWith(throughS3.writer, 'busy/conflict', randomBytes(10))
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
  })

  test('an upload that another program has aborted is begun anew', async () => {
    s3.fail('CompleteMultipartUpload', { kind: 'answer', status: 404, code: 'NoSuchUpload' })
    const content = randomBytes(6 * MB)
    const object = openWith(throughS3.writer, 'busy/aborted', content)
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    assert.equal(hash(await bucket.read('busy/aborted')), hash(content))
  })
})
