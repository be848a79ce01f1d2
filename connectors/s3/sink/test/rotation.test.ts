import assert from 'node:assert/strict'
import { test } from 'node:test'
import { INT32, STRING, type SinkRecord } from '../../../../api/index.ts'
import { FakeBucket } from './fake-bucket.ts'
import { byValue, HOUR, hourly, planOf, recordAt, records } from './plans.ts'
import { Simulation, type SimulationInit } from './simulation.ts'

/** Writes the records, and returns the numbers of records of all objects, by key. */
async function write(init: Omit<SimulationInit, 'bucket'>): Promise<Record<string, number>> {
  const bucket = new FakeBucket()
  const task = new Simulation({ bucket, ...init })
  await task.run()
  await task.close()
  return sizes(bucket)
}

function sizes(bucket: FakeBucket): Record<string, number> {
  return Object.fromEntries(bucket.keys.map((key) => [key, bucket.lines(key).length]))
}

const at = (offset: number, timestamp: number): SinkRecord => recordAt(offset, { timestamp })
const MINUTE = 60_000

test('objects are closed after flush.size records and have the offset of their first record in the name', async () => {
  assert.deepEqual(await write({ plan: planOf(), log: records(0, 10) }), {
    't/partition=0/t+0+0000.json': 3,
    't/partition=0/t+0+0003.json': 3,
    't/partition=0/t+0+0006.json': 3,
  })
})

test('nothing is stored before a rotation, and open objects are dropped at the end', async () => {
  const bucket = new FakeBucket()
  const task = new Simulation({ bucket, plan: planOf(), log: records(0, 2) })
  assert.equal(await task.run(), 0)
  assert.equal(bucket.open, 1)
  await task.close()
  assert.deepEqual([bucket.keys, bucket.open], [[], 0])
})

test('flush.size counts the records of all directories, which are closed together', async () => {
  const plan = planOf({ partitioner: byValue, rotation: { flushSize: 5 } })
  const log = records(0, 11, (offset) => ({ value: offset % 2 }))
  assert.deepEqual(await write({ plan, log }), {
    't/v=0/t+0+0000.json': 3,
    't/v=0/t+0+0006.json': 2,
    't/v=1/t+0+0001.json': 2,
    't/v=1/t+0+0005.json': 3,
  })
})

test('a new directory beyond the limit of open ones closes all', async () => {
  const plan = planOf({ partitioner: byValue, rotation: { flushSize: 10, maxOpenDirectories: 5 } })
  const log = records(0, 6, (offset) => ({ value: 16 + offset }))
  const expected = [0, 1, 2, 3, 4].map((n) => [`t/v=${16 + n}/t+0+000${n}.json`, 1])
  assert.deepEqual(await write({ plan, log }), Object.fromEntries(expected))
})

test('a record whose time is the interval after that of the first one opens the next object', async () => {
  const plan = planOf({ partitioner: hourly, rotation: { flushSize: null, intervalMs: MINUTE } })
  const log = Array.from({ length: 9 }, (_, offset) => at(offset, 10 * HOUR + offset * 20_000))
  assert.deepEqual(await write({ plan, log }), {
    't/hour=10/t+0+0000.json': 3,
    't/hour=10/t+0+0003.json': 3,
  })
})

const outOfOrder = [0, -2, 9, -5, 10].map((minutes, offset) => at(offset, 10 * HOUR + minutes * MINUTE))

test('a record of another directory closes the objects if rotation by time is on', async () => {
  const plan = planOf({ partitioner: hourly, rotation: { flushSize: null, intervalMs: 10 * MINUTE } })
  assert.deepEqual(await write({ plan, log: outOfOrder }), {
    't/hour=10/t+0+0000.json': 1,
    't/hour=9/t+0+0001.json': 1,
    't/hour=10/t+0+0002.json': 1,
    't/hour=9/t+0+0003.json': 1,
  })
})

test('without rotation at a change of the directory, a late record gets an object beside the others', async () => {
  const rotation = { flushSize: null, intervalMs: 10 * MINUTE, onDirectoryChange: false }
  assert.deepEqual(await write({ plan: planOf({ partitioner: hourly, rotation }), log: outOfOrder }), {
    't/hour=10/t+0+0000.json': 2,
    't/hour=9/t+0+0001.json': 2,
  })
})

test('the interval counts from the first record that has a time', async () => {
  const rotation = { flushSize: null, intervalMs: 10 * MINUTE, onDirectoryChange: false }
  const log = [recordAt(0, { timestamp: null }), at(1, 20 * MINUTE), at(2, 5 * MINUTE), at(3, 30 * MINUTE)]
  assert.deepEqual(await write({ plan: planOf({ partitioner: hourly, rotation }), log }), {
    't/hour=0/t+0+0000.json': 3,
  })
})

test('a change of the directory alone closes nothing', async () => {
  const plan = planOf({ partitioner: byValue, rotation: { flushSize: 4 } })
  const log = records(0, 4, (offset) => ({ value: offset % 2 }))
  assert.deepEqual(await write({ plan, log }), { 't/v=0/t+0+0000.json': 2, 't/v=1/t+0+0001.json': 2 })
})

test('the interval does not pass while no records arrive', async () => {
  const clock = { now: 0 }
  const bucket = new FakeBucket()
  const partitioner = { directoryOf: () => 'd', timeOf: (_: SinkRecord, now: number) => now }
  const plan = planOf({ partitioner, rotation: { flushSize: null, intervalMs: HOUR } })
  const task = new Simulation({ bucket, plan, log: records(0, 2), now: () => clock.now })
  await task.run()
  clock.now = 10 * HOUR
  await task.run()
  assert.deepEqual(bucket.keys, [])
  task.log.push(recordAt(2))
  await task.run()
  assert.deepEqual(sizes(bucket), { 't/d/t+0+0000.json': 2 })
  await task.close()
})

test('all records of a put have the same time', async () => {
  let now = 0
  const partitioner = { directoryOf: (_: SinkRecord, time: number) => `at=${time}` }
  const plan = planOf({ partitioner, rotation: { flushSize: 3000 } })
  const stored = await write({ plan, log: records(0, 3000), now: () => now++ })
  assert.deepEqual(Object.values(stored), [3000])
})

const everyTenMinutes = (now: number) => (Math.floor(now / (10 * MINUTE)) + 1) * 10 * MINUTE

test('open objects are closed at the scheduled time, without records, and a put is asked for then', async () => {
  const clock = { now: MINUTE }
  const bucket = new FakeBucket()
  const plan = planOf({ rotation: { flushSize: 100, nextScheduled: everyTenMinutes } })
  const task = new Simulation({ bucket, plan, log: records(0, 3), now: () => clock.now })
  await task.put()
  assert.equal(task.requests.putWithinMs, 9 * MINUTE)
  clock.now = 10 * MINUTE
  assert.equal(await task.run(), 3)
  assert.equal(task.requests.putWithinMs, undefined)
  assert.deepEqual(sizes(bucket), { 't/partition=0/t+0+0000.json': 3 })
  await task.close()
})

test('a scheduled time that passes while nothing is open closes nothing later', async () => {
  const clock = { now: 0 }
  const bucket = new FakeBucket()
  const plan = planOf({ rotation: { flushSize: 100, nextScheduled: everyTenMinutes } })
  const task = new Simulation({ bucket, plan, now: () => clock.now })
  await task.put()
  for (let idle = 0; idle < 5; idle++) {
    clock.now += 11 * MINUTE
    if (idle === 4) task.log.push(...records(0, 3))
    await task.run()
  }
  assert.deepEqual(bucket.keys, [])
  clock.now += 11 * MINUTE
  task.log.push(recordAt(3))
  await task.run()
  assert.deepEqual(sizes(bucket), { 't/partition=0/t+0+0000.json': 3 })
  await task.close()
})

test('a schema that does not fit closes all objects, one that fits is projected', async () => {
  const bucket = new FakeBucket()
  const compatibility = {
    mustRotate: ({ value }: { value: unknown }) => value === 'other',
    project: ({ value }: { value: unknown }) => ({ schema: STRING, value: `projected ${String(value)}` }),
  }
  const log = records(0, 4, (offset) => (offset === 0 ? {} : { valueSchema: INT32, value: offset }))
  log.push(recordAt(4, { valueSchema: INT32, value: 'other' }))
  const task = new Simulation({ bucket, plan: planOf({ compatibility, rotation: { flushSize: 10 } }), log })
  assert.equal(await task.run(), 4)
  assert.deepEqual(
    bucket.lines('t/partition=0/t+0+0000.json').slice(1),
    [1, 2, 3].map((n) => `"projected ${n}"`),
  )
  await task.close()
})

for (const [first, second] of [
  [STRING, null],
  [null, STRING],
]) {
  test(`a value ${second === null ? 'without' : 'with'} a schema closes the objects of others`, async () => {
    const plan = planOf({ rotation: { flushSize: 10 } })
    const log = records(0, 3, (offset) => ({ valueSchema: (offset < 2 ? first : second) ?? null }))
    assert.deepEqual(await write({ plan, log }), { 't/partition=0/t+0+0000.json': 2 })
  })
}

test('put returns after its longest time, and the next one goes on with the same boundaries', async () => {
  const bucket = new FakeBucket()
  const clock = { now: 0 }
  const partitioner = { directoryOf: () => (clock.now++, 'd') }
  const plan = planOf({ partitioner, maxPutMs: 4 })
  const task = new Simulation({ bucket, plan, log: records(0, 9), now: () => clock.now })
  await task.put()
  assert.equal(task.paused, true)
  assert.equal(task.requests.putWithinMs, 0)
  await task.run()
  assert.deepEqual(Object.values(sizes(bucket)), [3, 3, 3])
  assert.equal(task.paused, false)
  await task.close()
})
