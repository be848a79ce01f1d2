import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { suite, test, type TestContext } from 'node:test'
import { waitFor, type HeadraceWorker } from '../services/index.ts'
import { createCapture, type Capture, type StoredOffset } from './pipeline/capture.ts'
import { arrivalOf, type ChangeEvent } from './pipeline/history.ts'
import type { TailRecord, TopicTail } from '../topics/topic-tail.ts'
import { ITEMS, startWriters, type Writers } from './pipeline/writers.ts'

/** How often a worker is killed. Set it to 50 to search for rare errors. */
const KILLS = Number(process.env['POSTGRES_KILLS'] ?? 6)
const KILLS_IN_SNAPSHOT = Math.ceil(KILLS / 3)
const ROWS = 30_000
const TIMEOUT_MS = 120_000

const seeded = `${ITEMS}; INSERT INTO items (id, note) SELECT i, repeat('n', 100) FROM generate_series(1, ${ROWS}) i`

/** The rows that exist before the writers start. */
function addSeed(history: ReadonlyMap<number, unknown>): void {
  for (let id = 1; id <= ROWS; id++) (history as Map<number, unknown>).set(id, [{ op: 'c', version: 1 }])
}

const isStreamed = ({ value }: TailRecord): boolean => value !== null && !value.includes('"op":"r"')

/** Stops the writers, waits for a change after theirs, and compares. Resolves to the number of repeated events. */
async function checkArrival(
  t: TestContext,
  tail: TopicTail,
  capture: Capture,
  writers: Writers,
  beforeSnapshot: ReadonlyMap<number, number>,
): Promise<void> {
  await writers.stop()
  await capture.database.query(`INSERT INTO items (id, note) VALUES (-1, 'the last one')`)
  await tail.until(({ value }) => value?.includes('the last one') ?? false, 'the last change', TIMEOUT_MS)
  const rest = tail.records.filter(({ key }) => key !== '{"id":-1}')
  const { faults, ...counts } = arrivalOf(rest, writers.history, beforeSnapshot)
  t.diagnostic(JSON.stringify({ ...counts, transactions: writers.transactions }))
  assert.deepEqual(faults, [])
}

/** Nothing before the stored offset is sent again. */
function checkRepeated(appended: readonly TailRecord[], stored: StoredOffset | undefined): void {
  const { lsn_commit: commit, lsn = 0, txId } = stored ?? {}
  if (commit === undefined) return
  for (const { value } of appended) {
    if (value === null) continue
    const { source, op } = JSON.parse(value) as ChangeEvent
    const [before] = JSON.parse(source.sequence) as [string | null]
    assert.notEqual(op, 'r', 'the snapshot was repeated')
    assert.ok(
      Number(before) >= commit,
      `an event after ${before} was sent again; the stored offset is ${JSON.stringify(stored)}`,
    )
    if (source.txId === txId) assert.ok(source.lsn >= lsn, `${source.lsn} was sent again, ${lsn} is stored`)
  }
}

/** The slot must keep everything after the stored offset. */
async function checkSlot(capture: Capture): Promise<StoredOffset | undefined> {
  const confirmed = await capture.confirmedLsn()
  const stored = await capture.storedOffset()
  if (stored?.lsn_commit !== undefined) {
    assert.ok(
      confirmed !== null && confirmed <= BigInt(stored.lsn_commit),
      `the slot is confirmed up to ${confirmed}, the stored offset is ${JSON.stringify(stored)}`,
    )
  }
  return stored
}

async function untilMore(tail: TopicTail, records: number): Promise<void> {
  const before = tail.records.length
  const more = async () => {
    await tail.read()
    return tail.records.length >= before + records ? true : undefined
  }
  await waitFor(more, {
    timeoutMs: TIMEOUT_MS,
    what: () => `${records} more records; there are ${tail.records.length - before}`,
  })
}

suite('a connector with writers beside it', () => {
  test(`loses no change when its worker is killed ${KILLS} times, during the snapshot and while streaming`, async (t) => {
    const capture = await createCapture(t, { tables: seeded })
    const tail = await capture.tail('items')
    const writers = startWriters(capture.database, 3)
    t.after(() => writers.stop())
    addSeed(writers.history)
    let early: ReadonlyMap<number, number> | undefined
    for (let kill = 0; kill < KILLS; kill++) {
      const stored = kill === 0 ? undefined : await checkSlot(capture)
      const known = tail.records.length
      const worker = await capture.startWorker()
      if (kill === 0) await worker.rest.put(capture.name, capture.config())
      if (kill >= KILLS_IN_SNAPSHOT) {
        await tail.until(isStreamed, 'a streamed change', TIMEOUT_MS)
        early ??= writers.counts()
      }
      await untilMore(tail, kill < KILLS_IN_SNAPSHOT ? 1 : randomInt(1, 300))
      await worker.kill()
      await tail.read()
      checkRepeated(tail.records.slice(known), stored)
    }
    const stored = await checkSlot(capture)
    const known = tail.records.length
    await capture.startWorker()
    await checkArrival(t, tail, capture, writers, early ?? writers.counts())
    checkRepeated(tail.records.slice(known), stored)
  })

  test('loses no change when its worker is stopped for longer than its session, and wakes up beside its successor', async (t) => {
    const capture = await createCapture(t, { tables: seeded })
    const tail = await capture.tail('items')
    const writers = startWriters(capture.database, 3)
    t.after(() => writers.stop())
    addSeed(writers.history)
    const workers = [await capture.startWorker(), await capture.startWorker()] as const
    await workers[0].rest.put(capture.name, capture.config())
    await tail.until(isStreamed, 'a streamed change', TIMEOUT_MS)
    const early = writers.counts()
    for (let freeze = 0; freeze < Math.ceil(KILLS / 6); freeze++) {
      await untilMore(tail, randomInt(1, 300))
      await checkSlot(capture)
      await freezeOwner(capture, workers)
      await untilMore(tail, 100)
    }
    await checkArrival(t, tail, capture, writers, early)
    await checkSlot(capture)
  })
})

/** Freezes the worker that runs the task, with its task process, until the other one has got the task. */
async function freezeOwner({ name }: Capture, workers: readonly HeadraceWorker[]): Promise<void> {
  const running = await Promise.all(
    workers.map(async (worker) => ({ worker, tasks: (await worker.rest.progress())[name]?.tasks ?? [] })),
  )
  const owner = running.find(({ tasks }) => tasks.length > 0)
  const other = running.find((each) => each !== owner)
  assert.ok(owner !== undefined && other !== undefined, 'no worker runs the task')
  const pids = [owner.worker.pid, ...owner.tasks.map(({ pid }) => pid)]
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    const tasks = async () => (await other.worker.rest.progress())[name]?.tasks ?? []
    await waitFor(async () => ((await tasks()).length > 0 ? true : undefined), {
      timeoutMs: TIMEOUT_MS,
      what: 'the other worker to get the task',
    })
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}
