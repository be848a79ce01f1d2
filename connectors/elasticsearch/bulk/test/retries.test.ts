import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isConnectError, messageOf } from '../../../../api/index.ts'
import { openedWriter } from './opened-writer.ts'
import { operation, signal } from './operations.ts'

const RETRIES = 2
const one = { batchSize: 1, maxRetries: RETRIES }

test('an outage is waited for without limit and reported as one retry', async (t) => {
  const { writer, add, server, clock, settled, failures, retries } = openedWriter(t, one)
  await add([operation('a', 1), operation('b', 1)])
  for (let attempt = 0; attempt < 50; attempt++) {
    while (server.waiting.length > 0) await server.cut()
    await clock.advance(10_000)
  }
  assert.deepEqual([settled, failures], [[], []])
  const last = retries.at(-1)
  assert.match(last?.reason ?? '', /the connection was cut/)
  assert.equal(retries.includes(null), false)
  while (writer.pending > 0) {
    await server.accept()
    await clock.advance(10_000)
  }
  assert.equal(settled.length, 2)
  assert.equal(retries.at(-1), null)
})

test('requests wait as long as Retry-After says, those of all documents', async (t) => {
  const { add, server, clock } = openedWriter(t, one)
  await add([operation('a', 1)])
  await server.respond(429, undefined, 60_000)
  await clock.advance(0)
  await add([operation('b', 1)])
  await clock.advance(59_999)
  assert.equal(server.received.length, 1)
  await clock.advance(1)
  assert.equal(server.waiting.length, 2)
})

test('a long wait for an overloaded server is reported when it starts, a short one is not', async (t) => {
  const { add, server, clock, retries } = openedWriter(t, one)
  await add([operation('a', 1)])
  await server.respond(429, undefined, 1000)
  await clock.advance(1000)
  assert.equal(retries.length, 0)
  await server.respond(429, undefined, 600_000)
  await clock.advance(0)
  assert.equal(retries.at(-1)?.nextAttemptAt, clock.now() + 600_000)
})

test('fewer requests are in flight after a rejection, and more again after successes', async (t) => {
  const { writer, add, server, clock, metrics } = openedWriter(t, { batchSize: 1, maxInFlightRequests: 4 })
  await add(Array.from({ length: 100 }, (_, index) => operation(`id-${index}`, index)))
  assert.equal(server.waiting.length, 4)
  for (let rejected = 0; rejected < 4; rejected++) await server.respond(429)
  await clock.advance(100)
  assert.equal(metrics.get('requests_limit'), 2)
  assert.equal(server.waiting.length, 2)
  while (writer.pending > 0) {
    await server.accept()
    await clock.advance(1)
  }
  assert.equal(metrics.get('requests_limit'), 4)
})

test('a time of overload is logged once, with its duration and counts', async (t) => {
  const { writer, add, server, clock, lines } = openedWriter(t, one)
  await add([operation('a', 1), operation('b', 1)])
  const reason =
    'rejected execution of TimedRunnable{original=X@1} on TaskExecutor[name = n1/write, queue capacity = 9, active = 1]'
  for (let attempt = 0; attempt < 3; attempt++) {
    while (server.waiting.length > 0) {
      await server.answer([{ status: 429, type: 'es_rejected_execution_exception', reason }])
    }
    await clock.advance(500)
  }
  assert.equal(lines.length, 0)
  while (writer.pending > 0) {
    for (const request of server.waiting.splice(0)) request.accept()
    await clock.advance(500)
  }
  await clock.advance(20_000)
  assert.equal(lines.length, 1)
  assert.equal(lines[0]?.level, 'warn')
  assert.match(lines[0]?.message ?? '', /overloaded/)
  const { seconds, requests, reason: logged } = lines[0]?.fields ?? {}
  assert.ok(typeof seconds === 'number' && seconds > 0 && seconds < 3)
  assert.ok(typeof requests === 'number' && requests >= 4)
  assert.match(
    String(logged),
    /429, es_rejected_execution_exception: the queue of the thread pool n1\/write is full \(queue capacity 9\)$/,
  )
})

test('blocks of an index are waited for without limit', async (t) => {
  const { add, server, clock, settled, failures, retries } = openedWriter(t, one)
  await add([operation('a', 1)])
  const reason = 'index [orders] blocked by: [TOO_MANY_REQUESTS/12/disk usage exceeded flood-stage watermark]'
  for (const status of [429, 403, 429, 403, 429, 403]) {
    await server.answer([{ status, type: 'cluster_block_exception', reason }])
    await clock.advance(10_000)
  }
  assert.deepEqual([settled, failures], [[], []])
  assert.match(retries.at(-1)?.reason ?? '', /disk usage exceeded/)
  await server.respond(403, { error: { type: 'cluster_block_exception', reason } })
  await clock.advance(10_000)
  await server.accept()
  await clock.advance(0)
  assert.deepEqual(
    settled.map(({ outcome }) => outcome.kind),
    ['written'],
  )
  assert.equal(retries.at(-1), null)
})

for (const status of [401, 403]) {
  test(`${status} fails at once`, async (t) => {
    const { writer, add, server, clock, failures } = openedWriter(t, one)
    await add([operation('a', 1)])
    const flushed = writer.flush(signal)
    await server.respond(status, { error: { type: 'security_exception', reason: 'no rights' } })
    await assert.rejects(flushed, /no rights/)
    await clock.advance(100_000)
    assert.equal(server.received.length, 1)
    assert.match(
      messageOf(failures[0]),
      new RegExp(`responded with ${status}, security_exception: no rights`),
    )
    await assert.rejects(writer.room(0, signal), /no rights/)
  })
}

test('an operation that the user may not execute fails at once', async (t) => {
  const { add, server, clock, failures } = openedWriter(t, one)
  await add([operation('a', 1)])
  await server.answer([{ status: 403, type: 'security_exception', reason: 'action is unauthorized' }])
  await clock.advance(0)
  assert.match(messageOf(failures[0]), /not allow .* action is unauthorized/)
})

test('a request that can never succeed fails at once, with its own error', async (t) => {
  const { add, server, clock, failures } = openedWriter(t, one)
  await add([operation('a', 1), operation('b', 1)])
  const reason = new Error('certificate not trusted')
  await server.fail(reason)
  await clock.advance(0)
  assert.deepEqual(failures, [reason])
  assert.equal(server.inFlight, 0)
})

test('max.retries limits other errors of the server', async (t) => {
  const { add, server, clock, failures } = openedWriter(t, one)
  await add([operation('a', 1)])
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    assert.deepEqual(failures, [])
    await server.respond(500, { error: { type: 'null_pointer_exception', reason: 'oops' } })
    await clock.advance(10_000)
  }
  assert.equal(failures.length, 1)
  assert.ok(isConnectError(failures[0]) && !failures[0].retriable)
  assert.match(failures[0].message, /after 3 attempts: .*500, null_pointer_exception: oops/)
})

test('max.retries limits unknown errors of an operation; the error names index, id and reason', async (t) => {
  const { add, server, clock, failures, settled } = openedWriter(t, {
    batchSize: 2,
    maxRetries: RETRIES,
  })
  await add([operation('a', 1), operation('b', 1)])
  await server.answer([{ status: 404, type: 'index_not_found_exception', reason: 'no such index' }])
  for (let attempt = 0; attempt < RETRIES; attempt++) {
    await clock.advance(10_000)
    await server.answer([{ status: 404, type: 'index_not_found_exception', reason: 'no such index' }])
  }
  await clock.advance(0)
  assert.match(
    messageOf(failures[0]),
    /document a to orders: .*404, index_not_found_exception: no such index/,
  )
  assert.deepEqual(
    settled.map(({ operation: { id } }) => id),
    ['b'],
  )
})

test('something that is not the result of a bulk request is an error too', async (t) => {
  const { add, server, clock, failures } = openedWriter(t, { batchSize: 1, maxRetries: 0 })
  await add([operation('a', 1)])
  await server.respond(200, 'Welcome!')
  await clock.advance(0)
  assert.match(messageOf(failures[0]), /not the result of a bulk request/)
})

test('an operation is written only if its status says so, also without an error', async (t) => {
  const { writer, add, server, clock, settled, failures } = openedWriter(t, { batchSize: 3 })
  await add([operation('a', 1), operation('b', 1), operation('c', 1, { kind: 'delete' })])
  const items = [{ index: { status: 503 } }, { index: {} }, { delete: { status: 404 } }]
  await server.respond(200, { errors: true, items })
  await clock.advance(10_000)
  assert.deepEqual(
    settled.map(({ operation: { id }, outcome }) => [id, outcome.kind]),
    [['c', 'written']],
  )
  await server.answer([])
  await clock.advance(0)
  assert.deepEqual([writer.pending, failures], [0, []])
})

test('conflicts of external versions and of creates mean that the document is stored', async (t) => {
  const { add, server, clock, settled } = openedWriter(t, { batchSize: 2 })
  await add([operation('a', 1, { version: 7 }), operation('b', 1, { kind: 'create' })])
  await server.cut()
  await clock.advance(1000)
  const conflict = {
    status: 409,
    type: 'version_conflict_engine_exception',
    reason: '[a]: version conflict, current version [9] is higher or equal to the one provided [7]',
  }
  await server.answer([conflict, { ...conflict, reason: '[b]: version conflict, document already exists' }])
  await clock.advance(0)
  assert.deepEqual(
    settled.map(({ outcome }) => outcome),
    [
      { kind: 'superseded', storedVersion: 9 },
      { kind: 'superseded', storedVersion: undefined },
    ],
  )
})

test('an update that always meets another one is refused in the end', async (t) => {
  const { add, server, clock, settled, failures } = openedWriter(t, one)
  await add([operation('a', 1, { kind: 'update' })])
  for (let attempt = 0; attempt <= RETRIES; attempt++) {
    await server.answer([{ status: 409, type: 'version_conflict_engine_exception', reason: 'conflict' }])
    await clock.advance(10_000)
  }
  assert.deepEqual(failures, [])
  assert.deepEqual(
    settled.map(({ outcome }) => outcome.kind),
    ['refused'],
  )
})

test('the reason of a refused document includes the causes', async (t) => {
  const { add, server, clock, settled } = openedWriter(t, one)
  await add([operation('a', 1)])
  const cause = { type: 'illegal_argument_exception', reason: 'For input string: "x"' }
  const error = { type: 'mapper_parsing_exception', reason: 'failed to parse field [n]', caused_by: cause }
  await server.answer([{ status: 400, ...error }])
  await clock.advance(0)
  assert.deepEqual(settled[0]?.outcome, {
    kind: 'refused',
    status: 400,
    type: 'mapper_parsing_exception',
    reason: 'failed to parse field [n]: For input string: "x"',
  })
})

test('a rejected report of an outcome ends the writer', async (t) => {
  const { add, server, clock, failures } = openedWriter(t, one, () => Promise.reject(new Error('no DLQ')))
  await add([operation('a', 1)])
  await server.accept()
  await clock.advance(0)
  assert.equal(messageOf(failures[0]), 'no DLQ')
})

test('operations are pending until their outcomes are reported', async (t) => {
  let report!: () => void
  const reported = new Promise<void>((resolve) => (report = resolve))
  const { writer, add, server, clock } = openedWriter(t, one, () => reported)
  await add([operation('a', 1)])
  const flushed = writer.flush(signal)
  await server.accept()
  await clock.advance(0)
  assert.equal(writer.pending, 1)
  report()
  await flushed
  assert.equal(writer.pending, 0)
})
