import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { suite, test } from 'node:test'
import { waitFor } from '../services/index.ts'
import { endOfTopic, tailTopic, type TailRecord } from '../topics/topic-tail.ts'
import { createCapture } from './pipeline/capture.ts'
import {
  addSeed,
  checkArrival,
  checkSlot,
  seededItems,
  untilMore,
  untilStreamed,
} from './pipeline/seeded-items.ts'

/** How often a worker is killed, at least 2. Set it to 50 to search for rare errors. */
const KILLS = Number(process.env['POSTGRES_KILLS'] ?? 6)
const KILLS_IN_SNAPSHOT = Math.ceil(KILLS / 3)
const TIMEOUT_MS = 120_000

/** Transactions last as long as the worker determines. */
const byInterval = {
  'transaction.boundary': 'interval',
  'producer.override.transaction.timeout.ms': '600000',
}
/** A worker that starts waits for the transactions of a killed one, which the broker aborts after this time. */
const SHORT_MS = '20000'
const shortTransactions = { 'producer.override.transaction.timeout.ms': SHORT_MS }
const workerProps = { 'exactly.once.source.support': 'enabled', 'transaction.timeout.ms': SHORT_MS }
/** A worker whose transactions do not end before it is killed. */
const longTransactions = { 'offset.flush.interval.ms': '300000' }

suite('a connector with exactly-once support and writers beside it', () => {
  test(`publishes each event once to readers of committed records when its worker is killed ${KILLS} times`, async (t) => {
    const capture = await createCapture(t, {
      tables: seededItems,
      worker: workerProps,
    })
    const tail = await capture.tail('items')
    const writers = capture.startWriters(3)
    addSeed(writers.history)
    const topic = `${capture.name}.public.items`
    for (let kill = 0; kill < KILLS_IN_SNAPSHOT; kill++) {
      const before = await endOfTopic(capture.kafka, topic)
      const worker = await capture.startWorker(longTransactions)
      if (kill === 0) await worker.rest.put(capture.name, capture.config(byInterval))
      const rowsWritten = async () =>
        (await endOfTopic(capture.kafka, topic)) > before + 1 ? true : undefined
      await waitFor(rowsWritten, { timeoutMs: TIMEOUT_MS, what: 'rows of the snapshot' })
      await worker.kill()
      await tail.read()
      assert.equal(tail.records.length, 0, 'a part of a snapshot was committed')
    }
    const end = await endOfTopic(capture.kafka, topic)
    const last = await capture.startWorker(longTransactions)
    const uncommitted = await tailTopic(capture.kafka, topic)
    t.after(() => uncommitted.close())
    await untilStreamed(uncommitted, end)
    const early = writers.counts()
    await last.stop() // commits
    for (let kill = KILLS_IN_SNAPSHOT; kill < KILLS; kill++) {
      const worker = await capture.startWorker()
      if (kill === KILLS_IN_SNAPSHOT) await worker.rest.put(capture.name, capture.config(shortTransactions))
      await untilMore(tail, randomInt(1, 300))
      await checkSlot(capture)
      await worker.kill()
      await checkSlot(capture)
    }
    await capture.startWorker()
    const { duplicates, ...counts } = await checkArrival(tail, capture, writers, early)
    t.diagnostic(JSON.stringify(counts))
    await checkSlot(capture)

    assert.equal(duplicates, 0)
  })
})

test('a snapshot whose worker is killed or stopped is taken anew, and each of its rows is committed once', async (t) => {
  const capture = await createCapture(t, {
    tables: `CREATE TABLE items (id int PRIMARY KEY); INSERT INTO items SELECT generate_series(1, 100);
             CREATE TABLE later (id int PRIMARY KEY)`,
    worker: workerProps,
    connector: {
      'max.batch.size': '10',
      'snapshot.select.statement.overrides': 'public.later',
      'snapshot.select.statement.overrides.public.later':
        'SELECT * FROM later WHERE (SELECT count(*) FROM pg_advisory_xact_lock_shared(1)) > 0',
    },
  })
  const topic = `${capture.name}.public.items`
  const tail = await capture.tail('items')
  const gate = await capture.database.connect()
  gate.on('error', () => {}) // a test that fails drops the database first
  await gate.query('SELECT pg_advisory_lock(1)') // no snapshot gets past the first table
  const endDuringSnapshot = async (end: () => Promise<unknown>) => {
    const before = await endOfTopic(capture.kafka, topic)
    const rowsWritten = async () => (await endOfTopic(capture.kafka, topic)) >= before + 90 || undefined
    await waitFor(rowsWritten, { timeoutMs: TIMEOUT_MS, what: 'rows of the snapshot' })
    await end()
    await tail.read()
    assert.equal(tail.records.length, 0, 'a part of a snapshot was committed')
  }
  const killed = await capture.startWorker()
  await killed.rest.put(capture.name, capture.config())
  await endDuringSnapshot(() => killed.kill())
  const stopped = await capture.startWorker()
  await endDuringSnapshot(() => stopped.stop())
  await capture.database.query('DELETE FROM items WHERE id = 1')
  await capture.database.query('INSERT INTO items SELECT generate_series(101, 200)')
  await gate.end() // releases the lock
  await capture.startWorker()
  await tail.until((record) => idOf(record) === 200, 'the last row of the snapshot')
  await capture.database.query('INSERT INTO items VALUES (201)')
  await tail.until((record) => idOf(record) === 201, 'the new row')
  const ids = tail.records.map(idOf).toSorted((one, other) => one - other)
  assert.deepEqual(
    ids,
    Array.from({ length: 200 }, (_, index) => index + 2),
  )
})

function idOf({ value }: TailRecord): number {
  return (JSON.parse(value ?? '') as { after: { id: number } }).after.id
}
