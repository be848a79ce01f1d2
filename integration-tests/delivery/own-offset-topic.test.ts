import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readRecords, topicSize, writeRecords } from '../topics/records.ts'
import {
  distributedProps,
  sharedKafka,
  startJavaWorker,
  startWorker,
  uniqueName,
  waitFor,
  type RestClient,
} from '../services/index.ts'
import { filePipeline, type FilePipeline } from './file-pipeline.ts'
import { arrivalOf, sizeOf } from './line-file.ts'

const LINES = 500
const KILLS = 4
const SESSION_MS = '6000'

/** One partition, so that the records of the offset topic are in the order in which they were written. */
const workerProps = async (): Promise<Record<string, string>> => ({
  ...distributedProps(await sharedKafka()),
  'offset.storage.partitions': '1',
})

const positionKey = ({ connectors, source }: FilePipeline) =>
  JSON.stringify([connectors[0], { filename: source.path }])

async function storedPosition(rest: RestClient, { connectors }: FilePipeline): Promise<unknown> {
  const { body } = await rest.get<{ offsets: { offset: { position: number } }[] }>(
    `/connectors/${connectors[0]}/offsets`,
  )
  return body.offsets.map(({ offset }) => offset.position)
}

/** The last value of the pipeline's position in an offset topic; null if it was deleted. */
async function lastIn(topic: string, pipeline: FilePipeline): Promise<unknown> {
  const records = await readRecords(topic, 1)
  const last = records.filter(({ key }) => key === positionKey(pipeline)).at(-1)
  return JSON.parse(last?.value ?? 'null')
}

async function untilIn(topic: string, pipeline: FilePipeline, expected: unknown): Promise<void> {
  let last: unknown
  await waitFor(
    async () => {
      last = await lastIn(topic, pipeline)
      return JSON.stringify(last) === JSON.stringify(expected) ? true : undefined
    },
    {
      timeoutMs: 30_000,
      what: () => `${JSON.stringify(expected)} in ${topic}; it has ${JSON.stringify(last)}`,
    },
  )
}

async function halt(rest: RestClient, name: string): Promise<void> {
  await rest.request('PUT', `/connectors/${name}/stop`)
  await rest.untilState(name, 'STOPPED', { tasks: 0 })
}

test('a source that gets its own offset topic resumes where it stopped, without lost or duplicate lines', async (t) => {
  const props = await workerProps()
  const own = uniqueName('own-offsets')
  const pipeline = filePipeline()
  const { source, sinkFile, connectors, topic } = pipeline
  const worker = await startWorker(t, { props })
  source.append(LINES)
  await pipeline.create(worker.rest)
  await pipeline.untilAllWritten()

  const config = { 'connector.class': 'FileStreamSource', 'file': source.path, topic }
  await worker.rest.put(connectors[0], { ...config, 'offsets.storage.topic': own })
  await waitFor(() => topicSize(own), { timeoutMs: 30_000, what: () => `topic ${own} to be created` })
  source.append(LINES)
  await pipeline.untilAllWritten()
  await halt(worker.rest, connectors[0])

  assert.ok(readFileSync(sinkFile).equals(readFileSync(source.path)))
  const end = { position: sizeOf(source.path) }
  await untilIn(own, pipeline, end)
  await untilIn(props['offset.storage.topic'] ?? '', pipeline, end)
  assert.deepEqual(await topicSize(own), { partitions: 1 })
})

test('offsets in the own topic take precedence, and REST changes and resets them in both topics', async (t) => {
  const props = await workerProps()
  const shared = props['offset.storage.topic'] ?? ''
  const own = uniqueName('own-offsets')
  const pipeline = filePipeline({ source: { 'offsets.storage.topic': own } })
  const [name] = pipeline.connectors
  const { rest } = await startWorker(t, { props })
  const key = positionKey(pipeline)
  const entry = { key, timestamp: Date.now(), headers: [] }
  await pipeline.create(rest)
  pipeline.source.append(LINES)
  await pipeline.untilAllWritten()
  await halt(rest, name)
  const before = sizeOf(pipeline.source.path)
  await untilIn(shared, pipeline, { position: before })

  // As after a kill between the two writes: the own topic is ahead
  pipeline.source.append(LINES)
  const ahead = sizeOf(pipeline.source.path)
  await writeRecords(own, [{ ...entry, value: JSON.stringify({ position: ahead }) }])
  assert.deepEqual(await storedPosition(rest, pipeline), [ahead])
  // As after a kill during a reset: the offset in the worker's topic is deleted, the one in the own topic is not
  await writeRecords(shared, [{ ...entry, value: null }])
  assert.deepEqual(await storedPosition(rest, pipeline), [ahead])

  await rest.request('PUT', `/connectors/${name}/resume`)
  await rest.untilState(name, 'RUNNING')
  pipeline.source.append(LINES)
  await pipeline.untilWritten(sizeOf(pipeline.source.path) - (ahead - before))
  await halt(rest, name)
  const { missing, gaps, stepsBack } = arrivalOf(pipeline.sinkFile, pipeline.source)
  assert.deepEqual(
    { missing, gaps, stepsBack },
    { missing: LINES, gaps: [`${LINES} → ${2 * LINES}`], stepsBack: 0 },
  )

  const partition = { filename: pipeline.source.path }
  const changed = await rest.request('PATCH', `/connectors/${name}/offsets`, {
    offsets: [{ partition, offset: { position: 7 } }],
  })
  assert.equal(changed.status, 200, JSON.stringify(changed.body))
  assert.deepEqual(await storedPosition(rest, pipeline), [7])
  await untilIn(own, pipeline, { position: 7 })
  await untilIn(shared, pipeline, { position: 7 })
  const reset = await rest.request('DELETE', `/connectors/${name}/offsets`)
  assert.equal(reset.status, 200, JSON.stringify(reset.body))
  assert.deepEqual(await storedPosition(rest, pipeline), [])
  assert.equal(await lastIn(own, pipeline), null)
  assert.equal(await lastIn(shared, pipeline), null)
})

test('workers killed at random moments lose no line of a source with its own offset topic', async (t) => {
  const own = uniqueName('own-offsets')
  const sink = { 'consumer.override.session.timeout.ms': SESSION_MS }
  const props = {
    ...(await workerProps()),
    'session.timeout.ms': SESSION_MS,
    'heartbeat.interval.ms': '2000',
    'scheduled.rebalance.max.delay.ms': '0',
    'offset.flush.interval.ms': '50',
  }
  const pipeline = filePipeline({ source: { 'offsets.storage.topic': own }, sink })
  const { source, sinkFile } = pipeline
  for (let kill = 0; kill < KILLS; kill++) {
    const worker = await startWorker(t, { props })
    if (kill === 0) await pipeline.create(worker.rest)
    const before = sizeOf(source.path)
    source.append(40 * LINES)
    await pipeline.untilWritten(randomInt(before, sizeOf(source.path)))
    await worker.kill()
  }
  const last = await startWorker(t, { props })
  // A line that none of the previous workers can have delivered
  source.append(1)
  await pipeline.untilLastLine()
  await last.stop()

  const { stepsBack, ...rest } = arrivalOf(sinkFile, source)
  assert.deepEqual(rest, { missing: 0, damaged: [], gaps: [] })
  assert.ok(stepsBack <= 2 * KILLS, `lines were repeated from ${stepsBack} positions`)
  await untilIn(own, pipeline, { position: sizeOf(source.path) })
})

test('Java and Headrace workers resume from offsets that the other wrote to the offset topic of a source', async (t) => {
  const props = await workerProps()
  const own = uniqueName('own-offsets')
  const pipeline = filePipeline({ source: { 'offsets.storage.topic': own }, lines: { ascii: true } })
  const step = async (rest: RestClient) => {
    for (const name of pipeline.connectors) await rest.untilState(name, 'RUNNING')
    pipeline.source.append(LINES)
    await pipeline.untilAllWritten()
  }
  const java = await startJavaWorker({ props })
  t.after(() => java.stop())
  await pipeline.create(java.rest)
  await step(java.rest)
  await java.stop()

  const ours = await startWorker(t, { props })
  await step(ours.rest)
  await ours.stop()

  const javaAgain = await startJavaWorker({ props })
  t.after(() => javaAgain.stop())
  await step(javaAgain.rest)
  await javaAgain.stop()
  assert.ok(readFileSync(pipeline.sinkFile).equals(readFileSync(pipeline.source.path)))
})

test('an offset topic that is not compacted fails the task, and the trace contains the reason', async (t) => {
  const own = uniqueName('not-compacted')
  await writeRecords(own, [{ key: 'k', value: 'v', timestamp: Date.now(), headers: [] }])
  const pipeline = filePipeline({ source: { 'offsets.storage.topic': own } })
  const { rest } = await startWorker(t, { props: await workerProps() })
  await pipeline.create(rest)
  const trace = await rest.untilTaskFailed(pipeline.connectors[0])
  assert.match(trace, /'offsets\.storage\.topic' property is required to have 'cleanup\.policy=compact'/)
})
