import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { readRecords } from '../topics/records.ts'
import {
  distributedProps,
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
  type HeadraceWorker,
} from '../services/index.ts'
import { untilCluster, type Cluster } from './view.ts'

const WORKERS = 3
const SOURCES = 9
const LINE_EVERY_MS = 100
const ARRIVAL_MS = 60_000

test('a rolling restart moves each task at most twice, balances the work after each worker, and loses no line; silence is reported', async (t) => {
  const common: Record<string, string> = distributedProps(await sharedKafka())
  // A worker that restarts keeps its address, so that the others recognize it
  const start = (port: number) =>
    startWorker(t, { props: { ...common, listeners: `http://127.0.0.1:${port}` } })
  const workers: HeadraceWorker[] = []
  for (let count = 0; count < WORKERS; count++) workers.push(await start(0))
  const [first] = workers
  assert.ok(first !== undefined)
  const names = Array.from({ length: SOURCES }, () => uniqueName('rolling'))
  const folder = workFolder('rolling')
  for (const name of names) {
    const file = join(folder, name)
    appendFileSync(file, 'first\n')
    await first.rest.put(name, { 'connector.class': 'FileStreamSource', file, 'topic': name })
  }
  const settled = (cluster: Cluster) =>
    cluster.state === 'Stable' &&
    cluster.unassigned.length === 0 &&
    cluster.members.length === WORKERS &&
    cluster.members.every(({ runs }) => runs.length === (2 * SOURCES) / WORKERS)
  await untilCluster(first.rest, 'a third of the work on each worker', settled)
  for (const name of names) await first.rest.untilState(name, 'RUNNING')

  const writing = new AbortController()
  const written = appendLines(
    names.map((name) => join(folder, name)),
    writing.signal,
  )
  for (const [index, worker] of workers.entries()) {
    const { port } = new URL(worker.rest.url)
    const stopping = performance.now()
    await worker.stop()
    const stopped = performance.now()
    const restarted = await start(Number(port))
    const seconds = [stopped - stopping, performance.now() - stopped].map((ms) => (ms / 1000).toFixed(1))
    t.diagnostic(`worker ${index} stopped in ${seconds[0]} s and was up again after ${seconds[1]} s`)
    workers[index] = restarted
    await untilCluster(restarted.rest, 'a third of the work on each worker again', settled)
    for (const name of names) await restarted.rest.untilState(name, 'RUNNING')
  }
  writing.abort()
  const lines = await written

  const expected = ['first', ...Array.from({ length: lines }, (_, line) => String(line))]
  const tasks = await Promise.all(
    names.map(async (name) => ({ name, silenceMs: longestGap(await recordsWith(expected, name)) })),
  )
  const statuses = await readRecords(common['status.storage.topic'] ?? '', 1)
  const moves = tasks.map(({ name }) => movesOf(name, statuses))
  const report = tasks.map(({ silenceMs }, index) => `${moves[index]} moves, silent for ${silenceMs} ms`)
  t.diagnostic(report.join('; '))
  assert.ok(Math.max(...moves) <= 2, `a task has moved ${Math.max(...moves)} times`)
})

/** Reads a topic that must contain the lines. */
function recordsWith(lines: readonly string[], topic: string): Promise<Records> {
  return waitFor(
    async () => {
      const records = await readRecords(topic, lines.length)
      const found = new Set(records.map(({ value }) => value))
      return lines.every((line) => found.has(line)) ? records : undefined
    },
    { timeoutMs: ARRIVAL_MS, what: `all ${lines.length} lines in ${topic}` },
  )
}

/** Appends lines to all files until the signal is aborted. Resolves to the number of lines in each. */
async function appendLines(files: readonly string[], signal: AbortSignal): Promise<number> {
  let lines = 0
  for (; !signal.aborted; lines++) {
    for (const file of files) appendFileSync(file, `${lines}\n`)
    await pause(LINE_EVERY_MS)
  }
  return lines
}

type Records = Awaited<ReturnType<typeof readRecords>>

/** How often a task has started on another worker than before, by the records of the status topic. */
function movesOf(connector: string, statuses: Records): number {
  const workers = statuses
    .filter(({ key, value }) => key === `status-task-${connector}-0` && value !== null)
    .map(({ value }) => JSON.parse(value ?? '') as { readonly state: string; readonly worker_id: string })
    .filter(({ state }) => state === 'RUNNING')
    .map((status) => status.worker_id)
  return workers.filter((worker, index) => index > 0 && worker !== workers[index - 1]).length
}

/** The longest time between the timestamps of two records, in milliseconds, without the first record. */
function longestGap(records: Records): number {
  const times = records.slice(1).map(({ timestamp }) => timestamp)
  return Math.max(...times.map((time, index) => time - (times[index - 1] ?? time)))
}
