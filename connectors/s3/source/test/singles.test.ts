import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SLOTS } from '../positions/shares.ts'
import { FakeBucket } from './fake-bucket.ts'
import { anyName, FakeOffsets, openTask, pollFor, take, until, valuesOf } from './fake-source.ts'

const now = Date.now()
const HOUR = 3_600_000
const any = { naming: anyName, lateWindowMs: HOUR } as const
const sorted = (values: unknown[]) => values.map(String).toSorted()

test('objects with any name are read once, old and new ones', async () => {
  const bucket = new FakeBucket(7)
  for (let index = 0; index < 50; index++)
    bucket.put(`topics/old-${index}`, [`o${index}`], now - 2 * HOUR - index)
  for (let index = 0; index < 50; index++) bucket.put(`topics/new-${index}`, [`n${index}`], now - index)
  const offsets = new FakeOffsets()
  const task = openTask(bucket, offsets, any)
  const records = await take(task, 100)
  offsets.commit(records, task)
  assert.equal(new Set(valuesOf(records)).size, 100)
  await task.close?.()
  // smaller keys than those read, an older time within the window, and a replaced object
  bucket.put('topics/a', ['late name'], now)
  bucket.put('topics/m', ['late time'], now - HOUR / 2)
  bucket.put('topics/new-7', ['replaced'], now + 1)
  const again = openTask(bucket, offsets, any)
  assert.deepEqual(sorted(valuesOf(await take(again, 3))), ['late name', 'late time', 'replaced'])
  assert.deepEqual(await pollFor(again, 30), [])
  await again.close?.()
  assert.ok(offsets.stored.size <= SLOTS)
})

test('a task continues within an object, old or new, and reads a replaced one from its start', async () => {
  for (const modified of [now, now - 5 * HOUR]) {
    const bucket = new FakeBucket()
    bucket.put('topics/x', ['a', 'b', 'c', 'd'], modified)
    const offsets = new FakeOffsets()
    const task = openTask(bucket, offsets, { ...any, batchSize: 2 })
    offsets.commit((await take(task, 2)).slice(0, 2))
    await task.close?.()
    const next = openTask(bucket, offsets, any)
    assert.deepEqual(valuesOf(await take(next, 2)), ['c', 'd'])
    await next.close?.()
    bucket.put('topics/x', ['e', 'f', 'g'], modified + 1)
    const replaced = openTask(bucket, offsets, any)
    assert.deepEqual(valuesOf(await take(replaced, 3)), ['e', 'f', 'g'])
    await replaced.close?.()
  }
})

test('a pass that was interrupted continues after the last key', async () => {
  const bucket = new FakeBucket()
  for (let index = 0; index < 200; index++)
    bucket.put(`topics/${index}`, [`${index}`], now - 9 * HOUR + index)
  const offsets = new FakeOffsets()
  const task = openTask(bucket, offsets, { ...any, batchSize: 50 })
  const first = await take(task, 50)
  offsets.commit(first)
  await task.close?.()
  const next = openTask(bucket, offsets, any)
  const rest = await take(next, 200 - first.length)
  await next.close?.()
  assert.equal(new Set([...valuesOf(first), ...valuesOf(rest)]).size, 200)
  assert.equal(first.length + rest.length, 200)
})

test('slots are divided among tasks', async () => {
  const bucket = new FakeBucket()
  for (let index = 0; index < 100; index++) bucket.put(`topics/${index}`, [`${index}`], now)
  const offsets = new FakeOffsets()
  const read: unknown[] = []
  for (const task of [0, 1]) {
    const opened = openTask(bucket, offsets, any, { task, tasks: 2 })
    await until(() => (opened.metrics.get('list_pages') ?? 0) > 0)
    for (;;) {
      const polled = await pollFor(opened, 50)
      if (polled.length === 0) break
      offsets.commit(polled)
      read.push(...valuesOf(polled))
    }
    await opened.close?.()
  }
  assert.equal(new Set(read).size, 100)
  assert.equal(read.length, 100)
})
