import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { createDatabase, startKafka, waitFor } from '../../services/index.ts'
import { followTopic, type TopicValues } from '../../topics/followed-topic.ts'
import {
  BROKERS,
  clusterFaults,
  injectFaults,
  replicatedProps,
  replicatedTopics,
  ROUNDS,
} from '../cluster-faults.ts'
import { startCluster } from '../three-workers.ts'
import { numberedFile, numberedRows, type NumberedSource } from './numbered-sources.ts'

const FEED_MS = 20
const RECORDS = 5
const RUNNING_MS = 60_000
const READ_MS = 90_000

/** Appends records to all sources until the signal is aborted. */
async function feed(sources: readonly NumberedSource[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await Promise.all(sources.map((source) => source.append(RECORDS)))
    await sleep(FEED_MS)
  }
}

/** Checks that the topic has each number once, in order, and waits until it has all that the source has now. */
async function checkTopic(source: NumberedSource, { values }: TopicValues, after: string): Promise<void> {
  const expected = source.count
  await waitFor(() => (values.length >= expected ? true : undefined), {
    timeoutMs: READ_MS,
    what: () => `${expected} records in ${source.topic} after ${after}; there are ${values.length}`,
  })
  const found = values.map((value) => source.numberOf(value))
  const wrong = found.findIndex((number, index) => number !== index)
  const nearby = found.slice(Math.max(0, wrong - 3), wrong + 3).join()
  assert.equal(wrong, -1, `after ${after}, record ${wrong} of ${source.topic} is wrong: …${nearby}…`)
}

test('a reader of committed records sees each record once, whatever happens to workers and brokers', async (t) => {
  const kafka = await startKafka({ brokers: BROKERS })
  t.after(() => kafka.stop())
  const database = await createDatabase()
  t.after(() => database.drop()) // after the workers have stopped
  const cluster = await startCluster(t, kafka.bootstrapServers, {
    ...replicatedProps,
    'exactly.once.source.support': 'enabled',
  })
  const sources = [numberedFile('poll'), numberedFile('interval'), await numberedRows(database)]
  const anyRest = () => cluster.members[0]!.rest
  const untilRunning = () =>
    Promise.all(
      sources.map(({ connector }) => anyRest().untilState(connector, 'RUNNING', { timeoutMs: RUNNING_MS })),
    )
  for (const source of sources) {
    await source.append(RECORDS)
    await anyRest().put(source.connector, { ...source.config, ...replicatedTopics })
  }
  await untilRunning()
  const readers = await Promise.all(sources.map(({ topic }) => followTopic(kafka.bootstrapServers, topic)))
  t.after(() => Promise.all(readers.map((reader) => reader.close())))
  const check = (after: string) =>
    Promise.all(sources.map((source, index) => checkTopic(source, readers[index]!, after)))
  const stopped = new AbortController()
  const feeding = feed(sources, stopped.signal)
  t.after(() => stopped.abort())

  const topics = [...sources.map(({ topic }) => topic), '__transaction_state']
  const rounds = await injectFaults(clusterFaults(kafka, cluster, topics), cluster, async (fault, round) => {
    const recoveringAt = performance.now()
    await untilRunning()
    await check(`round ${round}: ${fault}`)
    const ms = Math.round(performance.now() - recoveringAt)
    t.diagnostic(`${round} of ${ROUNDS}: ${fault}; all states are right and all records read after ${ms} ms`)
  })

  stopped.abort()
  await feeding
  await check('the last fault')
  for (const [index, reader] of readers.entries()) {
    await reader.untilComplete(sources[index]!.count) // no transaction is open
    assert.equal(reader.values.length, sources[index]!.count)
  }
  t.diagnostic(`${rounds} rounds; ${sources.map(({ count }) => count).join(' + ')} records`)
})
