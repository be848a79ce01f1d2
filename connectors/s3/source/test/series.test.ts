import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeBucket } from './fake-bucket.ts'
import { FakeOffsets, openTask, pollFor, take, until, valuesOf } from './fake-source.ts'

test('objects of a series are read by offset, into the topic and partition of their names', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/t/partition=1/t+1+0000000002.json', ['c'])
  bucket.put('topics/t/partition=1/t+1+0000000000.json', ['a', 'b'])
  bucket.put('topics/t/partition=0/t+0+0000000000.json', ['x'])
  const task = openTask(bucket, new FakeOffsets())
  const records = await take(task, 4)
  await task.close?.()
  assert.deepEqual(
    records.map(({ topic, partition: number, value, timestamp }) => [topic, number, value, timestamp]),
    [
      ['t', 0, 'x', null],
      ['t', 1, 'a', null],
      ['t', 1, 'b', null],
      ['t', 1, 'c', null],
    ],
  )
  assert.deepEqual(records[1]?.sourcePartition, { bucket: 'b', series: 'topics/t/partition=1/t+1+' })
  assert.deepEqual(
    records
      .slice(1)
      .map(({ sourceOffset }) => [
        sourceOffset?.['object'],
        sourceOffset?.['records'],
        sourceOffset?.['done'],
      ]),
    [
      ['0000000000.json', 1, false],
      ['0000000000.json', 2, true],
      ['0000000002.json', 1, true],
    ],
  )
  assert.ok(bucket.closed)
})

test('offsets without padding are read in numeric order', async () => {
  const bucket = new FakeBucket(2)
  for (const start of [9, 10, 100, 2, 0]) bucket.put(`topics/t/p/t+0+${start}.json`, [`${start}`])
  const task = openTask(bucket, new FakeOffsets())
  assert.deepEqual(valuesOf(await take(task, 5)), ['0', '2', '9', '10', '100'])
  await task.close?.()
})

test('a task continues within an object after the stored record', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/t/p/t+0+0000000000.json', ['a', 'b', 'c', 'd', 'e'])
  const offsets = new FakeOffsets()
  const first = openTask(bucket, offsets, { batchSize: 3 })
  offsets.commit((await take(first, 3)).slice(0, 3))
  await first.close?.()
  const second = openTask(bucket, offsets)
  assert.deepEqual(valuesOf(await take(second, 2)), ['d', 'e'])
  await second.close?.()
})

test('new objects are found by later listings, which leave out what has been read', async () => {
  const bucket = new FakeBucket(5)
  const key = (start: number) => `topics/t/p/t+0+${String(start).padStart(10, '0')}.json`
  for (let start = 0; start < 40; start++) bucket.put(key(start), [`${start}`])
  const offsets = new FakeOffsets()
  const first = openTask(bucket, offsets)
  offsets.commit(await take(first, 40))
  await first.close?.()
  const before = bucket.pages
  const task = openTask(bucket, offsets, { pollIntervalMs: 600_000 })
  await until(() => bucket.pages >= before + 2)
  assert.equal(bucket.listings.at(-1)?.startAfter, 'topics/t/p/t+0+0000000039')
  assert.equal(bucket.pages, before + 2, 'a page up to the mark and one behind it')
  await task.close?.()
  bucket.put(key(40), ['40'])
  const next = openTask(bucket, offsets)
  assert.deepEqual(valuesOf(await take(next, 1)), ['40'])
  await next.close?.()
})

test('the series of other tasks are left out, and all are read by some task', async () => {
  const bucket = new FakeBucket(10)
  for (let topic = 0; topic < 20; topic++) {
    for (let start = 0; start < 30; start++) {
      bucket.put(`topics/t${topic}/p/t${topic}+0+${String(start).padStart(10, '0')}.json`, [
        `${topic}-${start}`,
      ])
    }
  }
  const offsets = new FakeOffsets()
  const read: unknown[] = []
  const counts: number[] = []
  for (const task of [0, 1, 2]) {
    const opened = openTask(bucket, offsets, { pollIntervalMs: 600_000 }, { task, tasks: 3 })
    const values: unknown[] = []
    for (;;) {
      const polled = await pollFor(opened, 200)
      if (polled.length === 0) break
      offsets.commit(polled)
      values.push(...valuesOf(polled))
    }
    read.push(...values)
    counts.push(values.length)
    await opened.close?.()
  }
  assert.equal(new Set(read).size, 600)
  assert.equal(read.length, 600)
  assert.ok(counts.every((count) => count > 0))
  // with another number of tasks, each continues where the series was left
  bucket.put('topics/t7/p/t7+0+0000000030.json', ['new'])
  const single = openTask(bucket, offsets)
  assert.deepEqual(valuesOf(await take(single, 1)), ['new'])
  await single.close?.()
})

test('an object that appears before the position is counted and reported once, and not read', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/t/p/t+0+0000000000.json', ['a'])
  bucket.put('topics/t/p/t+0+0000000005.json', ['f'])
  const offsets = new FakeOffsets()
  const task = openTask(bucket, offsets)
  await take(task, 2)
  bucket.put('topics/t/p/t+0+0000000003.json', ['late'])
  await until(() => task.metrics.get('objects_late') === 1)
  bucket.put('topics/t/p/t+0+0000000006.json', ['g'])
  assert.deepEqual(valuesOf(await take(task, 1)), ['g'])
  await task.close?.()
  assert.deepEqual(task.warnings, ['objects appeared before the position of the source and are not read'])
  assert.equal(task.metrics.get('objects_late'), 1)
})

test('a new object behind a gap waits for others, one without a gap does not', async () => {
  const bucket = new FakeBucket()
  const now = Date.now()
  bucket.put('topics/t/p/t+0+0000000000.json', ['a', 'b'], now - 60_000)
  bucket.put('topics/t/p/t+0+0000000002.json', ['c'], now)
  bucket.put('topics/t/p/t+0+0000000009.json', ['j'], now)
  const task = openTask(bucket, new FakeOffsets(), { lateWaitMs: 30_000 })
  assert.deepEqual(valuesOf(await take(task, 3)), ['a', 'b', 'c'])
  assert.deepEqual(await pollFor(task, 50), [], 'the last one may have one before it')
  bucket.put('topics/t/p/t+0+0000000003.json', ['d', 'e', 'f', 'g', 'h', 'i'], now)
  assert.deepEqual(valuesOf(await take(task, 7)), ['d', 'e', 'f', 'g', 'h', 'i', 'j'])
  assert.equal(task.metrics.get('objects_late') ?? 0, 0)
  await task.close?.()
})

test('objects with keys and headers are joined, and required ones are waited for', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/t/p/t+0+0000000000.json', ['a', 'b', 'c'], Date.now())
  const task = openTask(bucket, new FakeOffsets(), { requiredKeys: true, lateWaitMs: 60_000 })
  assert.deepEqual(await pollFor(task, 30), [])
  bucket.put('topics/t/p/t+0+0000000000.keys.avro', ['k1', 'k2', 'k3'], 1)
  bucket.put('topics/t/p/t+0+0000000000.json', ['a', 'b', 'c'], 1)
  const records = await take(task, 3)
  assert.deepEqual(
    records.map(({ key, value }) => [key, value]),
    [
      ['k1', 'a'],
      ['k2', 'b'],
      ['k3', 'c'],
    ],
  )
  await task.close?.()
})

test('keys in the directory of tombstones become records without a value; other keys alone are not read', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/t/p/t+0+0000000004.keys.avro', ['k9'])
  bucket.put('topics/t/tombstone/t+0+0000000000.keys.avro', ['k1', 'k2'])
  const task = openTask(bucket, new FakeOffsets())
  const records = await take(task, 2)
  await task.close?.()
  assert.deepEqual(
    records.map(({ key, value, sourceOffset }) => [key, value, sourceOffset?.['object']]),
    [
      ['k1', null, '0000000000.keys.avro'],
      ['k2', null, '0000000000.keys.avro'],
    ],
  )
})

test('foreign and empty objects are counted and not read', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/README.txt', ['x'])
  bucket.put('topics/t/p/t+0+0000000001.foreign', ['x'])
  bucket.put('topics/t/p/t+0+0000000000.json', [])
  bucket.put('topics/t/p/t+0+0000000002.json', ['a'])
  const task = openTask(bucket, new FakeOffsets())
  assert.deepEqual(valuesOf(await take(task, 1)), ['a'])
  await until(() => task.metrics.get('objects_ignored') === 2 && task.metrics.get('objects_empty') === 1)
  await task.close?.()
})

test('poll returns soon after its signal, and the records that were read come next', async () => {
  const bucket = new FakeBucket()
  bucket.put('topics/t/p/t+0+0000000000.json', ['a', 'b', 'c', 'd'])
  const open = bucket.gate('topics/t/p/t+0+0000000000.json c')
  const task = openTask(bucket, new FakeOffsets())
  assert.deepEqual(await pollFor(task, 20), [])
  open()
  assert.deepEqual(valuesOf(await take(task, 4)), ['a', 'b', 'c', 'd'])
  assert.deepEqual(await task.poll(AbortSignal.abort()), [])
  await task.close?.()
})
