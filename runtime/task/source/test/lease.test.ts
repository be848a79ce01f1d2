import assert from 'node:assert/strict'
import { test } from 'node:test'
import { later, now } from '../../../timing/index.ts'
import { eventually, settle } from '../../../timing/test/gate.ts'
import { batch, startSource } from './start-source.ts'

test('a source without a lease is not polled, and continues when the lease is renewed', async (t) => {
  let polls = 0
  const { lease, producer } = startSource(t, {
    task: {
      poll: async () => {
        polls++
        if (polls === 1) lease.revoke()
        return batch([`${polls}`], polls)
      },
    },
  })
  await eventually(() => producer.written.length === 1)
  await settle()
  assert.equal(polls, 1)

  lease.renew(later(now(), 60_000))
  await eventually(() => polls > 1)
})

test('a source without a lease stores no offsets', async (t) => {
  const { lease, producer, stored, stop } = startSource(t, { flushIntervalMs: 1 })
  await eventually(() => stored.includes(3))
  producer.acknowledging = false
  lease.revoke()
  stored.splice(0)
  await stop()
  assert.deepEqual(stored, [])
})

test('a source that is stopped without a lease does not wait for records in flight', async (t) => {
  const { lease, producer, stored, calls, stop } = startSource(t)
  producer.acknowledging = false
  await eventually(() => producer.written.length === 3)
  lease.revoke()
  await stop()
  assert.deepEqual([stored, calls.at(-1), producer.flushes], [[], 'end', 0])
})
