import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { messageOf, type SinkRecord } from '../../../../api/index.ts'
import { INVALID, openedTask, recordAt } from './simulation.ts'

/** A dead-letter queue. */
function deadLetters() {
  const letters: { readonly record: SinkRecord; readonly message: string }[] = []
  const report = async (record: SinkRecord, error: unknown) =>
    void letters.push({ record, message: messageOf(error) })
  return { letters, errantRecords: { report } }
}

const bad = {
  status: 400,
  type: 'document_parsing_exception',
  reason: 'failed to parse field [n] of type [long]',
}

test('null values that are ignored are settled and reported', async () => {
  const { letters, errantRecords } = deadLetters()
  const { task, put, commit, server } = openedTask({ settings: { ignoreNullValues: true }, errantRecords })
  await put([recordAt(0, { value: null })])
  assert.equal(await commit(1), 1)
  assert.equal(server.received.length, 0)
  assert.deepEqual(
    letters.map(({ message }) => message),
    ['Cannot write null valued record.'],
  )
  await task.close?.()
})

test('a null value without a key needs no request and does not hold up offsets', async () => {
  const { task, put, commit, metrics } = openedTask()
  await put([recordAt(0, { value: null, key: null })])
  assert.equal(await commit(1), 1)
  assert.equal(metrics.get('records_skipped'), 1)
  await task.close?.()
})

test('a record that cannot be converted fails the task and is reported', async () => {
  const { letters, errantRecords } = deadLetters()
  const { task, put, commit, server } = openedTask({ errantRecords })
  await assert.rejects(
    put([recordAt(0), recordAt(1, { value: INVALID }), recordAt(2)]),
    /offset 1 of orders-0 .*not convertible/,
  )
  assert.equal(letters.length, 1)
  await server.accept()
  await turn()
  assert.equal(await commit(3), 1)
  await task.close?.()
})

test('drop.invalid.message: it is reported and skipped', async () => {
  const { letters, errantRecords } = deadLetters()
  const { task, put, commit, server, lines, metrics } = openedTask({
    settings: { dropInvalidMessages: true },
    errantRecords,
  })
  await put([recordAt(0), recordAt(1, { value: INVALID }), recordAt(2)])
  await server.accept()
  await turn()
  assert.equal(await commit(3), 3)
  assert.deepEqual(
    letters.map(({ record }) => record.offset),
    [1],
  )
  assert.equal(metrics.get('records_invalid'), 1)
  assert.match(lines.at(-1)?.message ?? '', /offset 1 of orders-0/)
  await task.close?.()
})

test('behavior.on.malformed.documents=fail: the task fails with the reason of the server', async () => {
  const { letters, errantRecords } = deadLetters()
  const { task, put, commit, server, worker } = openedTask({ errantRecords })
  await put([recordAt(0), recordAt(1), recordAt(2)])
  await server.answer([undefined, bad, undefined])
  const message = messageOf(await worker.failed)
  assert.match(message, /document id-1 of orders, from the record at offset 1 of orders-0/)
  assert.match(message, /field 'n' .*document_parsing_exception/)
  assert.equal(letters.length, 1)
  assert.equal(await commit(3), 1)
  await task.close?.()
})

for (const [malformedDocuments, level] of [
  ['ignore', 'debug'],
  ['warn', 'warn'],
] as const) {
  test(`behavior.on.malformed.documents=${malformedDocuments}: the document alone is reported and skipped`, async () => {
    const { letters, errantRecords } = deadLetters()
    const { task, put, commit, server, lines, metrics } = openedTask({
      settings: { malformedDocuments },
      errantRecords,
    })
    await put([recordAt(0), recordAt(1), recordAt(2)])
    await server.answer([undefined, bad, undefined])
    await turn()
    assert.equal(await commit(3), 3)
    assert.equal(letters.length, 1)
    assert.equal(letters[0]?.record.offset, 1)
    assert.match(
      letters[0]?.message ?? '',
      /document_parsing_exception: failed to parse field \[n\] of type \[long\]/,
    )
    assert.equal(lines.filter((line) => line.level === level).length, 1)
    assert.equal(metrics.get('documents_refused'), 1)
    await task.close?.()
  })
}

test('an offset is not safe before its record is in the dead-letter queue', async () => {
  let stored!: () => void
  const reported = new Promise<void>((resolve) => (stored = resolve))
  const errantRecords = { report: () => reported }
  const { task, put, commit, server } = openedTask({
    settings: { malformedDocuments: 'ignore' },
    errantRecords,
  })
  await put([recordAt(0)])
  await server.answer([bad])
  await turn()
  assert.equal(await commit(1), 0)
  stored()
  await turn()
  assert.equal(await commit(1), 1)
  await task.close?.()
})

test('a record that cannot be reported fails the task', async () => {
  const errantRecords = { report: () => Promise.reject(new Error('not tolerated')) }
  const { task, put, server, worker } = openedTask({
    settings: { malformedDocuments: 'warn' },
    errantRecords,
  })
  await put([recordAt(0)])
  await server.answer([bad])
  assert.equal(messageOf(await worker.failed), 'not tolerated')
  await task.close?.()
})

test('conflicts of external versions are counted and not reported', async () => {
  const { letters, errantRecords } = deadLetters()
  const { task, put, commit, server, metrics } = openedTask({ errantRecords })
  await put([recordAt(5)])
  const reason = '[id-5]: version conflict, current version [5] is higher or equal to the one provided [5]'
  await server.answer([{ status: 409, type: 'version_conflict_engine_exception', reason }])
  await turn()
  assert.equal(await commit(6), 6)
  assert.deepEqual([letters.length, metrics.get('operations_superseded')], [0, 1])
  await task.close?.()
})
