import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { Outages } from '../../../kafka/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { eventually } from '../../../timing/test/gate.ts'
import { LookUps } from '../../test/task-parts.ts'
import { startSink } from './start-sink.ts'

const logs = { 0: ['a', 'b', 'c', 'd', 'e'], 1: ['f', 'g'] }
const assigned = { 0: undefined, 1: undefined }
const broken = new ConnectError('HR_DATA_INVALID', 'there is no c')

test('a fetched batch waits at a record whose converter is not ready, and is put whole', async (t) => {
  const lookUps = new LookUps('c')
  const sink = await startSink(t, { logs, assigned, converters: lookUps.converters })
  await eventually(() => lookUps.asked.length > 0)
  assert.deepEqual(sink.put, [])
  lookUps.find('c')
  await eventually(() => sink.put.length > 0)
  await sink.stop()

  assert.deepEqual(sink.put, [['a', 'b', 'c', 'd', 'e', 'f', 'g']])
  assert.deepEqual(sink.consumer().commits, ['0@5 1@2'])
  const { totalRecordFailures, totalRetries } = sink.metrics.errors
  assert.deepEqual([totalRecordFailures, totalRetries], [0, 0])
})

test('a stop during the wait commits the records before it, and only those', async (t) => {
  const lookUps = new LookUps('c')
  const sink = await startSink(t, { logs, assigned, converters: lookUps.converters, tolerance: 'all' })
  await eventually(() => lookUps.asked.length > 0)
  await sink.stop()

  assert.deepEqual(sink.put, [['a', 'b']])
  assert.deepEqual(sink.consumer().commits, ['0@2'])
})

test('a pause during the wait puts the records before it; the others are read once the task is resumed', async (t) => {
  const lookUps = new LookUps('c')
  const sink = await startSink(t, { logs, assigned, converters: lookUps.converters })
  await eventually(() => lookUps.asked.length > 0)
  sink.control.setPaused(true)
  await eventually(() => sink.journal.states.at(-1) === 'paused')
  assert.deepEqual(sink.put, [['a', 'b']])
  lookUps.find('c')
  sink.control.setPaused(false)
  await eventually(() => sink.put.flat().length === 7)
  await sink.stop()

  assert.deepEqual(sink.put.flat(), ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
  assert.equal(sink.consumer().commits.at(-1), '0@5 1@2')
})

test('after a long wait the records before it are put, and the partitions can be given up', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const lookUps = new LookUps('c')
  const sink = await startSink(t, { logs, assigned, converters: lookUps.converters })
  await eventually(() => lookUps.asked.length > 0)
  t.mock.timers.tick(5000)
  await eventually(() => lookUps.asked.length > 1)
  assert.deepEqual(sink.put, [['a', 'b']])
  sink.consumer().assign({ 1: undefined })
  t.mock.timers.tick(5000)
  await eventually(() => sink.put.flat().length === 4)

  assert.deepEqual(sink.put.flat(), ['a', 'b', 'f', 'g'])
  assert.deepEqual(sink.consumer().commits, ['0@2'])
})

test('waits for several records of a batch take no longer together than one', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const lookUps = new LookUps('b', 'd')
  const sink = await startSink(t, { logs, assigned, converters: lookUps.converters })
  await eventually(() => lookUps.asked.length === 1)
  t.mock.timers.tick(3000)
  lookUps.find('b')
  await eventually(() => lookUps.asked.length === 2)
  t.mock.timers.tick(2000)
  await eventually(() => lookUps.asked.length === 3)
  assert.deepEqual(sink.put, [['a', 'b', 'c']])
  t.mock.timers.tick(4999)
  lookUps.find('d')
  await eventually(() => sink.put.length === 2)

  assert.deepEqual(sink.put, [
    ['a', 'b', 'c'],
    ['d', 'e', 'f', 'g'],
  ])
})

test('a long wait is logged, then once a minute, and when it is over', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const lines: string[] = []
  const write = (message: string) => void lines.push(message.replace(/ since .*/, ' since …'))
  const outages = new Outages({ ...silentLogger, warn: write, info: write })
  const lookUps = new LookUps('c')
  const sink = await startSink(t, { logs, assigned, converters: lookUps.converters, outages })
  for (let wait = 1; wait <= 13; wait++) {
    await eventually(() => lookUps.asked.length === wait)
    t.mock.timers.tick(5000)
  }
  const reason = 'the converter LookUpConverter is not ready: waiting for c'
  assert.deepEqual(lines, [reason, `${reason} since …`])
  assert.equal(outages.blocked?.reason, reason)
  lookUps.find('c')
  await eventually(() => sink.put.flat().length === 7)
  assert.equal(outages.blocked, null)
  t.mock.timers.tick(3000)

  assert.deepEqual(lines.slice(2), ['the converter is ready after 65 s'])
})

test('a stop ends the report of a wait', async (t) => {
  const outages = new Outages(silentLogger)
  const lookUps = new LookUps('c')
  const ended: unknown[] = []
  const reports = {
    failing: (...about: Parameters<Outages['failing']>) => outages.failing(...about),
    recovered: (need: object) => {
      ended.push(need)
      outages.recovered(need)
    },
  }
  const sink = await startSink(t, { logs, assigned, converters: lookUps.converters, outages: reports })
  await eventually(() => lookUps.asked.length > 0)
  ended.length = 0
  await sink.stop()

  assert.equal(ended.length, 1)
})

test('without tolerance, a failed lookup fails the task after the records before it are put', async (t) => {
  const lookUps = new LookUps('c')
  const sink = await startSink(t, { logs, assigned, converters: lookUps.converters })
  await eventually(() => lookUps.asked.length > 0)
  lookUps.break('c', broken)

  await assert.rejects(sink.ended, { message: 'Tolerance exceeded in error handler', cause: broken })
  assert.deepEqual(sink.put, [['a', 'b']])
})

test('with tolerance, the record of a failed lookup is skipped and reported', async (t) => {
  const lookUps = new LookUps('c')
  const offsets: unknown[] = []
  const reporters = [
    { report: ({ consumed }: { consumed?: { offset: number } }) => void offsets.push(consumed?.offset) },
  ]
  const { converters } = lookUps
  const sink = await startSink(t, { logs, assigned, converters, tolerance: 'all', reporters })
  await eventually(() => lookUps.asked.length > 0)
  lookUps.break('c', broken)
  await eventually(() => sink.put.length > 0)

  assert.deepEqual([sink.put.flat(), offsets], [['a', 'b', 'd', 'e', 'f', 'g'], [2]])
})
