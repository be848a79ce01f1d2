import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openedWriter } from './opened-writer.ts'
import { operation, signal } from './operations.ts'

const rejected = { status: 429, type: 'es_rejected_execution_exception' }

test('two requests in flight never contain the same document', async (t) => {
  const { writer, add, server, clock } = openedWriter(t, { batchSize: 2 })
  await add([operation('a', 1), operation('b', 1), operation('a', 2), operation('c', 1), operation('d', 1)])
  assert.deepEqual(
    server.waiting.map(({ operations }) => operations.map(({ id }) => id)),
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  )
  const flushed = writer.flush(signal)
  await server.accept()
  await clock.advance(0)
  await server.accept()
  assert.deepEqual((await server.next()).documents, ['2'])
  await writer.close()
  await assert.rejects(flushed)
})

test('the same id in another index is another document', async (t) => {
  const { add, server } = openedWriter(t, { batchSize: 1 })
  await add([operation('a', 1), operation('a', 2, { target: 'invoices' })])
  assert.equal(server.waiting.length, 2)
})

test('operations without an id do not wait for each other', async (t) => {
  const { add, server } = openedWriter(t, { batchSize: 1 })
  await add([operation(null, 1), operation(null, 2), operation(null, 3)])
  assert.equal(server.waiting.length, 3)
})

test('the operations of one document fill batches, one after another', async (t) => {
  const { writer, add, server, clock } = openedWriter(t, { batchSize: 10 })
  await add(Array.from({ length: 25 }, (_, index) => operation('hot', index)))
  const sent: (string | undefined)[][] = []
  for (let batch = 0; batch < 2; batch++) {
    assert.equal(server.waiting.length, 1)
    const request = await server.next()
    sent.push([...request.documents])
    request.accept()
    await clock.advance(0)
  }
  assert.equal(server.waiting.length, 0)
  const flushed = writer.flush(signal)
  const last = await server.next()
  sent.push([...last.documents])
  last.accept()
  await flushed
  assert.deepEqual(
    sent.map(({ length }) => length),
    [10, 10, 5],
  )
  assert.deepEqual(
    sent.flat().map(Number),
    Array.from({ length: 25 }, (_, index) => index),
  )
})

test('an operation that failed for now is sent again before later ones of its document', async (t) => {
  const { add, server, clock, settled } = openedWriter(t, { batchSize: 2 })
  await add([operation('a', 1), operation('b', 1), operation('a', 2), operation('b', 2)])
  await server.answer([rejected, undefined])
  await clock.advance(0)
  assert.deepEqual(
    settled.map(({ operation: { id } }) => id),
    ['b'],
  )
  assert.equal(server.waiting.length, 0)
  await clock.advance(1000)
  assert.deepEqual(
    server.waiting.map(({ documents }) => documents),
    [['1']],
  )
  await server.accept()
  await clock.advance(0)
  assert.deepEqual(
    (await server.next()).operations.map(({ id, document }) => `${id} ${document}`),
    ['a 2', 'b 2'],
  )
})

test('what followed a failed operation of its document in the request is written again after it', async (t) => {
  const { add, server, clock, settled } = openedWriter(t, { batchSize: 4 })
  await add([operation('a', 1), operation('b', 1), operation('a', 2), operation('a', 3)])
  await server.answer([rejected, undefined, undefined, undefined])
  await clock.advance(1000)
  assert.equal(settled.length, 1)
  const retry = await server.next()
  assert.deepEqual(retry.documents, ['1'])
  retry.accept()
  const rest = await server.next()
  assert.deepEqual(rest.documents, ['2', '3'])
  rest.accept()
  await clock.advance(0)
  assert.equal(settled.length, 4)
})

test('other documents are written while some wait for their next attempt', async (t) => {
  const { add, server, clock, settled } = openedWriter(t, { batchSize: 1 })
  await add([operation('a', 1)])
  await server.answer([{ status: 403, type: 'cluster_block_exception' }])
  await clock.advance(0)
  await add([operation('b', 1)])
  await server.accept()
  await clock.advance(0)
  assert.deepEqual(
    settled.map(({ operation: { id } }) => id),
    ['b'],
  )
})

test('the response is assigned to operations by their places', async (t) => {
  const { add, server, clock, settled } = openedWriter(t, { batchSize: 3 })
  await add([operation('a', 1), operation('b', 1, { kind: 'delete' }), operation('c', 1)])
  const bad = { status: 400, type: 'document_parsing_exception', reason: 'failed to parse field [x]' }
  await server.answer([undefined, undefined, bad])
  await clock.advance(0)
  assert.deepEqual(
    settled.map(({ operation: { id }, outcome: { kind } }) => `${id} ${kind}`),
    ['a written', 'b written', 'c refused'],
  )
})
