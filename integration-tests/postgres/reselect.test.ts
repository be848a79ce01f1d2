import assert from 'node:assert/strict'
import { after, afterEach, before, test } from 'node:test'
import type { Logger, SourceRecord, SourceTask } from '../../api/index.ts'
import { openPostgresTask } from '../../connectors/postgres/task.ts'
import { sourceTaskContext, type TestWorker } from '../../testing/index.ts'
import { createDatabase, waitFor, type Database } from '../services/index.ts'

const PLACEHOLDER = '__debezium_unavailable_value'
const PATIENCE_MS = 30_000
const processor = 'post.processors.again'

let database: Database
before(async () => {
  database = await createDatabase()
})
after(() => database.drop())

const cleanUp: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const clean of cleanUp.splice(0)) await clean()
})

/** A task that streams the changes of one table, and what it has logged. */
class Streaming {
  readonly warnings: string[] = []
  readonly #worker: TestWorker
  readonly #task: Promise<SourceTask>
  readonly #records: SourceRecord[] = []

  constructor(table: string, settings: Readonly<Record<string, string>>) {
    const warn: Logger['warn'] = (text, fields) =>
      void this.warnings.push(`${text} ${JSON.stringify(fields)}`)
    const ignore = () => {}
    const log: Logger = { error: warn, warn, info: ignore, debug: ignore, trace: ignore }
    const { context, worker } = sourceTaskContext({ props: { ...propsOf(table), ...settings }, log })
    this.#worker = worker
    this.#task = openPostgresTask(context)
    cleanUp.push(async () => {
      worker.stop()
      await (await this.#task).close?.()
    })
  }

  /** Resolves when the slot exists: changes from now on are streamed. */
  async started(slot: string): Promise<void> {
    await this.#task
    await waitFor(
      async () => {
        const [found] = await database.query(
          'SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn IS NOT NULL',
          [slot],
        )
        return found && true
      },
      { timeoutMs: PATIENCE_MS, what: 'the slot to be created' },
    )
  }

  /** Takes so many records. */
  async take(count: number): Promise<SourceRecord[]> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const task = await this.#task
    while (this.#records.length < count) {
      signal.throwIfAborted()
      this.#records.push(
        ...((await task.poll(AbortSignal.any([signal, this.#worker.taskContext().signal]))) ?? []),
      )
    }
    return this.#records.splice(0, count)
  }

  async failure(): Promise<unknown> {
    return this.take(1).then(
      () => undefined,
      (error: unknown) => error,
    )
  }
}

const propsOf = (table: string): Readonly<Record<string, string>> => ({
  ...database.props,
  'connector.class': 'io.debezium.connector.postgresql.PostgresConnector',
  'topic.prefix': 'shop',
  'slot.name': `${database.name}_${table}`,
  'publication.name': table,
  'publication.autocreate.mode': 'filtered',
  'table.include.list': `public\\.${table}`,
  'snapshot.mode': 'no_data',
  'post.processors': 'again',
  [`${processor}.type`]: 'io.debezium.processors.reselect.ReselectColumnsPostProcessor',
})

async function streaming(
  table: string,
  definition: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Streaming> {
  await database.query(`CREATE TABLE ${table} ${definition}`)
  const task = new Streaming(table, settings)
  await task.started(`${database.name}_${table}`)
  return task
}

type Row = Readonly<Record<string, unknown>>
const afterOf = ({ value }: SourceRecord): Row | null => (value as { readonly after: Row | null }).after
/** A text that is longer than a page, in short. */
const toasted = (letter: string): string => `${letter.repeat(3)}…3000`
const inShort = (text: unknown): unknown =>
  typeof text === 'string' && text.length > 100 ? `${text.slice(0, 3)}…${text.length}` : text

const DOCUMENTS = `(id int PRIMARY KEY, n int, body text, doc jsonb, parts bytea[], price numeric);
  ALTER TABLE documents ALTER body SET STORAGE EXTERNAL, ALTER doc SET STORAGE EXTERNAL,
    ALTER parts SET STORAGE EXTERNAL, ALTER price SET STORAGE EXTERNAL`

test('values that were not sent are read again, with their types and in order', async () => {
  const task = await streaming('documents', DOCUMENTS)
  await database.query(`
    INSERT INTO documents SELECT g, 0, repeat('b', 3000), to_jsonb(repeat('d', 3000)),
      ARRAY[decode(repeat('cd', 3000), 'hex')], (repeat('9', 6000) || '.5')::numeric FROM generate_series(1, 300) g`)
  await database.query('UPDATE documents SET n = id')
  await database.query("UPDATE documents SET n = -1, body = 'short' WHERE id = 7")
  const records = await task.take(601)
  const ids = records.slice(300, 600).map((record) => afterOf(record)?.['n'])
  assert.deepEqual(
    ids,
    Array.from({ length: 300 }, (_, index) => index + 1),
  )
  const inserted = afterOf(records[0]!)
  for (const record of records.slice(300)) {
    const { id, n: _, body, ...others } = afterOf(record) ?? {}
    assert.equal(inShort(body), id === 7 ? 'short' : toasted('b')) // the newest value, also in the first update
    const { doc, parts, price } = inserted ?? {}
    assert.deepEqual(others, { doc, parts, price })
  }
  assert.deepEqual(task.warnings, [])
})

test('rows with keys of any type are found', async () => {
  await database.query(`CREATE TYPE "Mood" AS ENUM ('sad', 'it''s ok'); CREATE DOMAIN code AS varchar(8);
    CREATE DOMAIN feeling AS "Mood"`)
  const definition = `("Key" "Mood", code code, at timestamptz, amount numeric, flag char(5), bits bit(4), f feeling,
     u uuid, n int, body text, PRIMARY KEY ("Key", code, at, amount, flag, bits, f, u));
     ALTER TABLE odd_keys ALTER body SET STORAGE EXTERNAL`
  const task = await streaming('odd_keys', definition)
  await database.query(`
    INSERT INTO odd_keys SELECT 'it''s ok', 'a"''\\' || g, now(), 1.10 + g, 'x', B'1010', 'sad', gen_random_uuid(), 0,
      repeat('b', 3000) FROM generate_series(1, 3) g`)
  await database.query('UPDATE odd_keys SET n = 1')
  const updates = (await task.take(6)).slice(3)
  assert.deepEqual(task.warnings, [])
  assert.deepEqual(
    updates.map((record) => inShort(afterOf(record)?.['body'])),
    [toasted('b'), toasted('b'), toasted('b')],
  )
})

test('a column that is null gets the newest value; one that has a default or is not selected does not', async () => {
  const definition = "(id int PRIMARY KEY, a text, b text DEFAULT 'x', c text)"
  const settings = { [`${processor}.reselect.columns.exclude.list`]: String.raw`public\.nullable:c` }
  const task = await streaming('nullable', definition, settings)
  const lock = await database.connect()
  // the first event waits for its value until the second change is committed
  await database.query('INSERT INTO nullable VALUES (1, NULL, NULL, NULL)')
  await lock.query('BEGIN; LOCK TABLE nullable IN ACCESS EXCLUSIVE MODE')
  await lock.query("UPDATE nullable SET a = 'new', b = 'new', c = 'new'; COMMIT")
  await lock.end()
  const [first, second] = await task.take(2)
  assert.ok(['new', null].includes((afterOf(first!)?.['a'] ?? null) as string | null))
  assert.deepEqual([afterOf(first!)?.['b'], afterOf(first!)?.['c']], [null, null])
  assert.deepEqual(afterOf(second!), { id: 1, a: 'new', b: 'new', c: 'new' })
})

test('a row that is gone keeps its placeholder', async () => {
  const definition =
    '(id int PRIMARY KEY, n int, body text); ALTER TABLE gone ALTER body SET STORAGE EXTERNAL'
  const task = await streaming('gone', definition)
  await database.query(`
    BEGIN; INSERT INTO gone VALUES (1, 0, repeat('b', 3000)); UPDATE gone SET n = 1; DELETE FROM gone; COMMIT`)
  const [, updated, , tombstone] = await task.take(4)
  assert.equal(afterOf(updated!)?.['body'], PLACEHOLDER)
  assert.equal(tombstone?.value, null)
  assert.match(task.warnings.join(), /not found; their events keep placeholders.*public\.gone.*"rows":1/)
})

test('a row that is gone fails the task with the mode fail, and nothing overtakes it', async () => {
  const definition =
    '(id int PRIMARY KEY, n int, body text); ALTER TABLE strict ALTER body SET STORAGE EXTERNAL'
  const task = await streaming('strict', definition, {
    [`${processor}.reselect.error.handling.mode`]: 'FAIL',
  })
  await database.query(`
    BEGIN; INSERT INTO strict VALUES (1, 0, repeat('b', 3000)); UPDATE strict SET n = 1; DELETE FROM strict; COMMIT`)
  assert.match(
    String(await task.failure()),
    /Cannot read columns of public\.strict again: 1 of 1 rows were not found/,
  )
})

test('a lost connection repeats the events, and their values are read', async () => {
  const definition =
    '(id int PRIMARY KEY, n int, body text); ALTER TABLE lost ALTER body SET STORAGE EXTERNAL'
  const task = await streaming('lost', definition)
  await database.query("INSERT INTO lost VALUES (1, 0, repeat('b', 3000))")
  await database.query('UPDATE lost SET n = 1')
  assert.equal(inShort(afterOf((await task.take(2))[1]!)?.['body']), toasted('b'))
  const lock = await database.connect()
  await lock.query('BEGIN; UPDATE lost SET n = 2; LOCK TABLE lost IN ACCESS EXCLUSIVE MODE')
  const blocker = await database.connect()
  // the lock is taken over when the update commits, before the query for its value can run
  const taken = blocker.query('BEGIN; LOCK TABLE lost IN ACCESS EXCLUSIVE MODE')
  await waitFor(
    async () => {
      const waiting = await database.query('SELECT 1 FROM pg_locks WHERE NOT granted')
      return waiting.length > 0 || undefined
    },
    { timeoutMs: PATIENCE_MS, what: 'the other lock to wait' },
  )
  await lock.query('COMMIT')
  await taken
  await waitFor(
    async () => {
      const killed = await database.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'COPY (SELECT k.n%' AND wait_event_type = 'Lock'",
      )
      return killed.length > 0 || undefined
    },
    { timeoutMs: PATIENCE_MS, what: 'the query to wait for the lock' },
  )
  await blocker.query('COMMIT')
  await lock.end()
  await blocker.end()
  const [updated] = await task.take(1)
  assert.equal(afterOf(updated!)?.['n'], 2)
  assert.equal(inShort(afterOf(updated!)?.['body']), toasted('b'))
  assert.deepEqual(task.warnings, [])
})
