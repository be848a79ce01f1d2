import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SourceRecord } from '../../../../api/index.ts'
import { eventually, gate } from '../../../timing/test/gate.ts'
import { batch, startSource } from './start-source.ts'

const broken = new Error('the stream broke')

/** Waits until the signal is aborted, then resolves to these records. */
const until = (
  signal: AbortSignal,
  records: readonly SourceRecord[] = [],
): Promise<readonly SourceRecord[]> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(records), { once: true }))

test('fail wakes a waiting poll and fails the task after the offsets of sent records are stored', async (t) => {
  const { producer, context, ended, stored, calls } = startSource(t)
  await eventually(() => producer.written.length === 3)
  context.fail(broken)
  context.fail(new Error('a second one'))

  await assert.rejects(ended, broken)
  assert.deepEqual(stored, [3])
  assert.equal(calls.at(-1), 'end')
})

test('records that a poll returns after fail are not sent', async (t) => {
  const polling = gate()
  const { producer, context, ended } = startSource(t, {
    task: {
      poll: (signal) => {
        polling.open()
        return until(signal, batch(['late']))
      },
    },
  })
  await polling.opened
  context.fail(broken)

  await assert.rejects(ended, broken)
  assert.deepEqual(producer.written, [])
})

test('fail ends a paused task, and one whose records wait for buffer space', async (t) => {
  const paused = startSource(t)
  await eventually(() => paused.producer.written.length === 3)
  paused.control.setPaused(true)
  await eventually(() => paused.journal.states.at(-1) === 'paused')
  paused.context.fail(broken)
  await assert.rejects(paused.ended, broken)
  assert.deepEqual(paused.journal.states, ['running', 'paused'])

  const full = startSource(t)
  full.producer.full = true
  await eventually(() => full.producer.written.length === 1)
  full.context.fail(broken)
  await assert.rejects(full.ended, broken)
})

test('fail during openTask takes effect after it, without a poll', async (t) => {
  let polls = 0
  const { ended, calls } = startSource(t, {
    opened: (context) => context.fail(broken),
    task: {
      poll: async () => {
        polls++
        return []
      },
    },
  })

  await assert.rejects(ended, broken)
  assert.equal(polls, 0)
  assert.equal(calls.at(-1), 'end')
})

test('fail without an error gives the task a generic error', async (t) => {
  const { ended } = startSource(t, { opened: (context) => context.fail(undefined) })

  await assert.rejects(ended, /called fail\(\) without an error/)
})

test('the signal of the context is aborted by a stop, by fail and by an error of poll, and not by a pause', async (t) => {
  const stopped = startSource(t)
  await eventually(() => stopped.producer.written.length === 3)
  stopped.control.setPaused(true)
  await eventually(() => stopped.journal.states.at(-1) === 'paused')
  assert.equal(stopped.context.signal.aborted, false)
  await stopped.stop()
  assert.equal(stopped.context.signal.aborted, true)
  assert.equal(stopped.context.hardStop.aborted, false)

  const failed = startSource(t)
  failed.context.fail(broken)
  assert.equal(failed.context.signal.reason, broken)
  await assert.rejects(failed.ended)

  const thrown = startSource(t, { task: { poll: () => Promise.reject(broken) } })
  await assert.rejects(thrown.ended, broken)
  assert.equal(thrown.context.signal.aborted, true)
})

test('hardStop is aborted if the task does not stop in time', async (t) => {
  const { producer, context, control } = startSource(t)
  await eventually(() => producer.written.length === 3)
  control.stopNow()

  assert.equal(context.signal.aborted, true)
  assert.equal(context.hardStop.aborted, true)
})
