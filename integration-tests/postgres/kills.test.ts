import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { suite, test } from 'node:test'
import { waitFor, type HeadraceWorker } from '../services/index.ts'
import { createCapture, type Capture, type StoredOffset } from './pipeline/capture.ts'
import type { ChangeEvent } from './pipeline/history.ts'
import {
  addSeed,
  checkArrival,
  checkSlot,
  seededItems,
  untilMore,
  untilStreamed,
} from './pipeline/seeded-items.ts'
import type { TailRecord } from '../topics/topic-tail.ts'

/** How often a worker is killed. Set it to 50 to search for rare errors. */
const KILLS = Number(process.env['POSTGRES_KILLS'] ?? 6)
const KILLS_IN_SNAPSHOT = Math.ceil(KILLS / 3)
const TIMEOUT_MS = 120_000

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

suite('a connector with writers beside it', () => {
  test(`loses no change when its worker is killed ${KILLS} times, during the snapshot and while streaming`, async (t) => {
    const capture = await createCapture(t, { tables: seededItems })
    const tail = await capture.tail('items')
    const writers = capture.startWriters(3)
    addSeed(writers.history)
    let early: ReadonlyMap<number, number> | undefined
    for (let kill = 0; kill < KILLS; kill++) {
      const stored = kill === 0 ? undefined : await checkSlot(capture)
      const known = tail.records.length
      const worker = await capture.startWorker()
      if (kill === 0) await worker.rest.put(capture.name, capture.config())
      if (kill >= KILLS_IN_SNAPSHOT) {
        await untilStreamed(tail)
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
    t.diagnostic(JSON.stringify(await checkArrival(tail, capture, writers, early ?? writers.counts())))
    checkRepeated(tail.records.slice(known), stored)
  })

  test('loses no change when its worker is stopped for longer than its session, and wakes up beside its successor', async (t) => {
    const capture = await createCapture(t, { tables: seededItems })
    const tail = await capture.tail('items')
    const writers = capture.startWriters(3)
    addSeed(writers.history)
    const workers = [await capture.startWorker(), await capture.startWorker()] as const
    await workers[0].rest.put(capture.name, capture.config())
    await untilStreamed(tail)
    const early = writers.counts()
    for (let freeze = 0; freeze < Math.ceil(KILLS / 6); freeze++) {
      await untilMore(tail, randomInt(1, 300))
      await checkSlot(capture)
      await freezeOwner(capture, workers)
      await untilMore(tail, 100)
    }
    t.diagnostic(JSON.stringify(await checkArrival(tail, capture, writers, early)))
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
