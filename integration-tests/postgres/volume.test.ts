import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { waitFor, type HeadraceWorker } from '../services/index.ts'
import { createCapture, type Capture } from './pipeline/capture.ts'
import { endOfTopic } from '../topics/topic-tail.ts'

/** Rows of the large transaction, megabytes of the large row, and tables. Set them to 5000000, 200 and 10000. */
const ROWS = Number(process.env['POSTGRES_TRANSACTION_ROWS'] ?? 200_000)
const MEGABYTES = Number(process.env['POSTGRES_ROW_MEGABYTES'] ?? 20)
const TABLES = Number(process.env['POSTGRES_TABLES'] ?? 1000)

const TIMEOUT_MS = 120_000 + ROWS / 10
const MOST_MEMORY_MB = 500

/** Samples the memory of the task's process. */
function watchMemory({ rest }: HeadraceWorker, { name }: Capture) {
  let highestMb = 0
  return {
    async sample(): Promise<void> {
      for (const { pid } of (await rest.progress())[name]?.tasks ?? []) {
        const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
        highestMb = Math.max(highestMb, Number(stdout) / 1024)
      }
    },
    highestMb: () => Math.round(highestMb),
  }
}

test(`a transaction of ${ROWS} rows arrives in bounded memory`, async (t) => {
  const capture = await createCapture(t, { tables: 'CREATE TABLE items (id int PRIMARY KEY, note text)' })
  const tail = await capture.tail('items')
  const worker = await capture.startWorker()
  await worker.rest.put(capture.name, capture.config())
  await capture.database.query(`INSERT INTO items VALUES (0, 'before')`)
  await tail.until(({ key }) => key === '{"id":0}', 'the row before the transaction')
  const memory = watchMemory(worker, capture)
  const began = performance.now()
  await capture.database.query(
    `INSERT INTO items SELECT i, 'row ' || i || repeat('x', 100) FROM generate_series(1, ${ROWS}) i`,
  )
  const committed = performance.now()
  let end = 0
  const isComplete = async () => {
    await memory.sample()
    end = await endOfTopic(capture.kafka, `${capture.name}.public.items`)
    return end > ROWS ? true : undefined
  }
  await waitFor(isComplete, { timeoutMs: TIMEOUT_MS, what: () => `${ROWS + 1} events; there are ${end}` })
  const seconds = (from: number) => ((performance.now() - from) / 1000).toFixed(1)
  t.diagnostic(
    `${seconds(began)} s, of which ${seconds(committed)} s after the commit; at most ${memory.highestMb()} MB`,
  )
  assert.equal(end, ROWS + 1)
  assert.ok(memory.highestMb() < MOST_MEMORY_MB, `the task used ${memory.highestMb()} MB`)
})

test(`a row of ${MEGABYTES} MB that is larger than max.request.size fails the task with its size and the setting`, async (t) => {
  const capture = await createCapture(t, { tables: 'CREATE TABLE items (id int PRIMARY KEY, note text)' })
  await capture.tail('items')
  const worker = await capture.startWorker()
  await worker.rest.put(capture.name, capture.config())
  await worker.rest.untilState(capture.name, 'RUNNING')
  await capture.database.query(`INSERT INTO items VALUES (1, repeat('x', ${MEGABYTES} * 1024 * 1024))`)
  const trace = await worker.rest.untilTaskFailed(capture.name, 0, TIMEOUT_MS)
  t.diagnostic(trace.slice(0, 1000))
  assert.match(trace, /max\.request\.size/)
  assert.match(trace, new RegExp(`${Math.floor((MEGABYTES * 1024 * 1024) / 1e6)}\\d{6}`))
})

test('the schema that a transaction changes applies to the changes after it', async (t) => {
  const capture = await createCapture(t, {
    tables: `CREATE TABLE items (id int PRIMARY KEY, old text, kept int NOT NULL DEFAULT 7)`,
  })
  const tail = await capture.tail('items')
  const worker = await capture.startWorker()
  await worker.rest.put(capture.name, capture.config({ 'decimal.handling.mode': 'string' }))
  await capture.database.query(`INSERT INTO items VALUES (0, 'before')`)
  await tail.until(({ key }) => key === '{"id":0}', 'the row before the transaction')
  await capture.database.query(`
    INSERT INTO items VALUES (1, 'old');
    ALTER TABLE items ADD COLUMN added numeric(5,2) DEFAULT 1.5;
    INSERT INTO items VALUES (2, 'old', 8, 2.25);
    ALTER TABLE items DROP COLUMN old;
    INSERT INTO items VALUES (3, 9, 3);
    ALTER TABLE items RENAME COLUMN added TO renamed;
    ALTER TABLE items ALTER COLUMN kept TYPE text;
    UPDATE items SET kept = 'ten' WHERE id = 3;
    ALTER TABLE items ADD COLUMN "constructor" text[];
    INSERT INTO items VALUES (4, 'eleven', 4, '{a,b}')`)
  await tail.until(({ key }) => key === '{"id":4}', 'the last row of the transaction')
  const rows = tail.records
    .slice(1)
    .map(({ value }) => (JSON.parse(value ?? '{}') as { after: unknown }).after)
  const expected: object[] = [
    { id: 1, old: 'old', kept: 7 },
    { id: 2, old: 'old', kept: 8, added: '2.25' },
    { id: 3, kept: 9, added: '3.00' },
    { id: 3, kept: 'ten', renamed: '3.00' },
    { id: 4, kept: 'eleven', renamed: '4.00', constructor: ['a', 'b'] },
  ]
  assert.deepEqual(rows, expected)
})

test(`${TABLES} tables are captured`, async (t) => {
  const capture = await createCapture(t, { tables: 'CREATE TABLE t0 (id int PRIMARY KEY, note text)' })
  const { database } = capture
  for (let first = 1; first < TABLES; first += 500) {
    await database.query(`DO $$ BEGIN FOR i IN ${first}..${Math.min(first + 499, TABLES - 1)} LOOP
      EXECUTE format('CREATE TABLE t%s (id int PRIMARY KEY, note text)', i); END LOOP; END $$`)
  }
  const last = await capture.tail(`t${TABLES - 1}`)
  const worker = await capture.startWorker()
  const began = performance.now()
  await worker.rest.put(capture.name, capture.config({ 'snapshot.mode': 'no_data' }))
  await waitFor(() => (worker.log().includes('streaming changes') ? true : undefined), {
    timeoutMs: TIMEOUT_MS,
    what: 'the connector to stream',
  })
  const memory = watchMemory(worker, capture)
  await database.query(`INSERT INTO t${TABLES - 1} VALUES (1, 'in the last table')`)
  await last.until(({ key }) => key === '{"id":1}', 'the row of the last table')
  await memory.sample()
  t.diagnostic(`${Math.round(performance.now() - began)} ms until the first row; ${memory.highestMb()} MB`)
  assert.ok(memory.highestMb() < MOST_MEMORY_MB, `the task used ${memory.highestMb()} MB`)
})
