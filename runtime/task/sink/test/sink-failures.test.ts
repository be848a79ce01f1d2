import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { eventually, gate, settle } from '../../../timing/test/gate.ts'
import { retriable, startSink } from './start-sink.ts'

const broken = new Error('the connection broke')

test('fail ends a sink task that waits for records, and put records are flushed and committed', async (t) => {
  const calls: string[] = []
  const { put, context, ended, consumer } = await startSink(t, {
    task: { flush: () => void calls.push('flush'), close: () => void calls.push('close') },
  })
  await eventually(() => put.length > 0)
  context.fail(broken)
  context.fail(new Error('a second one'))

  await assert.rejects(ended, broken)
  assert.deepEqual(calls, ['flush', 'close'])
  assert.deepEqual(consumer().commits, ['0@3'])
})

test('fail aborts the signal of a put, whose records are not committed', async (t) => {
  const putting = gate()
  const { context, ended, consumer } = await startSink(t, {
    task: {
      put: (records, signal) => {
        if (records.length === 0) return
        putting.open()
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true }),
        )
      },
    },
  })
  await putting.opened
  context.fail(broken)

  await assert.rejects(ended, broken)
  assert.deepEqual(consumer().commits, [])
})

test('a put that does not return after fail is abandoned, nothing is committed, and the task is closed', async (t) => {
  const putting = gate()
  const calls: string[] = []
  const { context, ended, consumer, journal } = await startSink(t, {
    task: {
      put: (records) => {
        if (records.length === 0) return
        putting.open()
        return new Promise(() => {})
      },
      flush: () => void calls.push('flush'),
      close: () => void calls.push('close'),
    },
  })
  await putting.opened
  mock.timers.enable({ apis: ['setTimeout'] })
  t.after(() => mock.timers.reset())
  context.fail(broken)
  await settle()
  mock.timers.tick(5000)

  await assert.rejects(ended, broken)
  assert.deepEqual([calls, consumer().commits], [['close'], []])
  assert.ok(journal.lines.some((line) => line.startsWith('put() has not returned')))
  assert.equal(context.hardStop.aborted, true)
})

test('fail ends a paused task, and one that is about to retry a batch', async (t) => {
  const paused = await startSink(t)
  await eventually(() => paused.put.length > 0)
  paused.control.setPaused(true)
  await eventually(() => paused.journal.states.at(-1) === 'paused')
  paused.context.fail(broken)
  await assert.rejects(paused.ended, broken)

  const retrying = await startSink(t, {
    opened: (context) => context.retryAfter(3_600_000),
    task: {
      put: (records) => {
        if (records.length > 0) throw retriable()
      },
    },
  })
  await eventually(() => retrying.journal.lines.length > 0)
  retrying.context.fail(broken)
  await assert.rejects(retrying.ended, broken)
})

test('fail during openTask takes effect after it, and the task joins no group', async (t) => {
  const { ended, calls } = await startSink(t, { opened: (context) => context.fail(broken) })

  await assert.rejects(ended, broken)
  assert.deepEqual(calls, ['end'])
})

test('the signal of the context is aborted by a stop, by fail and by an error of put, and not by a pause', async (t) => {
  const stopped = await startSink(t)
  stopped.control.setPaused(true)
  await eventually(() => stopped.journal.states.at(-1) === 'paused')
  assert.equal(stopped.context.signal.aborted, false)
  await stopped.stop()
  assert.equal(stopped.context.signal.aborted, true)
  assert.equal(stopped.context.hardStop.aborted, false)

  let signal: AbortSignal | undefined
  let abortedInFlush: boolean | undefined
  const thrown = await startSink(t, {
    opened: (context) => void (signal = context.signal),
    task: {
      put: () => {
        throw broken
      },
      flush: () => {
        abortedInFlush = signal?.aborted
      },
    },
  })
  await assert.rejects(thrown.ended)
  assert.equal(abortedInFlush, true)
})
