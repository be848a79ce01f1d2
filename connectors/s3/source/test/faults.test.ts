import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { ConnectError } from '../../../../api/index.ts'
import { FakeBucket } from './fake-bucket.ts'
import { FakeOffsets, openTask, pollFor, take, until, valuesOf } from './fake-source.ts'

const key = (start: number) => `topics/t/p/t+0+${String(start).padStart(10, '0')}.json`

test('retriable errors of the storage are reported and retried, without repeating records', async () => {
  const bucket = new FakeBucket()
  bucket.put(key(0), ['a', 'b', 'c', 'd', 'e'])
  let failures = 0
  let reads = 0
  bucket.before = (what) => {
    if (what.startsWith('list') && failures++ < 1)
      throw new ConnectError('HR_RETRIABLE', 'the server is away')
    if (what.startsWith('get')) reads++
  }
  const task = openTask(bucket, new FakeOffsets())
  assert.deepEqual(valuesOf(await take(task, 5)), ['a', 'b', 'c', 'd', 'e'])
  await task.close?.()
  assert.equal(reads, 1)
  assert.match(task.retries[0]?.reason ?? '', /the server is away/)
  assert.equal(task.retries.at(-1), null)
})

test('an object that is replaced while it is read continues after the records that were read', async () => {
  const bucket = new FakeBucket()
  bucket.put(key(0), ['a', 'b', 'c', 'd'])
  let replaced = false
  bucket.before = (what) => {
    if (!what.startsWith('get') || replaced) return
    replaced = true
    bucket.put(key(0), ['a', 'b', 'c', 'd', 'e', 'f'])
  }
  const task = openTask(bucket, new FakeOffsets())
  assert.deepEqual(valuesOf(await take(task, 6)), ['a', 'b', 'c', 'd', 'e', 'f'])
  await task.close?.()
})

test('an error that cannot be retried fails the task after the records before it', async () => {
  const bucket = new FakeBucket()
  bucket.put(key(0), ['a'])
  bucket.put(key(1), ['b'])
  bucket.before = (what) => {
    if (what === `get ${key(1)}`) throw new ConnectError('HR_CONNECT', 'access is denied')
  }
  const task = openTask(bucket, new FakeOffsets())
  assert.deepEqual(valuesOf(await take(task, 1)), ['a'])
  await assert.rejects(pollFor(task, 10_000), /access is denied/)
  await task.close?.()
})

test('an object without its format fails the task, after its valid records', async () => {
  const bucket = new FakeBucket()
  bucket.put(key(0), ['a', 'b', 'c', 'bad', 'd'])
  const task = openTask(bucket, new FakeOffsets())
  assert.deepEqual(valuesOf(await take(task, 3)), ['a', 'b', 'c'])
  await assert.rejects(pollFor(task, 10_000), (error: ConnectError) => {
    assert.equal(error.code, 'HR_DATA_INVALID')
    assert.match(error.message, /^The object s3:\/\/b\/topics.*json cannot be read: line is bad\. /)
    return true
  })
  await task.close?.()
})

test('with ignore, the rest of such an object is left out, and not read after a restart', async () => {
  const bucket = new FakeBucket()
  bucket.put(key(0), ['bad'])
  const offsets = new FakeOffsets()
  const task = openTask(bucket, offsets, { onError: 'ignore' })
  await until(() => task.metrics.get('objects_failed') === 1)
  offsets.commit([], task)
  await task.close?.()
  assert.deepEqual(task.warnings, ['an object cannot be read and is left out'])
  bucket.put(key(5), ['f', 'bad'])
  bucket.put(key(6), ['g'])
  const next = openTask(bucket, offsets, { onError: 'ignore' })
  assert.deepEqual(valuesOf(await take(next, 2)), ['f', 'g'])
  assert.equal(bucket.opened.filter((opened) => opened === key(0)).length, 1)
  await next.close?.()
})

test('objects with different numbers of values and keys are not mixed up', async () => {
  const bucket = new FakeBucket()
  bucket.put(key(0), ['a', 'b', 'c'])
  bucket.put(key(0).replace('.json', '.keys.avro'), ['k1', 'k2'])
  const task = openTask(bucket, new FakeOffsets())
  assert.equal((await take(task, 2)).length, 2)
  await assert.rejects(pollFor(task, 10_000), /keys\.avro has fewer records/)
  await task.close?.()
})

test('an invalid stored offset fails the task', async () => {
  const bucket = new FakeBucket()
  bucket.put(key(0), ['a'])
  const offsets = new FakeOffsets()
  offsets.stored.set(JSON.stringify({ bucket: 'b', series: 'topics/t/p/t+0+' }), { object: 'x' })
  const task = openTask(bucket, offsets)
  await assert.rejects(
    pollFor(task, 10_000),
    /The offset has object=x, expected the end of the key of an object/,
  )
  await task.close?.()
})

test('memory is bounded: reading stops while records wait for Kafka', async () => {
  const bucket = new FakeBucket()
  for (let start = 0; start < 300; start++) bucket.put(key(start), ['x'.repeat(1000)])
  const task = openTask(bucket, new FakeOffsets(), { bufferBytes: 20_000 })
  await until(() => bucket.opened.length >= 8)
  for (let turn = 0; turn < 100; turn++) await setImmediate()
  assert.ok(bucket.opened.length < 20, `opened ${bucket.opened.length}`)
  assert.equal((await take(task, 300)).length, 300)
  await task.close?.()
})

test('closing a task ends pending requests', async () => {
  const bucket = new FakeBucket()
  bucket.put(key(0), ['a'])
  bucket.before = (what) => {
    if (what.startsWith('list')) throw new ConnectError('HR_RETRIABLE', 'away')
  }
  const task = openTask(bucket, new FakeOffsets())
  await until(() => task.retries.length > 0)
  await task.close?.()
  assert.ok(bucket.closed)
})
