import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import type { ObjectWriter } from '../../../connectors/s3/ports.ts'
import { createBucket, startS3Proxy, stopAllChildren } from '../../services/index.ts'
import { extent, gate, hash, JSON_LINES, MB, openFor, openWith, randomBytes, signal } from './objects.ts'

const bucket = await createBucket()
const proxy = await startS3Proxy(bucket.address.endpoint)
after(async () => {
  await proxy.close()
  await bucket.drop()
  await stopAllChildren()
})
const direct = openFor(bucket)
const proxied = openFor(bucket, { endpoint: proxy.endpoint })

/** Stores an object of these records; its content tells what wrote it. */
async function store(
  key: string,
  records: ReturnType<typeof extent>,
  content: string | Buffer,
  whenExists: 'keep' | 'keep-newer' | 'replace' = 'keep',
  writer: ObjectWriter = direct.writer,
) {
  const object = writer.open(key, JSON_LINES)
  object.append(Buffer.from(content))
  const stored = await object.store(records, whenExists, signal)
  if (stored.kind === 'exists') await object.discard()
  return stored
}

const textOf = async (key: string): Promise<string> => (await bucket.read(key)).toString()

suite('objects of one part', () => {
  test('the extent and the attributes are stored with the object', async () => {
    const object = direct.writer.open('t/attributes', { contentType: 'text/plain', contentEncoding: 'gzip' })
    object.append(Buffer.from('content'))
    assert.deepEqual(await object.store(extent(5, 9, 1234), 'keep', signal), { kind: 'stored' })
    const head = await bucket.head('t/attributes')
    assert.equal(head.ContentType, 'text/plain')
    assert.equal(head.ContentEncoding, 'gzip')
    assert.deepEqual(head.Metadata, {
      'headrace-start-offset': '5',
      'headrace-end-offset': '9',
      'headrace-record-count': '5',
      'headrace-start-timestamp': '1234',
    })
  })

  test('an object without bytes is stored', async () => {
    assert.deepEqual(await store('t/empty', extent(0, 0), ''), { kind: 'stored' })
    assert.equal(await textOf('t/empty'), '')
  })

  test('an object that was stored before is not written again', async () => {
    await store('t/equal', extent(0, 9), 'first')
    assert.deepEqual(await store('t/equal', extent(0, 9), 'second'), { kind: 'stored' })
    assert.equal(await textOf('t/equal'), 'first')
  })

  test('a longer object is never shortened, and a shorter one is continued behind its end', async () => {
    await store('t/longer', extent(0, 9), 'ten')
    assert.deepEqual(await store('t/longer', extent(0, 4), 'five'), { kind: 'exists', endOffset: 9 })
    assert.deepEqual(await store('t/longer', extent(0, 19), 'twenty'), { kind: 'exists', endOffset: 9 })
    assert.equal(await textOf('t/longer'), 'ten')
  })

  test('the object of another program and the one of an earlier topic are replaced', async () => {
    await bucket.put('t/foreign', 'of another program')
    assert.deepEqual(await store('t/foreign', extent(0, 9), 'ours'), { kind: 'stored' })
    assert.deepEqual(await store('t/foreign', extent(0, 4, 2000), 'new topic'), { kind: 'stored' })
    assert.equal(await textOf('t/foreign'), 'new topic')
  })

  test('what exists can be replaced after all, with the bytes that were appended', async () => {
    await store('t/replaced', extent(0, 9), 'ten')
    const object = direct.writer.open('t/replaced', JSON_LINES)
    object.append(Buffer.from('five'))
    assert.deepEqual(await object.store(extent(0, 4), 'keep', signal), { kind: 'exists', endOffset: 9 })
    assert.deepEqual(await object.store(extent(0, 4), 'replace', signal), { kind: 'stored' })
    assert.equal(await textOf('t/replaced'), 'five')
  })

  test('the latest record of a key stays', async () => {
    const newer = 'keep-newer'
    assert.deepEqual(await store('t/latest', extent(5, 5), 'fifth', newer), { kind: 'stored' })
    assert.deepEqual(await store('t/latest', extent(7, 7), 'seventh', newer), { kind: 'stored' })
    assert.deepEqual(await store('t/latest', extent(6, 6), 'sixth', newer), { kind: 'exists', endOffset: 7 })
    assert.equal(await textOf('t/latest'), 'seventh')
  })
})

suite('objects of several parts', () => {
  test('of two writers that complete at the same time, one stores and the other one goes on behind it', async () => {
    const [one, other] = [randomBytes(11 * MB), randomBytes(12 * MB)]
    const objects = [
      openWith(direct.writer, 't/race', one),
      openWith(openFor(bucket).writer, 't/race', other),
    ]
    const ends = [9, 19]
    const results = await Promise.all(
      objects.map((object, at) => object.store(extent(0, ends[at] ?? 0), 'keep', signal)),
    )
    await Promise.all(objects.map((object) => object.discard()))
    assert.deepEqual(results.map(({ kind }) => kind).toSorted(), ['exists', 'stored'])
    const winner = results[0]?.kind === 'stored' ? one : other
    assert.equal(hash(await bucket.read('t/race')), hash(winner))
    const loser = results.find((result) => result.kind === 'exists')
    assert.equal(loser?.kind === 'exists' && loser.endOffset, winner === one ? 9 : 19)
  })

  test('a writer that wakes up late leaves the object of its successor', async () => {
    const released = gate()
    proxy.fail('CompleteMultipartUpload', { kind: 'hold', until: () => released.opened })
    const zombie = openWith(proxied.writer, 't/zombie', randomBytes(11 * MB))
    const late = zombie.store(extent(0, 9), 'keep', signal)
    await proxy.untilRequested('CompleteMultipartUpload')
    const content = randomBytes(6 * MB)
    await openWith(direct.writer, 't/zombie', content).store(extent(0, 4), 'keep', signal)
    released.open()
    assert.deepEqual(await late, { kind: 'exists', endOffset: 4 })
    assert.equal(hash(await bucket.read('t/zombie')), hash(content))
    await zombie.discard()
    assert.deepEqual(await bucket.uploads(), [])
  })

  test('the object of another program is replaced', async () => {
    await bucket.put('t/large-foreign', 'of another program')
    const content = randomBytes(6 * MB)
    const stored = await openWith(direct.writer, 't/large-foreign', content).store(
      extent(0, 9),
      'keep',
      signal,
    )
    assert.deepEqual(stored, { kind: 'stored' })
    assert.equal(hash(await bucket.read('t/large-foreign')), hash(content))
  })
})

suite('servers without conditions', () => {
  test('objects are overwritten, with one warning', async () => {
    const { writer, warnings } = openFor(bucket, { endpoint: proxy.endpoint })
    proxy.fail('PutObject', { kind: 'answer', status: 501, code: 'NotImplemented' })
    assert.deepEqual(await store('t/plain', extent(0, 9), 'ten', 'keep', writer), { kind: 'stored' })
    assert.deepEqual(await store('t/plain', extent(0, 4), 'five', 'keep', writer), { kind: 'stored' })
    assert.equal(await textOf('t/plain'), 'five')
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /does not support conditional writes/)
  })

  test('an object that cannot be examined is not overwritten', async () => {
    await store('t/hidden', extent(0, 9), 'ten')
    proxy.fail('HeadObject', { kind: 'answer', status: 403, code: 'AccessDenied' })
    await assert.rejects(store('t/hidden', extent(0, 4), 'five', 'keep', proxied.writer), {
      code: 'HR_CONNECT',
      message: /object that exists there cannot be examined: .*Allow the credentials s3:GetObject/,
    })
    assert.equal(await textOf('t/hidden'), 'ten')
  })
})
