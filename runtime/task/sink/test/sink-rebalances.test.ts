import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SinkTaskContext } from '../../../../api/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { TOPIC } from './fake-consumer.ts'
import { retriable, startSink } from './start-sink.ts'

const at = (partition: number, offset = 0) => ({ topic: TOPIC, partition, offset })

test('revoked partitions are committed and closed, and the others continue', async (t) => {
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

test('lost partitions are closed without a commit', async (t) => {
  const { put, consumer, calls, stop } = await startSink(t)
  await eventually(() => put.length > 0)
  consumer().lose()
  await eventually(() => calls.includes('close 0'))
  await stop()

  assert.deepEqual(consumer().commits, [])
})

test('records of a revoked partition are not retried', async (t) => {
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

test('a task that fails in open fails with that error', async (t) => {
  const { ended } = await startSink(t, {
    task: {
      open: () => {
        throw new Error('cannot open')
      },
    },
  })

  await assert.rejects(ended, { message: 'cannot open' })
})

test('a task that fails in open fails immediately, even if no records arrive', async (t) => {
  const { ended } = await startSink(t, {
    logs: { 0: [] },
    task: {
      open: () => {
        throw new Error('cannot open')
      },
    },
  })

  await assert.rejects(ended, { message: 'cannot open' })
})

test('partitions that return immediately resume from the safe offset, committed or not', async (t) => {
  const { put, consumer } = await startSink(t, {
    logs: { 0: ['a', 'b'], 1: ['c'] },
    assigned: { 0: undefined, 1: undefined },
    task: { preCommit: (offsets) => offsets.filter(({ partition }) => partition === 0) },
  })
  await eventually(() => put.flat().length === 3)
  consumer().onCommit = () => Promise.reject(retriable())
  consumer().assign({ 0: undefined }, { eager: true })
  await eventually(() => consumer().uncommitted.length > 0)

  assert.deepEqual(consumer().uncommitted, [at(0, 2), at(1, 0)])
})

test('a committed offset needs no separate position', async (t) => {
  const { put, consumer, calls } = await startSink(t)
  await eventually(() => put.length > 0)
  consumer().assign({ 0: 3 }, { eager: true })
  await eventually(() => calls.length === 3)

  assert.deepEqual(consumer().commits, ['0@3'])
  assert.deepEqual(consumer().uncommitted, [])
})

test('an uncommitted position is committed even if no record follows', async (t) => {
  const { consumer, stop } = await startSink(t, { logs: {}, assigned: {} })
  const [listener, start] = [consumer().listener, { ...at(0, 7), committed: false }]
  await listener.assigned([start])
  await stop()
  assert.deepEqual(await listener.revoked([start]), [])

  assert.deepEqual(consumer().commits, ['0@7'])
})

test('the response to a commit from before a rebalance is ignored', async (t) => {
  const { put, consumer, calls, context, stop } = await startSink(t)
  await eventually(() => put.length > 0)
  const late = gate()
  let asked = 0
  consumer().onCommit = () => (++asked === 1 ? late.opened : Promise.reject(retriable()))
  context.requestCommit()
  await eventually(() => asked === 1)
  consumer().assign({ 0: 1 }, { eager: true })
  await eventually(() => calls.length === 3 && put.length === 2)
  late.open()
  await eventually(() => consumer().commits.length === 1)
  consumer().onCommit = async () => {}
  await stop()

  assert.deepEqual(put, [
    ['a', 'b', 'c'],
    ['b', 'c'],
  ])
  assert.deepEqual(consumer().commits, ['0@3', '0@3'])
})

test('a seek in open takes effect before the first record', async (t) => {
  let context: SinkTaskContext | undefined
  const { put } = await startSink(t, {
    opened: (given) => (context = given),
    task: { open: () => context?.seek([at(0, 2)]) },
  })
  await eventually(() => put.length > 0)

  assert.deepEqual(put, [['c']])
})

test('partitions resume at a seek from before they were given up', async (t) => {
  const { put, consumer, context } = await startSink(t)
  await eventually(() => put.length > 0)
  context.seek([at(0, 1)])

  assert.deepEqual(await consumer().listener.revoked([at(0)]), [at(0, 1)])
})

test('a task may not pause or seek partitions that are not assigned to it', async (t) => {
  const { context } = await startSink(t)

  for (const [doing, call] of [
    ['pause', () => context.pause([at(5)])],
    ['seek in', () => context.seek([at(5)])],
  ] as const) {
    assert.throws(call, {
      code: 'HR_ILLEGAL_STATE',
      message: `SinkTasks may not ${doing} partitions that are not currently assigned to them.`,
    })
  }
})

test('a partition that the task has paused stays paused if it returns immediately', async (t) => {
  const { put, consumer, context } = await startSink(t, {
    logs: { 0: ['a'], 1: ['b', 'c'] },
    assigned: { 0: undefined, 1: undefined },
  })
  await eventually(() => put.flat().length === 3)
  context.pause([at(1)])
  consumer().assign({ 0: 0, 1: 0 }, { eager: true })
  await eventually(() => put.flat().length === 4)
  assert.deepEqual(put.at(-1), ['a'])

  context.resume([at(1)])
  await eventually(() => put.flat().length === 6)
})

for (const eager of [true, false]) {
  const how = eager ? 'eager' : 'cooperative'
  test(`a partition that returns from another member is not paused, even after a retry (${how})`, async (t) => {
    let fails = false
    const puts: string[] = []
    const { consumer, context } = await startSink(t, {
      logs: { 0: ['a'], 1: ['b', 'c', 'd'] },
      assigned: { 0: undefined, 1: undefined },
      maxRecords: 1,
      task: {
        put: (records) => {
          if (records.length > 0 && fails) {
            fails = false
            context.retryAfter(1)
            throw retriable()
          }
          puts.push(...records.map(({ value }) => String(value)))
        },
      },
    })
    await eventually(() => puts.length === 4)
    context.pause([at(1)])
    consumer().assign({ 0: 1 }, { eager })
    await eventually(() => consumer().assignment.length === 1)
    fails = true
    consumer().assign({ 0: 1, 1: 0 }, { eager })
    await eventually(() => puts.length === 7)

    assert.deepEqual(puts.slice(4), ['b', 'c', 'd'])
  })
}

test('a retry does not wait for a batch of revoked partitions', async (t) => {
  let context: SinkTaskContext | undefined
  const puts: string[] = []
  const { consumer } = await startSink(t, {
    logs: { 0: ['a'], 1: ['b'] },
    opened: (given) => (context = given),
    task: {
      put: (records) => {
        if (records.length === 0) return
        puts.push(records.map(({ value }) => String(value)).join(''))
        context?.retryAfter(60_000)
        if (records[0]?.value === 'a') throw retriable()
      },
    },
  })
  await eventually(() => puts.length > 0)
  consumer().assign({ 1: undefined })
  await eventually(() => puts.length > 1)

  assert.deepEqual(puts, ['a', 'b'])
})

test('calls do not overlap, and close is the last one', async (t) => {
  const steps: string[] = []
  const step = (name: string) => async () => {
    steps.push(name)
    await Promise.resolve()
    steps.push(`${name} done`)
  }
  const { consumer, context, stop } = await startSink(t, {
    task: {
      open: step('open'),
      put: async (records) => (records.length > 0 ? step('put')() : undefined),
      flush: step('flush'),
      closePartitions: step('closePartitions'),
      close: step('close'),
    },
  })
  await eventually(() => steps.includes('put done'))
  const slow = gate()
  consumer().onCommit = () => slow.opened
  context.requestCommit()
  await eventually(() => steps.includes('flush done'))
  const stopping = stop()
  slow.open()
  await stopping

  assert.deepEqual(
    steps,
    ['open', 'put', 'flush', 'flush', 'closePartitions', 'close'].flatMap((name) => [name, `${name} done`]),
  )
})
