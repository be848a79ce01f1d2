import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ConnectRecord } from '../../../../api/index.ts'
import { later, now } from '../../../timing/index.ts'
import { eventually } from '../../../timing/test/gate.ts'
import { startSink } from './start-sink.ts'

const forAMinute = () => later(now(), 60_000)

test('a sink without a lease neither puts nor commits, and continues with the same batch', async (t) => {
  let polls = 0
  const { lease, consumer, put, context } = await startSink(t, {
    logs: { 0: ['a', 'b'] },
    maxRecords: 1,
  })
  await eventually(() => put.length === 2)
  lease.revoke()
  context.requestCommit()
  const { poll } = consumer()
  consumer().poll = (...limits) => {
    polls++
    return poll.apply(consumer(), limits)
  }
  consumer().wake()
  await eventually(() => polls > 2)
  assert.deepEqual(consumer().commits, [])

  lease.renew(forAMinute())
  await eventually(() => consumer().commits.length === 1)
  assert.deepEqual(consumer().commits, ['0@2'])
})

test('a batch that was read when the lease ended is put after its renewal', async (t) => {
  let end = () => {}
  const apply = <R extends ConnectRecord>(record: R): R => {
    end()
    return record
  }
  const steps = [{ alias: 'end', className: 'End', step: { apply } }]
  const { lease, put, control } = await startSink(t, { steps, paused: true })
  end = () => lease.revoke()
  control.setPaused(false)
  await eventually(() => !lease.held)
  assert.deepEqual(put, [])

  end = () => {}
  lease.renew(forAMinute())
  await eventually(() => put.flat().length === 3)
})

test('a sink that is stopped without a lease commits nothing', async (t) => {
  let flushes = 0
  const { lease, consumer, put, stop } = await startSink(t, {
    task: {
      flush: () => void flushes++,
    },
  })
  await eventually(() => put.flat().length === 3)
  lease.revoke()
  await stop()
  assert.deepEqual([flushes, consumer().commits, consumer().closed], [0, [], true])
})
