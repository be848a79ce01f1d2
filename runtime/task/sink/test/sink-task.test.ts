import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import {
  ConnectError,
  type PartitionOffset,
  type SinkRecord,
  type SinkTask,
  type SinkTaskContext,
} from '../../../../api/index.ts'
import { SinkReader, TransformChain, type ChainStep } from '../../../pipeline/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { newTaskMetrics } from '../../metrics.ts'
import { newSinkRequests, sinkContext } from '../sink-context.ts'
import { SinkOffsets } from '../sink-offsets.ts'
import { runSinkTask } from '../sink-task.ts'
import { TaskControl } from '../../stop.ts'
import { FakeConsumer, TOPIC, type Logs } from './fake-consumer.ts'
import { errorHandler, Journal, plainCalls, textConverters, valueStep } from '../../test/task-parts.ts'

interface SinkInit {
  readonly logs?: Logs
  readonly assigned?: Readonly<Record<number, number | undefined>>
  readonly task?: Partial<SinkTask>
  readonly steps?: readonly ChainStep[]
  readonly tolerance?: 'none' | 'all'
  readonly flushIntervalMs?: number
  readonly flushTimeoutMs?: number
  readonly paused?: boolean
  readonly maxRecords?: number
  readonly opened?: (context: SinkTaskContext) => void
}

const partitions = (list: readonly { partition: number }[]): string =>
  list.map(({ partition }) => partition).join()

/** A sink task that runs on partitions in memory, and what it did. */
async function startSink(t: TestContext, init: SinkInit = {}) {
  const { logs = { 0: ['a', 'b', 'c'] }, assigned = { 0: undefined } } = init
  const journal = new Journal()
  const control = new TaskControl(init.paused ?? false)
  const put: string[][] = []
  const calls: string[] = []
  const task: SinkTask = {
    put: (records) => {
      if (records.length > 0) put.push(records.map(({ value }) => String(value)))
    },
    open: (list) => void calls.push(`open ${partitions(list)}`),
    closePartitions: (list) => void calls.push(`close ${partitions(list)}`),
    close: () => void calls.push('end'),
    ...init.task,
  }
  const offsets = new SinkOffsets()
  const handler = errorHandler(init.tolerance)
  const requests = newSinkRequests()
  const metrics = newTaskMetrics()
  let consumer: FakeConsumer | undefined
  const context = sinkContext({ connector: 'c', task: 0 }, {}, requests, () => consumer, null, journal.log)
  init.opened?.(context)
  const ended = runSinkTask(
    {
      open: async () => task,
      openConsumer: async (listener) => {
        consumer = new FakeConsumer(logs, listener)
        consumer.maxRecords = init.maxRecords ?? 100
        consumer.assign(assigned)
        return consumer
      },
      reader: new SinkReader(textConverters, handler, (...seen) => offsets.read(...seen), false),
      chain: new TransformChain<SinkRecord>(init.steps ?? [], handler),
      offsets,
      requests,
      handler,
      calls: plainCalls,
      settings: {
        flushIntervalMs: init.flushIntervalMs ?? 60_000,
        flushTimeoutMs: init.flushTimeoutMs ?? 5000,
      },
      metrics,
      log: journal.log,
      topicUsed: () => {},
    },
    control,
    journal,
  )
  ended.catch(() => {}) // the test looks at it later
  const stop = async () => {
    control.stopSoftly()
    await ended
  }
  t.after(() => stop().catch(() => {}))
  if (init.paused !== true) await eventually(() => consumer !== undefined)
  return { consumer: () => consumer!, control, journal, put, calls, context, metrics, ended, stop }
}

const retriable = () => new ConnectError('HR_RETRIABLE', 'not now')

test('records are put in order, and their offsets committed at the end', async (t) => {
  const { put, stop, consumer, calls, metrics } = await startSink(t)
  await eventually(() => put.length > 0)
  await stop()

  assert.deepEqual(put, [['a', 'b', 'c']])
  assert.deepEqual(consumer().commits, ['0@3'])
  assert.deepEqual(calls, ['open 0', 'close 0', 'end'])
  assert.deepEqual([metrics.recordsIn, metrics.recordsOut], [3, 3])
})

test('offsets are committed while the task goes on, and not again without need', async (t) => {
  const { consumer, stop } = await startSink(t, { flushIntervalMs: 1 })
  await eventually(() => consumer().commits.length > 0)
  await stop()

  assert.deepEqual(consumer().commits, ['0@3'])
})

test('flush comes before each commit, with what was put', async (t) => {
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

test('preCommit says what is safe: only that is committed, and nothing beyond what was put', async (t) => {
  const { put, stop, consumer, journal } = await startSink(t, {
    logs: { 0: ['a', 'b', 'c'], 1: ['d'] },
    assigned: { 0: undefined, 1: undefined },
    task: { preCommit: () => declared },
  })
  await eventually(() => put.flat().length === 4)
  await stop()

  assert.deepEqual(consumer().commits, ['0@2'])
  assert.equal(
    journal.lines.filter((line) => line.startsWith('an offset that the task declared safe')).length,
    2,
  )
})

test('a batch that fails retriably is put again, and nothing else is read before it goes through', async (t) => {
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
  assert.match(journal.lines[0] ?? '', /put again: not now/)
})

test('a stop while a batch waits for its next try commits nothing of it', async (t) => {
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

test('any other error ends the task; what was put before is committed', async (t) => {
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

test('records before one that fails in a transform are put and committed; it and all behind are not', async (t) => {
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

test('where failures are tolerated, bad records are passed over and count as done', async (t) => {
  const { stop, consumer, put } = await startSink(t, { logs: { 0: ['a', 'unreadable'] }, tolerance: 'all' })
  await eventually(() => put.length > 0)
  await stop()

  assert.deepEqual(put, [['a']])
  assert.deepEqual(consumer().commits, ['0@2'])
})

test('records that a transform drops count as done', async (t) => {
  const { stop, consumer, metrics } = await startSink(t, { steps: [valueStep(() => null)] })
  await eventually(() => metrics.recordsDropped === 3)
  await stop()

  assert.deepEqual(consumer().commits, ['0@3'])
})

for (const [committed, start] of [
  [undefined, 0],
  [1, 1],
] as const) {
  test(`what cannot be made durable is delivered again from offset ${start}`, async (t) => {
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
    assert.match(journal.lines[0] ?? '', /delivered again: the disk is full/)
  })
}

test('partitions that go to someone else are committed and closed; those that stay go on', async (t) => {
  const { put, consumer, calls, stop } = await startSink(t, {
    logs: { 0: ['a'], 1: ['b'], 2: ['c'] },
    assigned: { 0: undefined, 1: undefined },
  })
  await eventually(() => put.flat().length === 2)
  consumer().assign({ 1: undefined, 2: undefined })
  await eventually(() => put.flat().length === 3)
  await stop()

  assert.deepEqual(calls, ['open 0,1', 'close 0', 'open 2', 'close 1,2', 'end'])
  assert.deepEqual(consumer().commits, ['0@1', '1@1 2@1'])
})

test('partitions that are lost are closed without a commit', async (t) => {
  const { put, consumer, calls, stop } = await startSink(t)
  await eventually(() => put.length > 0)
  consumer().lose()
  await eventually(() => calls.includes('close 0'))
  await stop()

  assert.deepEqual(consumer().commits, [])
})

test('records of a partition that was given up are not put again', async (t) => {
  const puts: string[] = []
  let fails = true
  const { consumer, stop } = await startSink(t, {
    logs: { 0: ['a'], 1: ['b'] },
    assigned: { 0: undefined, 1: undefined },
    task: {
      put: (records) => {
        if (records.length === 0) return
        puts.push(records.map(({ value }) => String(value)).join(''))
        if (fails) throw retriable()
      },
    },
  })
  await eventually(() => puts.length > 0)
  consumer().assign({ 1: undefined })
  fails = false
  await eventually(() => puts.length > 1)
  await stop()

  assert.deepEqual(puts, ['ab', 'b'])
  assert.deepEqual(consumer().commits, ['1@1'])
})

test('a paused task reads nothing until it is resumed', async (t) => {
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

test('a seek of the task takes it to other records', async (t) => {
  const { context, put, stop, consumer } = await startSink(t)
  await eventually(() => put.length === 1)
  context.seek([{ topic: TOPIC, partition: 0, offset: 1 }])
  await eventually(() => put.length === 2)
  await stop()

  assert.deepEqual(put[1], ['b', 'c'])
  assert.deepEqual(consumer().commits, ['0@3'])
})

test('a task may not pause partitions of others', async (t) => {
  const { context } = await startSink(t)

  assert.throws(() => context.pause([{ topic: TOPIC, partition: 5 }]), {
    code: 'HR_ILLEGAL_STATE',
    message: 'SinkTasks may not pause partitions that are not currently assigned to them.',
  })
})

test('a commit that the group does not take is tried thrice before partitions are given up', async (t) => {
  const { put, consumer, journal, stop } = await startSink(t)
  await eventually(() => put.length > 0)
  let tries = 0
  consumer().onCommit = async () => {
    tries++
    throw retriable()
  }
  await stop()

  assert.equal(tries, 3)
  assert.match(journal.lines.at(-1) ?? '', /will be delivered again: not now/)
})

test('a commit that takes too long does not hold up the task', async (t) => {
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

test('a task that fails on new partitions ends with that', async (t) => {
  const { ended } = await startSink(t, {
    task: {
      open: () => {
        throw new Error('cannot open')
      },
    },
  })

  await assert.rejects(ended, { message: 'cannot open' })
})

test('a task that fails while it is closed has still ended as it did', async (t) => {
  const { put, stop, journal } = await startSink(t, {
    task: {
      close: () => {
        throw new Error('cannot close')
      },
    },
  })
  await eventually(() => put.length > 0)
  await stop()

  assert.deepEqual(journal.lines, ['the task failed on being closed: cannot close'])
})
