import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type SinkRecord } from '../../../../api/index.ts'
import { FakeBucket } from './fake-bucket.ts'
import { headersView, hourly, keyView, lines, planOf, recordAt, records, valueView } from './plans.ts'
import { Simulation } from './simulation.ts'

const tombstone = (offset: number) => recordAt(offset, { value: null, valueSchema: null, key: `k${offset}` })

test('a null value fails the task, also if records can be reported', async () => {
  const task = new Simulation({ bucket: new FakeBucket(), plan: planOf(), log: [tombstone(7)], dlq: [] })
  await assert.rejects(task.put(), { code: 'HR_CONNECT', message: /offset 7 of t-0 has a null value/ })
  await task.close()
})

test('ignored null values are passed over, and their offsets committed', async () => {
  const bucket = new FakeBucket()
  const log = [tombstone(0), ...records(1, 4), tombstone(4)]
  const task = new Simulation({ bucket, plan: planOf({ nullValues: 'ignore' }), log, dlq: [] })
  assert.equal(await task.run(), 5)
  assert.deepEqual(bucket.keys, ['t/partition=0/t+0+0001.json'])
  await task.close()
})

test('null values are reported if there is a reporter', async () => {
  const dlq: SinkRecord[] = []
  const plan = planOf({ nullValues: 'report' })
  const task = new Simulation({ bucket: new FakeBucket(), plan, log: [tombstone(0)], dlq })
  assert.equal(await task.run(), 1)
  assert.deepEqual(
    dlq.map(({ offset }) => offset),
    [0],
  )
  await task.close()
  const other = new Simulation({ bucket: new FakeBucket(), plan, log: [tombstone(0)] })
  assert.equal(await other.run(), 1)
  await other.close()
})

test('keys of tombstones are written to their own directory, among other records', async () => {
  const bucket = new FakeBucket()
  const plan = planOf({
    partitioner: hourly,
    rotation: { flushSize: 4, intervalMs: 1e9 },
    nullValues: 'write',
    views: [valueView, keyView],
  })
  const log = [0, 2].flatMap((offset) => [recordAt(offset, { key: 'k' }), tombstone(offset + 1)])
  const task = new Simulation({ bucket, plan, log })
  assert.equal(await task.run(), 4)
  assert.deepEqual(bucket.keys, [
    't/hour=0/t+0+0000.json',
    't/hour=0/t+0+0000.keys.json',
    't/tombstone/t+0+0001.keys.json',
  ])
  assert.deepEqual(bucket.lines('t/tombstone/t+0+0001.keys.json'), ['"k1"', '"k3"'])
  await task.close()
})

test('objects of keys and headers have the records of the values, and are stored before them', async () => {
  const bucket = new FakeBucket()
  const plan = planOf({ views: [valueView, keyView, headersView] })
  const headers = [{ key: 'h', schema: null, value: 1 }]
  const task = new Simulation({ bucket, plan, log: records(0, 3, () => ({ key: 'k', headers })) })
  assert.equal(await task.run(), 3)
  const name = 't/partition=0/t+0+0000'
  assert.deepEqual(bucket.stored, [`${name}.keys.json`, `${name}.headers.json`, `${name}.json`])
  for (const key of bucket.stored) assert.equal(bucket.lines(key).length, 3)
  await task.close()
})

const refused: [string, Partial<SinkRecord>][] = [
  ['without a key', { key: null }],
  ['without headers', { headers: [] }],
  ['with a value that the format refuses', { value: 'bad' }],
  ['that the partitioner refuses', { topic: 'lost', originalTopic: 't' }],
]
for (const [name, init] of refused) {
  for (const first of [true, false]) {
    test(`a record ${name} is reported${first ? ', also as the first of an object' : ''}`, async () => {
      const bucket = new FakeBucket()
      const dlq: SinkRecord[] = []
      const directoryOf = ({ topic }: SinkRecord) => {
        if (topic === 'lost') throw new ConnectError('HR_DATA_INVALID', 'Error encoding partition.')
        return 'd'
      }
      const plan = planOf({ views: [valueView, keyView, headersView], partitioner: { directoryOf } })
      const good = { key: 'k', headers: [{ key: 'h', schema: null, value: 1 }] }
      const at = first ? 0 : 1
      const log = records(0, 4, (offset) => ({ ...good, ...(offset === at ? init : {}) }))
      const task = new Simulation({ bucket, plan, log, dlq })
      assert.equal(await task.run(), 4)
      assert.deepEqual(dlq, [log[at]])
      const start = first ? 1 : 0
      for (const suffix of ['', '.keys', '.headers']) {
        assert.equal(bucket.lines(`t/d/t+0+000${start}${suffix}.json`).length, 3)
      }
      assert.equal(bucket.open, 0)
      await task.close()

      const strict = new Simulation({ bucket: new FakeBucket(), plan, log })
      const message = new RegExp(`the record at offset ${at} of t-0 cannot be written`)
      await assert.rejects(strict.put(), { code: 'HR_DATA_INVALID', message })
      await strict.close()
    })
  }
}

test('a record that cannot be projected is reported', async () => {
  const dlq: SinkRecord[] = []
  const mustRotate = () => {
    throw new ConnectError('HR_PROJECTION_FAILED', 'Schema version required')
  }
  const plan = planOf({ compatibility: { mustRotate, project: (value) => value } })
  const other = { type: 'STRING' } as unknown as SinkRecord['valueSchema']
  const log = records(0, 4, (offset) => (offset === 1 ? { valueSchema: other } : {}))
  const bucket = new FakeBucket()
  const task = new Simulation({ bucket, plan, log, dlq })
  assert.equal(await task.run(), 4)
  assert.deepEqual([dlq.map(({ offset }) => offset), bucket.keys], [[1], ['t/partition=0/t+0+0000.json']])
  await task.close()
})

test('a key that the format refuses after the value was written leaves no value behind', async () => {
  const bucket = new FakeBucket()
  const dlq: SinkRecord[] = []
  const plan = planOf({ views: [valueView, keyView], rotation: { flushSize: 4 } })
  const log = records(0, 7, (offset) => ({ key: offset % 3 === 2 ? 'bad' : 'k' }))
  const task = new Simulation({ bucket, plan, log, dlq })
  assert.equal(await task.run(2), 6)
  assert.deepEqual(
    dlq.map(({ offset }) => offset),
    [2, 5],
  )
  const values = bucket.lines('t/partition=0/t+0+0000.json')
  assert.deepEqual(values, ['"v0"', '"v1"', '"v3"', '"v4"'])
  assert.equal(bucket.lines('t/partition=0/t+0+0000.keys.json').length, 4)
  await task.close()
  assert.equal(bucket.open, 0)
})

test('an error that is not one of the record fails the task even if records can be reported', async () => {
  const directoryOf = () => {
    throw new TypeError('a bug')
  }
  const plan = planOf({ partitioner: { directoryOf } })
  const task = new Simulation({ bucket: new FakeBucket(), plan, log: records(0, 1), dlq: [] })
  await assert.rejects(task.put(), { message: 'a bug' })
  await task.close()
})

test('records of a renamed topic have objects of their own, and offsets of the partition they were read from', async () => {
  const bucket = new FakeBucket()
  const log = records(0, 6, (offset) => (offset % 2 === 0 ? {} : { topic: 'new', originalTopic: 't' }))
  const task = new Simulation({ bucket, plan: planOf({ rotation: { flushSize: 6 } }), log })
  assert.equal(await task.run(), 6)
  assert.deepEqual(bucket.keys, ['new/partition=0/t+0+0001.json', 't/partition=0/t+0+0000.json'])
  await task.close()
})

/** The latest record of each key is written at each commit. */
function latestOfKeys() {
  return planOf({
    partitioner: { directoryOf: ({ key }: SinkRecord) => String(key) },
    rotation: { flushSize: null, atCommit: true },
    latestOnly: true,
    whenExists: 'keep-newer',
    objectKey: ({ directory }) => directory,
    views: [{ ...valueView, format: lines('') }],
  })
}

test('only the latest record of each directory is written, at each commit', async () => {
  const bucket = new FakeBucket()
  const plan = latestOfKeys()
  const log = records(0, 5, (offset) => ({ key: ['a', 'b'][offset % 2] }))
  const task = new Simulation({ bucket, plan, log })
  assert.equal(await task.run(), 5)
  assert.deepEqual(bucket.lines('a'), ['"v4"'])
  assert.deepEqual(bucket.lines('b'), ['"v3"'])
  assert.equal(task.requests.commits, 0)
  const late = new Simulation({ bucket, plan, log: log.slice(0, 2) })
  assert.equal(await late.run(), 2)
  assert.deepEqual(bucket.lines('a'), ['"v4"'])
  await Promise.all([task.close(), late.close()])
})

test('a latest record that cannot be written at a commit fails the task, and its offset is not committed', async () => {
  const log = records(0, 3, (offset) => ({ key: offset, value: offset === 1 ? 'bad' : 'good' }))
  const task = new Simulation({ bucket: new FakeBucket(), plan: latestOfKeys(), log })
  await task.put()
  assert.equal(await task.commit(), 0)
  const message = /the record at offset 1 of t-0 cannot be written/
  await assert.rejects(task.put(), { code: 'HR_DATA_INVALID', message })
  assert.equal(task.worker.failures.length, 1)
  await task.close()
})
