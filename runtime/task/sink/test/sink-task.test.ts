import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError, type PartitionOffset, type SinkTaskContext } from '../../../../api/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { valueStep } from '../../test/task-parts.ts'
import { TOPIC } from './fake-consumer.ts'
import { retriable, startSink } from './start-sink.ts'

test('records are put in order, and their offsets are committed at the end', async (t) => {
  const { put, stop, consumer, calls, metrics } = await startSink(t)
  await eventually(() => put.length > 0)
  await stop()

  assert.deepEqual(put, [['a', 'b', 'c']])
  assert.deepEqual(consumer().commits, ['0@3'])
  assert.deepEqual(calls, ['open 0', 'close 0', 'end'])
  assert.deepEqual([metrics.recordsIn, metrics.recordsOut], [3, 3])
})

test('offsets are committed while the task is running, and only if they have changed', async (t) => {
  const { consumer, stop } = await startSink(t, { flushIntervalMs: 1 })
  await eventually(() => consumer().commits.length > 0)
  await stop()

  assert.deepEqual(consumer().commits, ['0@3'])
})

test('flush is called before each commit with the offsets of put records', async (t) => {
  const flushed: string[] = []
  const flush = (list: readonly PartitionOffset[]) =>
    void flushed.push(list.map(({ offset }) => offset).join())
  const { put, stop } = await startSink(t, { task: { flush } })
  await eventually(() => put.length > 0)
  await stop()

  assert.deepEqual(flushed, ['3'])
})

const declared: readonly PartitionOffset[] = [
  { topic: TOPIC, partition: 0, offset: 2 },
  { topic: TOPIC, partition: 1, offset: 9 },
  { topic: TOPIC, partition: 7, offset: 1 },
]

test('only offsets that preCommit returns are committed, and none beyond the put records', async (t) => {
  const { put, stop, consumer, journal } = await startSink(t, {
    logs: { 0: ['a', 'b', 'c'], 1: ['d'] },
    assigned: { 0: undefined, 1: undefined },
    task: { preCommit: () => declared },
  })
  await eventually(() => put.flat().length === 4)
  await stop()

  assert.deepEqual(consumer().commits, ['0@2'])
  assert.equal(
    journal.lines.filter((line) => line.startsWith('ignoring an offset that preCommit returned')).length,
    2,
  )
})

test('a batch that fails with a retriable error is retried, and nothing else is read until it succeeds', async (t) => {
  const puts: string[] = []
  let tries = 0
  let context: SinkTaskContext | undefined
  const { consumer, journal, stop } = await startSink(t, {
    maxRecords: 2,
    opened: (given) => (context = given),
    task: {
      put: (records) => {
        if (records.length === 0) return
        puts.push(records.map(({ value }) => String(value)).join(''))
        context?.retryAfter(1)
        if (tries++ < 2) throw retriable()
      },
    },
  })
  await eventually(() => puts.includes('c'))
  await stop()

  assert.deepEqual(puts, ['ab', 'ab', 'ab', 'c'])
  assert.deepEqual(consumer().commits, ['0@3'])
  assert.match(journal.lines[0] ?? '', /retrying the batch: not now/)
})

test('a stop while a batch waits for a retry commits none of its offsets', async (t) => {
  const { consumer, stop, journal } = await startSink(t, {
    task: {
      put: (records) => {
        if (records.length > 0) throw retriable()
      },
    },
  })
  await eventually(() => journal.lines.length > 0)
  await stop()

  assert.deepEqual(consumer().commits, [])
})

test('any other error fails the task, and the offsets of previous records are committed', async (t) => {
  const { ended, consumer } = await startSink(t, {
    maxRecords: 1,
    task: {
      put: (records) => {
        if (records[0]?.value === 'b') throw new Error('no room')
      },
    },
  })

  await assert.rejects(ended, (error: ConnectError) => {
    assert.equal(error.message, 'Exiting WorkerSinkTask due to unrecoverable exception.')
    return (error.cause as Error).message === 'no room'
  })
  assert.deepEqual(consumer().commits, ['0@1'])
})

test('only the records before one that fails in a transform are put and committed', async (t) => {
  const failing = valueStep((value) => {
    if (value === 'b') throw new ConnectError('HR_DATA_INVALID', 'bad value')
    return value.toUpperCase()
  })
  const { ended, consumer, put } = await startSink(t, {
    logs: { 0: ['a', 'b', 'c'], 1: ['d'] },
    assigned: { 0: undefined, 1: undefined },
    steps: [failing],
  })

  await assert.rejects(ended, /Tolerance exceeded in error handler/)
  assert.deepEqual(put, [['A']])
  assert.deepEqual(consumer().commits, ['0@1'])
})

test('records before one that cannot be read are put and committed', async (t) => {
  const { ended, consumer, put } = await startSink(t, { logs: { 0: ['a', 'unreadable', 'c'] } })

  await assert.rejects(ended, /Tolerance exceeded/)
  assert.deepEqual(put, [['a']])
  assert.deepEqual(consumer().commits, ['0@1'])
})

test('if errors are tolerated, failed records are skipped and their offsets committed', async (t) => {
  const { stop, consumer, put } = await startSink(t, { logs: { 0: ['a', 'unreadable'] }, tolerance: 'all' })
  await eventually(() => put.length > 0)
  await stop()

  assert.deepEqual(put, [['a']])
  assert.deepEqual(consumer().commits, ['0@2'])
})

test('the offsets of records that a transform drops are committed', async (t) => {
  const { stop, consumer, metrics } = await startSink(t, { steps: [valueStep(() => null)] })
  await eventually(() => metrics.recordsDropped === 3)
  await stop()

  assert.deepEqual(consumer().commits, ['0@3'])
})

for (const [committed, start] of [
  [undefined, 0],
  [1, 1],
] as const) {
  test(`records that flush fails to write are delivered again from offset ${start}`, async (t) => {
    let fails = true
    const flush = () => {
      if (fails) throw new Error('the disk is full')
    }
    const { put, stop, consumer, journal } = await startSink(t, {
      assigned: { 0: committed },
      flushIntervalMs: 1,
      task: { flush },
    })
    await eventually(() => put.length > 1)
    fails = false
    const repeated = put.slice(0, 2)
    await eventually(() => consumer().commits.length > 0)
    await stop()

    const all = ['a', 'b', 'c'].slice(start)
    assert.deepEqual(repeated, [all, all])
    assert.deepEqual(consumer().commits, ['0@3'])
    assert.match(journal.lines[0] ?? '', /delivering the records again: the disk is full/)
  })
}

test('a paused task reads no records until it is resumed', async (t) => {
  const { control, put, journal, consumer } = await startSink(t, { maxRecords: 1 })
  await eventually(() => put.length === 3)
  control.setPaused(true)
  await eventually(() => journal.states.at(-1) === 'paused')
  consumer().assign({ 0: undefined, 1: 0 })
  await eventually(() => consumer().assignment.length === 2)
  control.setPaused(false)
  await eventually(() => journal.states.at(-1) === 'running')

  assert.deepEqual(journal.states, ['running', 'paused', 'running'])
})

test('a task that is paused from the start is opened when it is resumed', async (t) => {
  const { control, journal, put } = await startSink(t, { paused: true })
  await eventually(() => journal.states.includes('paused'))
  control.setPaused(false)
  await eventually(() => put.length > 0)

  assert.deepEqual(journal.states, ['paused', 'running'])
})

test('a rejected commit is tried three times before partitions are given up', async (t) => {
  const { put, consumer, journal, stop } = await startSink(t)
  await eventually(() => put.length > 0)
  let tries = 0
  consumer().onCommit = async () => {
    tries++
    throw retriable()
  }
  await stop()

  assert.equal(tries, 3)
  assert.match(journal.lines.at(-1) ?? '', /may be delivered again: not now/)
})

test('a commit that takes too long does not block the task', async (t) => {
  const { put, consumer, journal, stop, context, metrics } = await startSink(t, { flushTimeoutMs: 1 })
  await eventually(() => put.length > 0)
  const late = gate()
  consumer().onCommit = () => late.opened
  context.requestCommit()
  await eventually(() => metrics.commitFailures > 0)
  consumer().onCommit = async () => {}
  await stop()
  late.open()

  assert.match(journal.lines[0] ?? '', /took longer than 1 ms \(offset\.flush\.timeout\.ms\)/)
  assert.deepEqual(consumer().commits[0], '0@3')
})

test('an error in close does not change how the task ended', async (t) => {
  const { put, stop, journal } = await startSink(t, {
    task: {
      close: () => {
        throw new Error('cannot close')
      },
    },
  })
  await eventually(() => put.length > 0)
  await stop()

  assert.deepEqual(journal.lines, ['an error occurred while closing the task: cannot close'])
})
