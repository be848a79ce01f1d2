import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { sinkRecord } from '../../../../testing/index.ts'
import { FakeBucket, unavailable } from './fake-bucket.ts'
import { byValue, lines, planOf, recordAt, records, valueView } from './plans.ts'
import { Simulation } from './simulation.ts'

const turns = async (count = 5) => {
  for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
}

function deferred() {
  let resolve = () => {}
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

/** A gate that attempts to store objects wait at, unless they are aborted. */
function gateOf(bucket: FakeBucket) {
  const gate = deferred()
  bucket.beforeStore = (_key, signal) =>
    Promise.race([
      gate.promise,
      new Promise<void>((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
      ),
    ])
  return gate
}

test('records are written while closed objects are stored, and their offsets wait for it', async () => {
  const bucket = new FakeBucket()
  const gate = gateOf(bucket)
  const task = new Simulation({ bucket, plan: planOf(), log: records(0, 8) })
  await task.put()
  assert.deepEqual([bucket.keys, bucket.open, await task.commit()], [[], 3, 0])
  assert.equal(task.metrics.get('closed_objects'), 2)
  gate.resolve()
  assert.equal(await task.run(), 6)
  assert.ok(task.requests.commits >= 2)
  assert.deepEqual(bucket.stored, bucket.keys)
  await task.close()
})

test('too many closed objects hold the records back, and pause the partition', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const bucket = new FakeBucket()
  const gate = gateOf(bucket)
  const task = new Simulation({ bucket, plan: planOf({ rotation: { flushSize: 1 } }), log: records(0, 20) })
  let returned = false
  const put = task.put().then(() => (returned = true))
  await turns()
  assert.equal(returned, false)
  mock.timers.tick(5000)
  await put
  mock.timers.reset()
  assert.deepEqual([task.paused, bucket.open], [true, 9])
  assert.equal(await task.commit(), 0)
  gate.resolve()
  await turns()
  assert.equal(task.requests.putWithinMs, 0)
  assert.equal(await task.run(), 20)
  assert.equal(task.paused, false)
  await task.close()
})

test('a put that waits goes on as soon as there is room, and ends when the task is stopped', async () => {
  const bucket = new FakeBucket()
  const gate = gateOf(bucket)
  const plan = planOf({ rotation: { flushSize: 1 } })
  const task = new Simulation({ bucket, plan, log: records(0, 30) })
  const put = task.put()
  await turns()
  gate.resolve()
  await put
  assert.equal(await task.run(), 30)
  await task.close()

  gateOf(bucket)
  const other = new Simulation({ bucket, plan, log: records(100, 130), from: 100 })
  const waiting = other.put()
  await turns()
  other.worker.stopNow()
  await waiting
  assert.equal(await other.commit(), 100)
  await other.close()
  assert.equal(bucket.open, 0)
})

test('attempts that fail temporarily are repeated and reported', async () => {
  const bucket = new FakeBucket()
  let failures = 3
  bucket.beforeStore = () => {
    if (failures-- > 0) throw unavailable()
  }
  const task = new Simulation({ bucket, plan: planOf(), log: records(0, 3) })
  assert.equal(await task.run(), 3)
  const attempts = task.worker.retries.map((retry) => retry?.attempt)
  assert.deepEqual(attempts, [1, 2, 3, undefined])
  assert.match(String(task.worker.retries[0]?.reason), /^the server is unavailable/)
  assert.equal(task.metrics.get('upload_retries'), 3)
  await task.close()
})

test('an error that another attempt cannot avoid fails the task, and commits nothing behind it', async () => {
  const bucket = new FakeBucket()
  bucket.beforeStore = (key) => {
    if (key.includes('0003')) throw new ConnectError('HR_CONNECT', 'access denied')
  }
  const task = new Simulation({ bucket, plan: planOf(), log: records(0, 9) })
  await task.put()
  await assert.rejects(task.stored(), { message: 'access denied' })
  assert.equal(task.worker.failures.length, 1)
  assert.equal(await task.commit(), 3)
  await task.close()
  assert.deepEqual([bucket.keys.length, bucket.open], [1, 0])
})

test('objects that were closed before the record that fails the task are stored first', async () => {
  const bucket = new FakeBucket()
  const gate = gateOf(bucket)
  const log = [...records(0, 7), recordAt(7, { value: null, valueSchema: null })]
  const task = new Simulation({ bucket, plan: planOf(), log })
  await task.put(2)
  const failed = assert.rejects(task.put(), { message: /offset 7 of t-0 has a null value/ })
  await turns()
  assert.deepEqual(bucket.stored, [])
  gate.resolve()
  await failed
  assert.equal(bucket.stored.length, 2)
  // The worker has no position behind the batch that failed
  assert.deepEqual(await task.task.preCommit?.([{ ...task.id, offset: 2 }]), [{ ...task.id, offset: 2 }])
  await task.close()
})

test('the offset behind records that were passed over or dropped before the task is safe if nothing is open', async () => {
  const task = new Simulation({ bucket: new FakeBucket(), plan: planOf(), log: records(0, 5) })
  await task.put()
  await task.stored()
  const [safe] = (await task.task.preCommit?.([{ ...task.id, offset: 9 }])) ?? []
  assert.equal(safe?.offset, 3) // of the open object
  task.log.push(recordAt(5))
  await task.run()
  const [behind] = (await task.task.preCommit?.([{ ...task.id, offset: 9 }])) ?? []
  assert.equal(behind?.offset, 9)
  await task.close()
})

test('partitions that are revoked leave nothing behind, and others go on', async () => {
  const bucket = new FakeBucket()
  gateOf(bucket)
  const log = records(0, 4)
  const task = new Simulation({ bucket, plan: planOf(), log })
  await task.put()
  const other = { topic: 't', partition: 1 }
  await task.task.open?.([other])
  const context = new AbortController().signal
  await task.task.put([sinkRecord({ ...other, offset: 7, value: 'x' })], context)
  assert.equal(bucket.open, 3)
  await task.task.closePartitions?.([task.id])
  assert.equal(bucket.open, 1)
  assert.deepEqual(
    await task.task.preCommit?.([
      { ...task.id, offset: 4 },
      { ...other, offset: 8 },
    ]),
    [{ ...other, offset: 7 }],
  )
  await assert.rejects(task.task.put(log, context) as Promise<void>, { code: 'HR_ILLEGAL_STATE' })
  await task.task.closePartitions?.([other, task.id])
  await task.close()
  assert.deepEqual([bucket.open, bucket.closed], [0, 1])
})

test('a stopping task waits for closed objects before its last commit, unless it has to end at once', async () => {
  for (const hard of [false, true]) {
    const bucket = new FakeBucket()
    const gate = gateOf(bucket)
    const task = new Simulation({ bucket, plan: planOf(), log: records(0, 4) })
    await task.put()
    task.worker.stop()
    const commit = task.commit()
    await turns()
    if (hard) task.worker.stopNow()
    else gate.resolve()
    assert.equal(await commit, hard ? 0 : 3)
    await task.close()
    await turns()
    assert.deepEqual([bucket.open, task.worker.lateCalls], [0, []])
  }
})

test('the encoders that hold most pass it on when all of them hold too much', async () => {
  const bucket = new FakeBucket()
  const view = { ...valueView, format: lines('.json', { holds: true }) }
  const plan = planOf({ partitioner: byValue, views: [view], rotation: { flushSize: 100 } })
  const values = ['a'.repeat(60), 'b'.repeat(30), 'c'.repeat(10)]
  const log = records(0, 3, (offset) => ({ value: values[offset] }))
  const task = new Simulation({ bucket, plan, log, maxHeldBytes: 100 })
  await task.put()
  assert.equal(bucket.held, 46)
  await task.close()
})

test('partitions are paused while bytes are moved out of memory', async () => {
  mock.timers.enable({ apis: ['setTimeout'] })
  const bucket = new FakeBucket()
  const settled = deferred()
  bucket.settle = () => settled.promise
  const task = new Simulation({ bucket, plan: planOf(), log: records(0, 2) })
  const put = task.put()
  await turns()
  mock.timers.tick(5000)
  await put
  mock.timers.reset()
  assert.equal(task.paused, true)
  settled.resolve()
  await turns()
  assert.equal(task.requests.putWithinMs, 0)
  await task.put()
  assert.equal(task.paused, false)
  await task.close()
})

test('an error while bytes are moved fails the task; a temporary one is repeated', async () => {
  const bucket = new FakeBucket()
  let attempts = 0
  bucket.settle = () => {
    if (++attempts === 1) throw unavailable()
    if (attempts > 3) throw new ConnectError('HR_CONNECT', 'no space left')
  }
  const task = new Simulation({ bucket, plan: planOf(), log: records(0, 1) })
  await task.put()
  await assert.rejects(task.put(), { message: 'no space left' })
  await task.close()
})

test('left-over uploads are aborted when partitions are opened; a failure is only logged', async () => {
  const asked: unknown[] = []
  const abortLeftovers = async (partitions: unknown) => {
    asked.push(partitions)
    throw new Error('access denied')
  }
  const task = new Simulation({
    bucket: new FakeBucket(),
    plan: planOf(),
    log: records(0, 3),
    abortLeftovers,
  })
  assert.equal(await task.run(), 3)
  assert.deepEqual(asked, [[task.id]])
  assert.deepEqual(
    task.lines.map(({ fields }) => fields),
    [{ reason: 'access denied' }],
  )
  await task.close()
})

test('metrics count what was written, and a warning is logged once if many objects are open', async () => {
  const bucket = new FakeBucket()
  const plan = planOf({ partitioner: byValue, rotation: { flushSize: 700 } })
  const task = new Simulation({ bucket, plan, log: records(0, 600) })
  await task.run()
  await task.put()
  assert.equal(task.lines.length, 1)
  assert.equal(task.metrics.get('open_objects'), 600)
  task.log.push(...records(600, 700))
  await task.run()
  const shown = ['open_objects', 'records_written', 'rotations_size']
  assert.deepEqual(
    shown.map((metric) => task.metrics.get(metric)),
    [0, 700, 1],
  )
  await task.close()
})
