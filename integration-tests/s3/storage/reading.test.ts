import assert from 'node:assert/strict'
import { CreateMultipartUploadCommand } from '@aws-sdk/client-s3'
import { after, afterEach, suite, test } from 'node:test'
import type { ListedObject } from '../../../connectors/s3/ports.ts'
import { createBucket, startS3Proxy, stopAllChildren, waitFor } from '../../services/index.ts'
import { hash, MB, openFor, randomBytes, signal } from './objects.ts'

const bucket = await createBucket()
const proxy = await startS3Proxy(bucket.address.endpoint)
after(async () => {
  await proxy.close()
  await bucket.drop()
  await stopAllChildren()
})
afterEach(() => proxy.heal())
const { storage } = openFor(bucket, { endpoint: proxy.endpoint })

async function list(prefix: string, startAfter?: string): Promise<ListedObject[]> {
  const found: ListedObject[] = []
  for await (const page of storage.bucket.list(prefix, startAfter, signal)) found.push(...page)
  return found
}

async function listed(key: string): Promise<ListedObject> {
  const [object] = await list(key)
  assert.ok(object !== undefined, key)
  return object
}

async function readFrom(object: ListedObject, from: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of storage.bucket.open(object).stream(from, signal)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

suite('listing', () => {
  test('keys come in order, over several pages, with all characters', async () => {
    const special = ['l/a b', 'l/a+b', 'l/a%20b', 'l/ä&<>"', 'l/year=2026/x+0+0000000042.json.gz']
    const keys = [...special, ...Array.from({ length: 1010 }, (_, at) => `l/n${at}`)].toSorted()
    const queue = keys.slice()
    const lane = async () => {
      for (let key = queue.pop(); key !== undefined; key = queue.pop()) await bucket.put(key, key)
    }
    await Promise.all([lane(), lane(), lane(), lane()])
    const found = await list('l/')
    assert.deepEqual(
      found.map(({ key }) => key),
      keys,
    )
    assert.equal(found[0]?.size, Buffer.byteLength(keys[0] ?? ''))
    assert.deepEqual(
      (await list('l/', keys[1004])).map(({ key }) => key),
      keys.slice(1005),
    )
    assert.deepEqual(await list('nothing/'), [])
  })

  test('a page that fails is asked for again', async () => {
    proxy.fail('ListObjectsV2', { kind: 'answer', status: 503, code: 'SlowDown' }, 2)
    assert.equal((await list('l/n1009')).length, 1)
  })

  test('a page of a gateway is no empty bucket', async () => {
    proxy.fail('ListObjectsV2', { kind: 'body', status: 200, body: '<html></html>' }, 4)
    await assert.rejects(list('l/n1009'), { code: 'HR_RETRIABLE' })
  })
})

suite('reading', () => {
  const content = randomBytes(3 * MB)

  test('an object is read from any position, and in ranges', async () => {
    await bucket.put('r/object', content)
    const object = await listed('r/object')
    assert.equal(hash(await readFrom(object, 0)), hash(content))
    assert.equal(hash(await readFrom(object, 12_345)), hash(content.subarray(12_345)))
    assert.equal((await readFrom(object, object.size)).length, 0)
    const source = storage.bucket.open(object)
    assert.deepEqual(await source.range(100, 200, signal), content.subarray(100, 200))
    assert.deepEqual(
      await source.range(content.length - 5, content.length + 100, signal),
      content.subarray(-5),
    )
  })

  test('a connection that is cut is continued with the next byte', async () => {
    const object = await listed('r/object')
    proxy.fail('GetObject', { kind: 'cut-answer', after: 700_001 }, 4)
    assert.equal(hash(await readFrom(object, 0)), hash(content))
  })

  test('a connection that is cut again and again without a byte is given up', async () => {
    const object = await listed('r/object')
    proxy.fail('GetObject', { kind: 'cut-answer', after: 0 }, 100)
    await assert.rejects(readFrom(object, 0), { code: 'HR_RETRIABLE', message: /^Cannot read r\/object/ })
  })

  test('an object that was replaced or deleted after it was listed is not read', async () => {
    await bucket.put('r/replaced', 'first')
    const object = await listed('r/replaced')
    await bucket.put('r/replaced', 'other')
    await assert.rejects(readFrom(object, 0), {
      code: 'HR_RETRIABLE',
      message: /was replaced or deleted after it was listed/,
    })
    await assert.rejects(readFrom({ ...object, key: 'r/deleted' }, 0), /was replaced or deleted/)
  })

  test('a reader that stops early closes the connection, and a stop ends the wait', async () => {
    const object = await listed('r/object')
    for await (const chunk of storage.bucket.open(object).stream(0, signal)) {
      assert.ok(chunk.length > 0)
      break
    }
    const stop = new AbortController()
    proxy.fail('GetObject', { kind: 'hang' })
    const reading = storage.bucket.open(object).range(0, 10, stop.signal)
    stop.abort(new Error('the task stops'))
    await assert.rejects(reading, { message: 'the task stops' })
  })
})

suite('unfinished uploads', () => {
  const begin = async (key: string): Promise<void> => {
    await bucket.client.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key: key }))
  }
  const ours = (key: string): boolean => key.includes('+0+')
  /** Opens storages until `count` uploads are aborted: the clock of the server, which counts seconds, must have moved on. */
  async function abortLater(prefix: string, count: number): Promise<void> {
    let aborted = 0
    const attempt = async () => {
      aborted += await openFor(bucket, { endpoint: proxy.endpoint }).storage.abortLeftovers(
        prefix,
        ours,
        signal,
      )
      return aborted >= count ? true : undefined
    }
    await waitFor(attempt, { timeoutMs: 30_000, what: () => `${count} aborted uploads, not ${aborted}` })
    assert.equal(aborted, count)
  }

  test('only those below the prefix that belong to the task are aborted', async () => {
    await begin('u/t/p=0/t+0+0000000000.json')
    await begin('u/t/p=0/t+0+0000000010.json')
    await begin('u/t/p=1/t+1+0000000000.json')
    await begin('u/other/p=0/other+0+0000000000.json')
    await abortLater('u/t/', 2)
    assert.deepEqual(await bucket.uploads(), [
      'u/other/p=0/other+0+0000000000.json',
      'u/t/p=1/t+1+0000000000.json',
    ])
  })

  test('those that began after the storage was opened are left alone', async () => {
    await begin('u/t/p=0/t+0+0000000020.json')
    assert.equal(await storage.abortLeftovers('u/t/', ours, signal), 0)
  })

  test('without the permission to list them, there is one warning', async () => {
    const { storage: other, warnings } = openFor(bucket, { endpoint: proxy.endpoint })
    proxy.fail('ListMultipartUploads', { kind: 'answer', status: 403, code: 'AccessDenied' })
    assert.equal(await other.abortLeftovers('u/t/', ours, signal), 0)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /s3:ListBucketMultipartUploads.*lifecycle rule/)
  })
})
