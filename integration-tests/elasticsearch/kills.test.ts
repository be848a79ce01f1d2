import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { test } from 'node:test'
import {
  committedOffsets,
  deleteTopics,
  distributedProps,
  freezesFor,
  pairedSink,
  pairProps,
  searchRequest,
  sharedElasticsearch,
  sharedKafka,
  startWorkerPair,
  storageTopics,
  uniqueName,
  waitFor,
  writeNumbers,
} from '../services/index.ts'
import { changesOf, documentFaults } from './pipeline/changes.ts'
import { connectionProps } from './pipeline/document-sink.ts'

/** How often a worker is killed. Set it to 20, and the records to 1000000, to search for rare errors. */
const KILLS = Number(process.env['ELASTICSEARCH_KILLS'] ?? 3)
const FREEZES = freezesFor(KILLS)
const RECORDS = Number(process.env['ELASTICSEARCH_RECORDS'] ?? 100_000)
const DOCUMENTS = RECORDS / 5
const PARTITIONS = 6
const TASKS = 3
/** For each wait. A busy machine writes a thousand records in a second. */
const TIMEOUT_MS = 240_000 + RECORDS

const EACH = Math.floor(RECORDS / PARTITIONS)
/** Records of a partition that are written before each kill, and after the last one. */
const PORTION = Math.ceil(EACH / (KILLS + FREEZES + 1))

/** Operations of an index, once it has a shard. */
interface Statistics {
  readonly _all: { readonly primaries: { readonly indexing?: Operations } }
}

interface Operations {
  readonly index_total: number
  readonly delete_total: number
  /** Those that were already written. */
  readonly index_failed: number
}

test(`an index has each document in its last version when workers are killed ${KILLS} times and frozen ${FREEZES} times`, async (t) => {
  const kafka = await sharedKafka()
  const address = await sharedElasticsearch()
  const index = uniqueName('kills')
  const changes = changesOf({
    partitions: PARTITIONS,
    each: EACH,
    documents: Math.ceil(DOCUMENTS / PARTITIONS),
  })
  const portions = Array.from({ length: KILLS + FREEZES + 1 }, gate)
  const topic = await writeNumbers(kafka, {
    partitions: PARTITIONS,
    each: EACH,
    stepMs: 1,
    closing: false,
    recordOf: changes.recordOf,
    before: (number) => portions[Math.floor(number / PORTION)]?.opened ?? Promise.resolve(),
  })
  const props = pairProps(distributedProps(kafka))
  const workers = await startWorkerPair(t, props)
  t.after(async () => {
    for (const { open } of portions) open()
    await topic.stop()
    await deleteTopics(kafka, [topic.name, ...storageTopics(props)])
    await searchRequest(address, 'DELETE', `/${index}`)
  })
  const name = uniqueName('kills')
  await workers.one.rest.put(name, {
    ...connectionProps(address),
    ...pairedSink,
    'tasks.max': String(TASKS),
    'topics': topic.name,
    'headrace.index.name': index,
    'behavior.on.null.values': 'delete',
    'batch.size': '200',
  })

  const operations = async () => {
    const { status, body } = await searchRequest(address, 'GET', `/${index}/_stats/indexing`)
    return status === 200 ? (body as Statistics)._all.primaries.indexing : undefined
  }
  const executed = async () => {
    const { index_total: indexed = 0, delete_total: deleted = 0 } = (await operations()) ?? {}
    return indexed + deleted
  }
  /** A worker is killed while it writes, somewhere in the first half of a portion. */
  const untilWriting = async (round: number) => {
    const until = (await executed()) + randomInt(1, Math.floor((PORTION * PARTITIONS) / 2))
    portions[round]?.open()
    await waitFor(async () => ((await executed()) >= until ? true : undefined), {
      timeoutMs: TIMEOUT_MS,
      what: `${until} operations of the index`,
    })
  }
  await workers.disturb({ sink: name, tasks: TASKS, kills: KILLS, before: untilWriting })
  portions.at(-1)?.open()
  await topic.written

  const all = Array.from({ length: PARTITIONS }, () => EACH)
  let last: unknown
  const complete = async () => {
    const offsets = await committedOffsets(workers.one, name, PARTITIONS)
    last = { offsets, status: await workers.one.rest.status(name) }
    return String(offsets) === String(all) ? true : undefined
  }
  const what = () => `offsets ${String(all)}; they are ${JSON.stringify(last)}`
  await waitFor(complete, { timeoutMs: TIMEOUT_MS, what })
  assert.deepEqual(await documentFaults(address, index, changes), [])
  const conflicts = (await operations())?.index_failed
  t.diagnostic(JSON.stringify({ records: EACH * PARTITIONS, conflicts, documents: changes.expected().size }))
})

/** A gate that is closed first. */
function gate(): { readonly opened: Promise<void>; open(): void } {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { opened, open }
}
