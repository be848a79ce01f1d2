import assert from 'node:assert/strict'
import { test } from 'node:test'
import { FakeBucket } from './fake-bucket.ts'
import { byValue, keyView, planOf, recordAt, records, valueView } from './plans.ts'
import { Simulation } from './simulation.ts'

const bySize = (flushSize: number, init: Parameters<typeof planOf>[0] = {}) =>
  planOf({ ...init, rotation: { flushSize } })

/** Stores the records with objects of this size. */
async function earlierTask(bucket: FakeBucket, flushSize: number, end: number): Promise<void> {
  const task = new Simulation({ bucket, plan: bySize(flushSize), log: records(0, end) })
  await task.run()
  await task.close()
}

const name = (offset: number) => `t/partition=0/t+0+000${offset}.json`

test('a shorter object of an earlier task is kept, and the next one starts behind it', async () => {
  const bucket = new FakeBucket()
  await earlierTask(bucket, 2, 2)
  const task = new Simulation({ bucket, plan: bySize(4), log: records(0, 6) })
  assert.equal(await task.run(), 6)
  assert.deepEqual(
    bucket.keys.map((key) => bucket.lines(key).length),
    [2, 4],
  )
  assert.deepEqual(bucket.keys, [name(0), name(2)])
  assert.equal(task.metrics.get('objects_kept'), 1)
  assert.equal(task.lines.length, 1)
  assert.deepEqual(task.lines[0]?.fields, {
    topic: 't',
    partition: 0,
    objects: 1,
    key: name(0),
    endOffset: 1,
  })
  await task.close()
})

test('of a longer object the rest is skipped; no offset inside is committed before its end is reached', async () => {
  const bucket = new FakeBucket()
  await earlierTask(bucket, 8, 8)
  const log = records(0, 6)
  const task = new Simulation({ bucket, plan: bySize(3), log })
  assert.equal(await task.run(), 0)
  log.push(...records(6, 8))
  assert.equal(await task.run(), 8) // the topic ends with the object
  log.push(...records(8, 11))
  assert.equal(await task.run(), 11)
  assert.deepEqual(bucket.keys, [name(0), name(8)])
  await task.close()
})

test('records that were read before the task is sent back are not taken for those after it', async () => {
  const bucket = new FakeBucket()
  await earlierTask(bucket, 2, 2)
  const task = new Simulation({ bucket, plan: bySize(3), log: records(0, 12) })
  await task.put(3)
  // The conflict is found between two batches; the task then asks for the next one
  while (task.requests.putWithinMs !== 0) await new Promise(setImmediate)
  await task.put(3)
  assert.deepEqual(task.requests.seeks, [{ topic: 't', partition: 0, offset: 0 }])
  assert.equal(await task.commit(), 0)
  await task.run(3)
  assert.deepEqual(bucket.keys, [name(0), name(2), name(5), name(8)])
  await task.close()
})

test('objects of other directories are stored once while one is skipped', async () => {
  const bucket = new FakeBucket()
  const log = records(0, 13, (offset) => ({ value: offset % 3 === 0 ? 'a' : 'b' }))
  const first = new Simulation({ bucket, plan: bySize(9, { partitioner: byValue }), log: log.slice(0, 9) })
  await first.run()
  await first.close()
  bucket.objects.delete('t/v=b/t+0+0001.json') // the task was killed before it had stored both
  const task = new Simulation({ bucket, plan: bySize(4, { partitioner: byValue }), log })
  await task.put()
  await task.stored()
  assert.ok((await task.commit()) <= 1)
  await task.run()
  await task.close()
  const stored = bucket.keys.flatMap((key) => bucket.lines(key))
  assert.equal(stored.filter((line) => line === '"a"').length, 5)
  assert.equal(stored.filter((line) => line === '"b"').length, 8)
})

test('an object of other records with the same name is replaced', async () => {
  const bucket = new FakeBucket()
  bucket.objects.set(name(0), { text: 'foreign\n', extent: null })
  const task = new Simulation({ bucket, plan: bySize(3), log: records(0, 3) })
  assert.equal(await task.run(), 3)
  assert.deepEqual(bucket.lines(name(0)), ['"v0"', '"v1"', '"v2"'])
  await task.close()
})

test('keys that a killed task left without values are replaced if they have other records', async () => {
  const bucket = new FakeBucket()
  const views = [valueView, keyView]
  const log = records(0, 4, (offset) => ({ key: `k${offset}` }))
  const first = new Simulation({ bucket, plan: bySize(2, { views }), log: log.slice(0, 2) })
  await first.run()
  await first.close()
  bucket.objects.delete(name(0))
  const task = new Simulation({ bucket, plan: bySize(4, { views }), log })
  assert.equal(await task.run(), 4)
  assert.deepEqual(bucket.lines(name(0).replace('.json', '.keys.json')).length, 4)
  assert.equal(bucket.lines(name(0)).length, 4)
  await task.close()
  assert.equal(bucket.open, 0)
})

test('keys of a kept object stay as they are', async () => {
  const bucket = new FakeBucket()
  const views = [valueView, keyView]
  const log = records(0, 6, () => ({ key: 'k' }))
  const first = new Simulation({ bucket, plan: bySize(2, { views }), log: log.slice(0, 2) })
  await first.run()
  await first.close()
  const task = new Simulation({ bucket, plan: bySize(4, { views }), log })
  await task.run()
  await task.close()
  for (const key of bucket.keys) assert.equal(bucket.lines(key).length, key.includes('0000') ? 2 : 4)
  assert.equal(bucket.open, 0)
})

test('what comes behind a kept object is dropped, also if it is closed already', async () => {
  const bucket = new FakeBucket()
  await earlierTask(bucket, 3, 3)
  const task = new Simulation({ bucket, plan: bySize(2), log: [...records(0, 9), recordAt(9)] })
  await task.put()
  await task.run()
  assert.deepEqual(bucket.keys, [name(0), name(3), name(5), name(7)])
  await task.close()
})
