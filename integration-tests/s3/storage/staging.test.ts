import assert from 'node:assert/strict'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { after, afterEach, suite, test } from 'node:test'
import type { ObjectWriter } from '../../../connectors/s3/ports.ts'
import { createBucket, startS3Proxy, stopAllChildren, workFolder } from '../../services/index.ts'
import {
  extent,
  gate,
  hash,
  JSON_LINES,
  MB,
  openFor,
  openWith,
  PART,
  randomBytes,
  signal,
} from './objects.ts'

const bucket = await createBucket()
const proxy = await startS3Proxy(bucket.address.endpoint)
const temporaryFolder = workFolder('staging')
after(async () => {
  await proxy.close()
  await bucket.drop()
  await stopAllChildren()
})
afterEach(() => proxy.heal())

const small = { bufferMaxBytes: 8 * MB, temporaryFolder }
/** Appends in pieces, as encoders do, and settles after each. */
async function fill(writer: ObjectWriter, key: string, content: Buffer) {
  const object = writer.open(key, JSON_LINES)
  for (let at = 0; at < content.length; at += MB / 2) {
    object.append(content.subarray(at, at + MB / 2))
    await writer.settle(0, signal)
  }
  return object
}

suite('beyond the memory', () => {
  test('bytes wait in a temporary file without a name, and memory stays within its limit', async () => {
    const { writer, usage, warnings } = openFor(bucket, small)
    const content = randomBytes(40 * MB)
    const object = await fill(writer, 't/file', content)
    assert.ok(usage().memoryBytes <= small.bufferMaxBytes)
    assert.ok(usage().fileBytes > 30 * MB)
    assert.deepEqual(await readdir(temporaryFolder), [])
    assert.match(warnings.join(), /headrace\.s3\.buffer\.max\.bytes/)
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    assert.equal(hash(await bucket.read('t/file')), hash(content))
    assert.deepEqual(usage(), { memoryBytes: 0, fileBytes: 0 })
  })

  test('500 open objects share the memory', async () => {
    const { writer, usage } = openFor(bucket, small)
    const piece = randomBytes(4000)
    const keys = Array.from({ length: 500 }, (_, at) => `many/${at}`)
    const objects = keys.map((key) => writer.open(key, JSON_LINES))
    let highest = 0
    for (let round = 0; round < 10; round++) {
      for (const object of objects) object.append(piece)
      await writer.settle(0, signal)
      highest = Math.max(highest, usage().memoryBytes)
    }
    assert.ok(highest <= small.bufferMaxBytes, `${highest} bytes of memory`)
    const stores = objects.map((object) => object.store(extent(0, 9), 'keep', signal))
    assert.ok((await Promise.all(stores)).every(({ kind }) => kind === 'stored'))
    const expected = hash(Buffer.concat(Array.from({ length: 10 }, () => piece)))
    for (const key of ['many/0', 'many/250', 'many/499']) assert.equal(hash(await bucket.read(key)), expected)
    assert.deepEqual(usage(), { memoryBytes: 0, fileBytes: 0 })
  })

  test('the memory of encoders counts too', async () => {
    const { writer, usage } = openFor(bucket, small)
    const object = openWith(writer, 't/encoders', randomBytes(4 * MB))
    await writer.settle(7 * MB, signal)
    assert.deepEqual(usage(), { memoryBytes: 7 * MB, fileBytes: 4 * MB })
    await object.discard()
  })

  test('a folder that cannot be written is a retriable error, and nothing is lost', async () => {
    const missing = join(temporaryFolder, 'missing')
    const { writer, usage } = openFor(bucket, { ...small, temporaryFolder: missing })
    const content = randomBytes(10 * MB)
    const object = openWith(writer, 't/folder', content)
    await assert.rejects(writer.settle(0, signal), {
      code: 'HR_RETRIABLE',
      message: /Cannot write the temporary file in .*ENOENT.*headrace\.s3\.staging\.dir/,
    })
    await mkdir(missing)
    await writer.settle(0, signal)
    assert.ok(usage().fileBytes > 0)
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    assert.equal(hash(await bucket.read('t/folder')), hash(content))
    await rm(missing, { recursive: true })
  })

  test('a discarded object leaves nothing behind, even while it is uploaded', async () => {
    const { writer, usage } = openFor(bucket, { ...small, endpoint: proxy.endpoint })
    const released = gate()
    proxy.fail('UploadPart', { kind: 'hold', until: () => released.opened }, 8)
    const object = await fill(writer, 't/discarded', randomBytes(20 * MB))
    const storing = assert.rejects(object.store(extent(0, 9), 'keep', signal), /has been discarded/)
    await proxy.untilRequested('UploadPart')
    const discarded = object.discard()
    released.open()
    await Promise.all([storing, discarded])
    assert.deepEqual(usage(), { memoryBytes: 0, fileBytes: 0 })
    assert.deepEqual(await bucket.uploads(), [])
    assert.deepEqual(await bucket.keys('t/discarded'), [])
  })
})

suite('beyond the temporary file', () => {
  const tiny = { ...small, stagingMaxBytes: 12 * MB, endpoint: proxy.endpoint }
  const earlyKeys = (): string[] =>
    proxy.requests.filter(({ operation }) => operation === 'CopyObject').map(({ key }) => key)

  test('the largest object is uploaded early, and gets its extent once it is complete', async () => {
    const { writer, usage } = openFor(bucket, tiny)
    const content = randomBytes(40 * MB)
    const object = await fill(writer, 'e/early', content)
    assert.ok(usage().fileBytes <= tiny.stagingMaxBytes)
    assert.deepEqual(await bucket.uploads(), ['e/early'])
    assert.deepEqual(await bucket.keys('e/'), [])
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
    assert.equal(hash(await bucket.read('e/early')), hash(content))
    const head = await bucket.head('e/early')
    assert.equal(head.Metadata?.['headrace-end-offset'], '9')
    assert.equal(head.Metadata?.['headrace-upload'], undefined)
    assert.equal(head.ContentType, 'application/json')
    assert.ok(earlyKeys().includes('e/early'))
  })

  for (const operation of ['CompleteMultipartUpload', 'CopyObject']) {
    test(`an early object is stored although the answer of ${operation} is lost`, async () => {
      const { writer } = openFor(bucket, tiny)
      const content = randomBytes(25 * MB)
      const key = `e/lost ${operation}`
      const object = await fill(writer, key, content)
      proxy.fail(operation, { kind: 'lost-answer' })
      assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'stored' })
      assert.equal(hash(await bucket.read(key)), hash(content))
      assert.equal((await bucket.head(key)).Metadata?.['headrace-end-offset'], '9')
    })
  }

  test('an object that lacks its extent because its writer was killed is replaced by the next one', async () => {
    const { writer } = openFor(bucket, { ...tiny, partRetries: 0 })
    const content = randomBytes(25 * MB)
    const object = await fill(writer, 'e/killed', content)
    proxy.fail('CopyObject', { kind: 'answer', status: 503, code: 'SlowDown' })
    await assert.rejects(object.store(extent(0, 9), 'keep', signal), { code: 'HR_RETRIABLE' })
    assert.deepEqual((await bucket.head('e/killed')).Metadata?.['headrace-end-offset'], undefined)
    const next = openWith(openFor(bucket).writer, 'e/killed', content.subarray(0, MB))
    assert.deepEqual(await next.store(extent(0, 4), 'keep', signal), { kind: 'stored' })
    await assert.rejects(object.store(extent(0, 9), 'replace', signal), {
      code: 'HR_CONNECT',
      message: /another program has replaced or deleted the object/,
    })
    await object.discard()
    assert.equal((await bucket.head('e/killed')).Metadata?.['headrace-end-offset'], '4')
  })

  test('an early object stops at one that exists', async () => {
    await openWith(openFor(bucket).writer, 'e/exists', randomBytes(10)).store(extent(0, 4), 'keep', signal)
    const { writer } = openFor(bucket, tiny)
    const object = await fill(writer, 'e/exists', randomBytes(25 * MB))
    assert.deepEqual(await object.store(extent(0, 9), 'keep', signal), { kind: 'exists', endOffset: 4 })
    await object.discard()
    assert.deepEqual(await bucket.uploads(), [])
  })

  test('an early upload that is aborted by another program fails, because its bytes are gone', async () => {
    const { writer } = openFor(bucket, tiny)
    const object = await fill(writer, 'e/aborted', randomBytes(25 * MB))
    proxy.fail('CompleteMultipartUpload', { kind: 'answer', status: 404, code: 'NoSuchUpload' })
    await assert.rejects(object.store(extent(0, 9), 'keep', signal), {
      code: 'HR_CONNECT',
      message: /its upload was aborted by another program\. .*restart the task/,
    })
    await object.discard()
  })

  test('while all bytes belong to objects that are being stored, the next batch waits', async () => {
    const { writer, usage } = openFor(bucket, { ...tiny, partSize: PART })
    const released = gate()
    const objects = []
    for (const key of ['e/wait 1', 'e/wait 2', 'e/wait 3', 'e/wait 4', 'e/wait 5']) {
      objects.push(openWith(writer, key, randomBytes(5 * MB - 1)))
    }
    await writer.settle(0, signal)
    proxy.fail('PutObject', { kind: 'hold', until: () => released.opened }, objects.length)
    const stores = objects.map((object) => object.store(extent(0, 9), 'keep', signal))
    let hasSettled = false
    const settled = writer.settle(0, signal).then(() => (hasSettled = true))
    await proxy.untilRequested('PutObject')
    assert.equal(hasSettled, false)
    released.open()
    await settled
    await Promise.all(stores)
    assert.deepEqual(usage(), { memoryBytes: 0, fileBytes: 0 })
  })
})
