import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { ConnectError, messageOf } from '../../../../api/index.ts'
import { bulkSettings } from '../../bulk/test/operations.ts'
import { openedTask, recordAt, TOPIC } from './simulation.ts'

const some = (count: number, from = 0) => Array.from({ length: count }, (_, index) => recordAt(from + index))
/** The server accepts at most two records at a time. */
const small = {
  bulk: bulkSettings({ batchSize: 1, maxInFlightRequests: 2, maxBufferedRecords: 2, lingerMs: 0 }),
}

test('offsets are safe up to the first record that is not written', async () => {
  const { task, put, commit, server } = openedTask({
    settings: { bulk: bulkSettings({ batchSize: 2, lingerMs: 0 }) },
  })
  await put(some(6))
  assert.equal(await commit(6), 0)
  const [first, second, third] = server.waiting
  second?.accept()
  assert.equal(await commit(6), 0)
  first?.accept()
  await turn()
  assert.equal(await commit(6), 4)
  third?.accept()
  await turn()
  assert.equal(await commit(6), 6)
  await task.close?.()
  assert.equal(server.closed, true)
})

test('a commit sends what waits for a full batch, and does not wait for it', async () => {
  const { task, put, commit, server } = openedTask({ settings: { bulk: bulkSettings() } })
  await put(some(2))
  assert.equal(server.waiting.length, 0)
  assert.equal(await commit(2), 0)
  await server.accept()
  await turn()
  assert.equal(await commit(2), 2)
  await task.close?.()
})

test('flush.synchronously: a commit waits until everything is written', async () => {
  const settings = { flushSynchronously: true, ...small }
  const { task, put, commit, server } = openedTask({ settings })
  server.onRequest = (request) => setImmediate(() => request.accept())
  await put(some(10))
  assert.equal(await commit(10), 10)
  await task.close?.()
})

test('flush.synchronously: after flush.timeout.ms the offsets of what is written are committed', async () => {
  const settings = {
    flushSynchronously: true,
    flushTimeoutMs: 1,
    bulk: bulkSettings({ batchSize: 1, lingerMs: 0 }),
  }
  const { task, put, commit, server, lines } = openedTask({ settings })
  await put(some(2))
  await server.accept()
  await turn()
  assert.equal(await commit(2), 1)
  assert.match(lines.at(-1)?.message ?? '', /not all records are written/)
  await task.close?.()
})

test('the last commit of a task that stops waits for what is being written', async () => {
  const { task, put, commit, server, worker } = openedTask()
  await put(some(2))
  worker.stop()
  const committed = commit(2)
  await server.accept()
  assert.equal(await committed, 2)
  await task.close?.()
})

test('a hard stop ends everything at once', async () => {
  const { task, put, commit, server, worker } = openedTask()
  await put(some(2))
  worker.stop()
  const committed = commit(2)
  worker.stopNow()
  assert.equal(await committed, 0)
  assert.equal(server.inFlight, 0)
  await task.closePartitions?.([{ topic: TOPIC, partition: 0 }])
  await task.close?.()
})

test('without room the partitions are paused, and resumed when the rest has been passed on', async () => {
  const { task, put, commit, server, requests, context, worker } = openedTask({ settings: small })
  const stop = new AbortController()
  const putting = task.put(some(5), stop.signal)
  await turn()
  stop.abort(new Error('stopping'))
  await assert.rejects(Promise.resolve(putting), /stopping/)
  assert.equal(await commit(5), 0)
  server.onRequest = (request) => setImmediate(() => request.accept())
  for (const request of server.waiting.splice(0)) request.accept()
  await put([])
  await turn()
  assert.deepEqual(requests.paused, [])
  while (((await commit(5)) ?? 0) < 5) await turn()
  assert.equal(server.received.length, 5)
  assert.deepEqual(worker.failures, [])
  assert.equal(context.signal.aborted, false)
  await task.close?.()
})

test('a target that cannot be prepared now is tried again, and no record is lost or written twice', async () => {
  let ready = false
  const prepare = async () => {
    if (!ready) throw new ConnectError('HR_RETRIABLE', 'the server is away')
  }
  const prepared = new Set<string>()
  const targets = {
    isReady: () => prepared.has(TOPIC),
    prepare: async () => prepare().then(() => void prepared.add(TOPIC)),
  }
  const { task, put, commit, server, requests } = openedTask({ targets })
  const records = some(3)
  await assert.rejects(put(records), /the server is away/)
  assert.ok(requests.retryAfterMs !== undefined)
  assert.equal(await commit(0), 0)
  await assert.rejects(put(records), /the server is away/)
  ready = true
  await put(records)
  await server.accept()
  await turn()
  assert.equal(await commit(3), 3)
  assert.equal(server.received.length, 1)
  assert.equal(server.received[0]?.operations.length, 3)
  await task.close?.()
})

test('records that are read again are written again, after those that were pending', async () => {
  const { task, put, commit, server, requests } = openedTask()
  await put(some(3))
  await put(some(3))
  assert.equal(requests.paused.length, 1)
  assert.equal(await commit(3), 0)
  assert.equal(server.received.length, 1)
  await server.accept()
  await turn()
  await put([])
  assert.equal(await commit(3), 0)
  await server.accept()
  await turn()
  assert.equal(await commit(3), 3)
  assert.deepEqual(requests.paused, [])
  await task.close?.()
})

test('records of closed partitions are not written any more; those of others are', async () => {
  const settings = { bulk: bulkSettings({ batchSize: 10 }) }
  const { task, put, commit, server } = openedTask({ settings, partitions: 2 })
  await put([recordAt(0), recordAt(0, { partition: 1, key: 'other' }), recordAt(1)])
  await task.closePartitions?.([{ topic: TOPIC, partition: 0 }])
  assert.equal(await commit(1, 1), 0)
  const request = await server.next()
  assert.deepEqual(
    request.operations.map(({ id }) => id),
    ['other'],
  )
  request.accept()
  await turn()
  assert.equal(await commit(1, 1), 1)
  await task.close?.()
})

test('a partition that comes back starts anew', async () => {
  const { task, put, commit, server } = openedTask()
  await put(some(2))
  const closed = task.closePartitions?.([{ topic: TOPIC, partition: 0 }])
  await server.accept()
  await closed
  await put(some(2, 1))
  assert.equal(await commit(3), 1)
  await server.accept()
  await turn()
  assert.equal(await commit(3), 3)
  await task.close?.()
})

test('the first error fails the task, and nothing behind it is committed', async () => {
  const { task, put, commit, server, worker } = openedTask({
    settings: { bulk: bulkSettings({ batchSize: 1, lingerMs: 0 }) },
  })
  await put(some(3))
  const [first, second] = server.waiting
  first?.accept()
  second?.respond(401, { error: { type: 'security_exception', reason: 'unable to authenticate' } })
  assert.match(messageOf(await worker.failed), /credentials .* unable to authenticate/)
  await assert.rejects(put([]), /unable to authenticate/)
  assert.equal(await commit(3), 1)
  assert.equal(worker.failures.length, 1)
  await task.close?.()
})

test('a transform may rename topics', async () => {
  const { task, put, commit, server } = openedTask()
  await put([recordAt(0, { topic: 'renamed', originalTopic: TOPIC })])
  assert.equal(await commit(1), 0)
  const request = await server.next()
  assert.equal(request.operations[0]?.target, 'renamed')
  request.accept()
  await turn()
  assert.equal(await commit(1), 1)
  await task.close?.()
})
