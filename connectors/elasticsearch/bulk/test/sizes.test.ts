import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openedWriter } from './opened-writer.ts'
import { operation, signal } from './operations.ts'

const some = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) => operation(`id-${from + index}`, from + index))

test('a request that is too large is divided, and later ones are smaller', async (t) => {
  const { writer, server, clock, settled } = openedWriter(t, { batchSize: 8 })
  server.onRequest = (request) => (request.operations.length > 2 ? request.respond(413) : request.accept())
  writer.add(some(8))
  await writer.flush(signal)
  assert.deepEqual(
    server.received.map(({ operations }) => operations.length),
    [8, 4, 2, 2, 4, 2, 2],
  )
  assert.deepEqual(
    settled.map(({ operation: { id } }) => id),
    some(8).map(({ id }) => id),
  )
  server.received.length = 0
  writer.add(some(8, 8))
  await writer.flush(signal)
  assert.deepEqual(
    server.received.map(({ operations }) => operations.length <= 2),
    Array.from(server.received, () => true),
  )
  await clock.advance(0)
})

test('a document that is too large for a request is refused alone', async (t) => {
  const { writer, server, settled } = openedWriter(t, { batchSize: 4 })
  const isLarge = ({ id }: { readonly id: string | null | undefined }) => id === 'id-2'
  server.onRequest = (request) => (request.operations.some(isLarge) ? request.respond(413) : request.accept())
  writer.add(some(4))
  await writer.flush(signal)
  assert.deepEqual(
    settled.map(({ outcome }) => outcome.kind),
    ['written', 'written', 'refused', 'written'],
  )
  const outcome = settled[2]?.outcome
  assert.ok(outcome?.kind === 'refused')
  assert.match(outcome.reason, /bytes, which is more than the server accepts/)
})

for (const name of ['max_coordinating_bytes', 'max_coordinating_and_primary_bytes']) {
  test(`a document that needs more memory than ${name} is refused alone, without retries`, async (t) => {
    const { writer, server, settled, retries } = openedWriter(t, { batchSize: 4 })
    const limit = 1000
    server.onRequest = (request) => {
      const bytes = request.operations.some(({ id }) => id === 'id-2') ? limit + 1 : limit
      if (bytes <= limit) return request.accept()
      const reason = `rejected execution of coordinating operation [all_bytes=${bytes}, coordinating_operation_bytes=${bytes}, ${name}=${limit}]`
      request.respond(429, { error: { type: 'es_rejected_execution_exception', reason } })
    }
    writer.add(some(4))
    await writer.flush(signal)
    assert.deepEqual(
      settled.map(({ outcome }) => outcome.kind),
      ['written', 'written', 'refused', 'written'],
    )
    assert.equal(retries.length, 0)
  })
}

test('an operation that makes the whole request invalid is found and refused alone', async (t) => {
  const { writer, server, settled, failures } = openedWriter(t, { batchSize: 5 })
  const error = {
    type: 'action_request_validation_exception',
    reason: 'Validation Failed: 1: id is too long',
  }
  server.onRequest = (request) =>
    request.operations.some(({ id }) => id === 'id-3') ? request.respond(400, { error }) : request.accept()
  writer.add(some(5))
  await writer.flush(signal)
  assert.deepEqual(failures, [])
  assert.deepEqual(
    settled.map(({ operation: { id }, outcome: { kind } }) => `${id} ${kind}`),
    ['id-0 written', 'id-1 written', 'id-2 written', 'id-3 refused', 'id-4 written'],
  )
})

test('a batch that an overloaded server rejects again and again is divided', async (t) => {
  const { writer, server, clock, settled } = openedWriter(t, { batchSize: 8, maxInFlightRequests: 1 })
  server.onRequest = (request) => (request.operations.length > 2 ? request.respond(429) : request.accept())
  writer.add(some(8))
  const flushed = writer.flush(signal)
  await clock.advance(600_000)
  await flushed
  assert.equal(settled.length, 8)
})

test('a batch that a server never answers in time is divided, but not without limit', async (t) => {
  const { writer, server, clock } = openedWriter(t, { batchSize: 8, maxInFlightRequests: 1 })
  server.onRequest = (request) => void clock.after(3000, () => request.cut())
  writer.add(Array.from({ length: 8 }, (_, index) => operation(`id-${index}`, 'x'.repeat(30_000))))
  await clock.advance(3_600_000)
  const counts = server.received.map(({ operations }) => operations.length)
  assert.equal(counts[0], 8)
  assert.equal(counts.at(-1), 2)
})
