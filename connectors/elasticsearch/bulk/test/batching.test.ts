import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openedWriter } from './opened-writer.ts'
import { operation, signal } from './operations.ts'

const some = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => operation(`id-${from + index}`, from + index))

test('nothing is sent before a batch is full', async (t) => {
  const { add, server, settled } = openedWriter(t, { batchSize: 3 })
  await add(some(2))
  assert.equal(server.received.length, 0)
  await add(some(2, 2))
  assert.deepEqual((await server.next()).documents, ['0', '1', '2'])
  assert.equal(server.waiting.length, 0)
  assert.deepEqual(settled, [])
})

test('a batch is sent at bulk.size.bytes and does not exceed it', async (t) => {
  const [first] = some(1)
  const { add, server } = openedWriter(t, { bulkSizeBytes: (first?.bytes ?? 0) * 2 + 1 })
  await add(some(5))
  assert.deepEqual(
    server.waiting.map(({ documents }) => documents),
    [
      ['0', '1'],
      ['2', '3'],
    ],
  )
})

test('an operation that alone exceeds bulk.size.bytes is sent alone', async (t) => {
  const { add, server } = openedWriter(t, { bulkSizeBytes: 10 })
  await add(some(2))
  assert.deepEqual(
    server.waiting.map(({ documents }) => documents),
    [['0'], ['1']],
  )
})

test('a batch is sent after linger.ms', async (t) => {
  const { add, server, clock } = openedWriter(t, { lingerMs: 10 })
  await add(some(1))
  await clock.advance(5)
  await add(some(1, 1))
  await clock.advance(4)
  assert.equal(server.received.length, 0)
  await clock.advance(1)
  assert.deepEqual((await server.next()).documents, ['0', '1'])
})

test('flush sends what waits, and resolves when it is settled, whatever is added later', async (t) => {
  const { writer, add, server, settled, clock } = openedWriter(t)
  await add(some(2))
  let flushed = false
  const flush = writer.flush(signal).then(() => (flushed = true))
  await add(some(1, 2))
  await clock.advance(0)
  assert.deepEqual(
    server.received.map(({ documents }) => documents),
    [['0', '1', '2']].map((all) => all.slice(0, 2)),
  )
  assert.equal(flushed, false)
  await server.accept()
  await flush
  assert.deepEqual(
    settled.map(({ outcome }) => outcome),
    [{ kind: 'written' }, { kind: 'written' }],
  )
  assert.equal(writer.pending, 1)
  await writer.flush(AbortSignal.abort(new Error('enough'))).catch((error: unknown) => {
    assert.equal((error as Error).message, 'enough')
  })
})

test('a flush without operations resolves at once', async (t) => {
  const { writer, server } = openedWriter(t)
  await writer.flush(signal)
  await writer.flush(signal)
  assert.equal(server.received.length, 0)
})

test('at most max.in.flight.requests are in flight', async (t) => {
  const { add, server, clock } = openedWriter(t, { batchSize: 1, maxInFlightRequests: 3 })
  await add(some(10))
  assert.equal(server.waiting.length, 3)
  while (server.waiting.length > 0) {
    await server.accept()
    await clock.advance(0)
  }
  assert.equal(server.received.length, 10)
  assert.equal(server.peak, 3)
})

test('room ends when enough is settled, or at its deadline', async (t) => {
  const { writer, add, server, clock } = openedWriter(t, { batchSize: 2, maxBufferedRecords: 2 })
  assert.equal(await writer.room(0, signal), true)
  await add(some(2))
  assert.equal(writer.hasRoom, false)
  const late = writer.room(50, signal)
  await clock.advance(50)
  assert.equal(await late, false)
  const room = writer.room(50, signal)
  await server.accept()
  assert.equal(await room, true)
})

test('there is no room while the bytes that wait exceed their limit', async (t) => {
  const { writer, add } = openedWriter(t, { bulkSizeBytes: 1000, maxInFlightRequests: 1 })
  await add([operation('large', 'x'.repeat(16 * 1024 * 1024))])
  assert.equal(writer.hasRoom, false)
})

test('close aborts requests and reports nothing afterwards', async (t) => {
  const { writer, add, server, settled, clock, failures } = openedWriter(t, { batchSize: 1 })
  await add(some(2))
  const room = writer.flush(signal)
  await writer.close()
  await assert.rejects(room, /the writer is closed/)
  await clock.advance(100_000)
  assert.equal(server.inFlight, 0)
  await add(some(1))
  assert.deepEqual([settled, failures, clock.timers], [[], [], 0])
})

test('dropped operations are not sent again, and their outcomes are not reported', async (t) => {
  const { writer, add, server, clock, settled } = openedWriter(t, { batchSize: 3, maxInFlightRequests: 1 })
  await add(some(5))
  const dropped = writer.drop(({ id }) => id === 'id-1' || id === 'id-4', 1000, signal)
  await clock.advance(0)
  await server.answer([undefined, { status: 429, type: 'es_rejected_execution_exception' }, undefined])
  assert.equal(await dropped, true)
  const flushed = writer.flush(signal)
  await clock.advance(10_000)
  await server.accept()
  await flushed
  assert.deepEqual(
    settled.map(({ operation: { id } }) => id),
    ['id-0', 'id-2', 'id-3'],
  )
  assert.equal(server.received.length, 2)
  assert.equal(writer.pending, 0)
})

test('a request that does not end is not waited for beyond the time', async (t) => {
  const { writer, add, clock } = openedWriter(t, { batchSize: 1 })
  await add(some(1))
  const dropped = writer.drop(() => true, 1000, signal)
  await clock.advance(1000)
  assert.equal(await dropped, false)
})

test('what waits for its next attempt is dropped at once', async (t) => {
  const { writer, add, server, clock } = openedWriter(t, { batchSize: 1 })
  await add(some(1))
  await server.cut()
  await clock.advance(0)
  assert.equal(await writer.drop(() => true, 1000, signal), true)
  assert.equal(writer.pending, 0)
  await clock.advance(100_000)
  assert.equal(server.received.length, 1)
})
