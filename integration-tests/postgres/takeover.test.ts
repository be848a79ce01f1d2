import assert from 'node:assert/strict'
import { suite, test, type TestContext } from 'node:test'
import { writeRecords } from '../topics/records.ts'
import { createTopic, sharedKafka, startJavaWorker, waitFor, type RestClient } from '../services/index.ts'
import { createCapture, type Capture } from './pipeline/capture.ts'
import type { TopicTail } from '../topics/topic-tail.ts'

/** Folder with the plugin of Debezium's connector for PostgreSQL. The tests with it need Java and Maven. */
const PLUGIN_PATH = process.env['DEBEZIUM_PLUGIN_PATH'] ?? ''
const TIMEOUT_MS = 120_000

const TABLE = 'CREATE TABLE items (id int PRIMARY KEY, note text)'

const idsIn = (tail: TopicTail): number[] =>
  tail.records
    .filter(({ value }) => value !== null)
    .map(({ key }) => (JSON.parse(key ?? '{}') as { id: number }).id)

async function untilId(tail: TopicTail, id: number): Promise<void> {
  await tail.until(({ key }) => key === `{"id":${id}}`, `the row ${id}`, TIMEOUT_MS)
}

/** The positions of the events of a slot, by the id of the row, and the end of each transaction. */
interface Positions {
  readonly lsn: (id: number) => number
  readonly txId: (id: number) => number
  /** The end of the transaction of the row. */
  readonly commit: (id: number) => number
}

/** Makes a slot as Debezium does, then commits the rows 1 and 2, then 3 to 5, then 6. */
async function rowsInSlot({ database, slot, name }: Capture): Promise<Positions> {
  await database.query(`CREATE PUBLICATION publication_of_${name} FOR TABLE items`)
  await database.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot])
  for (const values of ['(1), (2)', '(3), (4), (5)', '(6)']) {
    await database.query(`INSERT INTO items (id) VALUES ${values}`)
  }
  const messages = await database.query<{ lsn: string; xid: string; kind: string; end: string }>(
    `SELECT lsn - '0/0' AS lsn, xid::text AS xid, chr(get_byte(data, 0)) AS kind,
       CASE WHEN get_byte(data, 0) = 67 THEN ('x' || encode(substr(data, 11, 8), 'hex'))::bit(64)::bigint::text END AS end
     FROM pg_logical_slot_peek_binary_changes($1, NULL, NULL, 'proto_version', '1', 'publication_names', $2)`,
    [slot, `publication_of_${name}`],
  )
  const rows = messages.filter(({ kind }) => kind === 'I')
  assert.equal(rows.length, 6)
  const rowOf = (id: number) => rows[id - 1] ?? { lsn: '', xid: '' }
  return {
    lsn: (id) => Number(rowOf(id).lsn),
    txId: (id) => Number(rowOf(id).xid),
    commit: (id) => Number(messages.find(({ kind, xid }) => kind === 'C' && xid === rowOf(id).xid)?.end),
  }
}

interface RecordedOffset {
  readonly when: string
  /** An offset that Debezium 3.6.1 stores, with the positions of this run. */
  readonly offset: (positions: Positions) => Readonly<Record<string, unknown>>
  readonly arriving: readonly number[]
}

const recorded: readonly RecordedOffset[] = [
  {
    when: 'in the middle of a transaction',
    offset: ({ lsn, txId, commit }) => ({
      lsn_proc: lsn(4),
      messageType: 'INSERT',
      lsn_commit: commit(2),
      lsn: lsn(4),
      txId: txId(4),
      ts_usec: 1_700_000_000_000_000,
    }),
    arriving: [5, 6],
  },
  {
    when: 'after the last event of a transaction',
    offset: ({ lsn, txId, commit }) => ({
      lsn_proc: lsn(5),
      messageType: 'INSERT',
      lsn_commit: commit(2),
      lsn: lsn(5),
      txId: txId(5),
      ts_usec: 1_700_000_000_000_000,
    }),
    arriving: [6],
  },
  {
    when: 'in the first transaction after a snapshot',
    offset: ({ lsn, txId }) => ({
      lsn_proc: lsn(1),
      messageType: 'INSERT',
      lsn: lsn(1),
      txId: txId(1),
      ts_usec: 1_700_000_000_000_000,
    }),
    arriving: [2, 3, 4, 5, 6],
  },
  {
    when: 'at the end of a snapshot',
    offset: ({ txId, commit }) => ({
      last_snapshot_record: true,
      lsn: commit(2),
      txId: txId(2),
      ts_usec: 1_700_000_000_000_000,
      snapshot: 'INITIAL',
      snapshot_completed: true,
    }),
    arriving: [3, 4, 5, 6],
  },
  {
    when: 'with metadata of transactions',
    offset: ({ lsn, txId, commit }) => ({
      'transaction_id': String(txId(3)),
      'transaction_data_collection_order_public.items': 1,
      'lsn_proc': lsn(3),
      'messageType': 'INSERT',
      'lsn_commit': commit(2),
      'lsn': lsn(3),
      'txId': txId(3),
      'ts_usec': 1_700_000_000_000_000,
    }),
    arriving: [4, 5, 6],
  },
]

suite('a recorded offset of Debezium', () => {
  for (const { when, offset, arriving } of recorded) {
    test(`${when} is continued`, async (t) => {
      const capture = await createCapture(t, { tables: TABLE })
      const positions = await rowsInSlot(capture)
      const topic = capture.workerProps['offset.storage.topic'] ?? ''
      await createTopic(await sharedKafka(), topic, { 'cleanup.policy': 'compact' })
      const key = JSON.stringify([capture.name, { server: capture.name }])
      const value = JSON.stringify(offset(positions))
      await writeRecords(topic, [{ key, value, timestamp: Date.now(), headers: [] }])
      const tail = await capture.tail('items')
      const { rest } = await capture.startWorker()
      await rest.put(capture.name, capture.config())
      await capture.database.query('INSERT INTO items (id) VALUES (7)')
      await untilId(tail, 7)
      assert.deepEqual(idsIn(tail), [...arriving, 7])
      await untilStored(capture, positions)
    })
  }
})

/** The stored offset has the fields of one of Debezium. */
async function untilStored(capture: Capture, { txId }: Positions): Promise<void> {
  const [row] = await capture.database.query<{ xid: string }>(
    'SELECT xmin::text AS xid FROM items WHERE id = 7',
  )
  let stored: Awaited<ReturnType<Capture['storedOffset']>>
  const isNewest = async () => {
    stored = await capture.storedOffset()
    return stored?.txId === Number(row?.xid) ? true : undefined
  }
  await waitFor(isNewest, {
    timeoutMs: TIMEOUT_MS,
    what: () => `the offset of row 7; it is ${JSON.stringify(stored)}`,
  })
  assert.ok(txId(6) < Number(row?.xid))
  const fields = ['lsn', 'lsn_commit', 'lsn_proc', 'messageType', 'ts_usec', 'txId']
  assert.deepEqual(Object.keys(stored ?? {}).toSorted(), fields)
}

test(
  'a connector moves from Debezium to Headrace and back, and no change is lost or repeated',
  { skip: PLUGIN_PATH === '' && 'DEBEZIUM_PLUGIN_PATH is not set' },
  async (t) => {
    const capture = await createCapture(t, { tables: `${TABLE}; INSERT INTO items (id) VALUES (1), (2)` })
    const tail = await capture.tail('items')
    const startJava = async (context: TestContext): Promise<{ rest: RestClient; stop(): Promise<void> }> => {
      const worker = await startJavaWorker({ props: { ...capture.workerProps, 'plugin.path': PLUGIN_PATH } })
      context.after(() => worker.stop())
      return worker
    }
    let id = 2
    const step = async (rest: RestClient) => {
      await rest.untilState(capture.name, 'RUNNING', { timeoutMs: TIMEOUT_MS })
      await untilId(tail, id)
      for (let transaction = 0; transaction < 10; transaction++) {
        await capture.database.query(`COPY items (id) FROM PROGRAM 'seq ${id + 1} ${id + 20}'`)
        id += 20
        // Rows of COPY share a position, so Debezium does not store how many of them were sent
        await capture.database.query(`INSERT INTO items (id) VALUES (${++id}), (${++id}), (${++id})`)
      }
      await untilId(tail, id)
    }
    const show = async (who: string) =>
      t.diagnostic(`${who}: ${id}, ${JSON.stringify(await capture.storedOffset())}`)
    const java = await startJava(t)
    await java.rest.put(capture.name, capture.config())
    await step(java.rest)
    await java.stop()
    await show('Debezium')
    for (let round = 0; round < 2; round++) {
      await capture.database.query(`INSERT INTO items (id) VALUES (${++id}), (${++id})`)
      const ours = await capture.startWorker()
      await step(ours.rest)
      await ours.stop()
      await show('Headrace')
      await capture.database.query(`INSERT INTO items (id) VALUES (${++id}), (${++id})`)
      const again = await startJava(t)
      await step(again.rest)
      await again.stop()
      await show('Debezium')
    }
    const arrived = idsIn(tail)
    const all = Array.from({ length: id }, (_, index) => index + 1)
    const known = new Set(arrived)
    const lost = all.filter((each) => !known.has(each))
    const repeated = arrived.filter((each, index) => arrived.indexOf(each) < index)
    assert.deepEqual({ lost, repeated }, { lost: [], repeated: [] })
    assert.deepEqual(arrived, all)
  },
)
