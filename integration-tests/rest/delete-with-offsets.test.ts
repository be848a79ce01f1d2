import assert from 'node:assert/strict'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Kafka, logLevel } from 'kafkajs'
import { filePipeline } from '../delivery/file-pipeline.ts'
import { readRecords } from '../topics/records.ts'
import {
  distributedProps,
  launchWorker,
  projectFolder,
  sharedKafka,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
} from '../services/index.ts'

const PATIENCE_MS = 60_000
const LINES = 100
const TASKS = 4
/** Longer than the rebalances that stop the tasks. */
const LONG_MS = 8000

const kafka = await sharedKafka()
const propsOf = (gracefulMs: number) => ({
  ...distributedProps(kafka),
  'plugin.path': join(projectFolder, 'integration-tests/rest/packages'),
  'task.shutdown.graceful.timeout.ms': String(gracefulMs),
})
const { rest, stop } = await launchWorker({ props: propsOf(2000) })
after(stop)

const deleteWithOffsets = (name: string) => rest.request('DELETE', `/connectors/${name}?offsets=reset`)

interface Offsets {
  readonly offsets: readonly { readonly offset: Record<string, number> }[]
}

/** Waits until Kafka has an offset of the connector, and resolves to it. */
function untilStored(name: string, key: string, atLeast: number): Promise<number> {
  let found: unknown
  return waitFor(
    async () => {
      const { body } = await rest.get<Offsets>(`/connectors/${name}/offsets`)
      found = body
      const offset = body.offsets?.[0]?.offset[key] ?? -1
      return offset >= atLeast ? offset : undefined
    },
    { timeoutMs: PATIENCE_MS, what: () => `an offset of ${name}; there is ${JSON.stringify(found)}` },
  )
}

async function groupsOfKafka(): Promise<string[]> {
  const admin = new Kafka({ brokers: kafka.split(','), logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    return (await admin.listGroups()).groups.map(({ groupId }) => groupId)
  } finally {
    await admin.disconnect()
  }
}

test('a running source and sink are deleted with their offsets; their successors start from the beginning', async () => {
  const pipeline = filePipeline()
  const [source, sink] = pipeline.connectors
  await pipeline.create(rest)
  pipeline.source.append(LINES)
  await pipeline.untilAllWritten()
  await untilStored(source, 'position', 1)
  await untilStored(sink, 'kafka_offset', LINES)
  assert.ok((await groupsOfKafka()).includes(`connect-${sink}`))

  for (const name of pipeline.connectors) {
    assert.equal((await deleteWithOffsets(name)).status, 204)
    assert.equal((await rest.get(`/connectors/${name}`)).status, 404)
  }
  assert.ok(!(await groupsOfKafka()).includes(`connect-${sink}`))

  rmSync(pipeline.sinkFile)
  await pipeline.create(rest)
  await waitFor(
    async () => (await readRecords(pipeline.topic, 2 * LINES)).length === 2 * LINES || undefined,
    {
      timeoutMs: PATIENCE_MS,
      what: 'the source to write all lines again',
    },
  )
  await untilStored(sink, 'kafka_offset', 2 * LINES)
})

const lingering = (topic: string, barrier: string) => ({
  'connector.class': 'headrace.tests.LingeringSourceConnector',
  topic,
  barrier,
})

/** Values of the records that a connector writes from its start. */
const valuesOf = async (topic: string) => (await readRecords(topic, 1)).map(({ value }) => value)

test('a connector whose task hangs while it stops is deleted with its offsets, which the task does not store again', async () => {
  const [name, topic] = [uniqueName('lingering'), uniqueName('topic')]
  const barrier = join(workFolder('lingering'), 'barrier')
  writeFileSync(barrier, '')
  await rest.put(name, lingering(topic, barrier))
  await untilStored(name, 'last', 1)

  assert.equal((await deleteWithOffsets(name)).status, 204)
  assert.ok(existsSync(barrier))
  const before = (await valuesOf(topic)).length
  rmSync(barrier)
  await rest.put(name, lingering(topic, barrier))
  await untilStored(name, 'last', 1)
  assert.equal((await valuesOf(topic))[before], '1')
})

test('a source is deleted once by two requests at once', async () => {
  const [name, topic] = [uniqueName('lingering'), uniqueName('topic')]
  const barrier = join(workFolder('lingering'), 'barrier')
  await rest.put(name, lingering(topic, barrier))
  await untilStored(name, 'last', 1)

  const answers = await Promise.all([deleteWithOffsets(name), deleteWithOffsets(name)])
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
  assert.deepEqual(statuses, [204, 404], JSON.stringify(answers))
  assert.equal((await rest.get(`/connectors/${name}`)).status, 404)
})

test('a sink is deleted once by two requests at once', async () => {
  const pipeline = filePipeline()
  const [, sink] = pipeline.connectors
  await pipeline.create(rest)
  pipeline.source.append(LINES)
  await untilStored(sink, 'kafka_offset', LINES)

  const answers = await Promise.all([deleteWithOffsets(sink), deleteWithOffsets(sink)])
  const statuses = answers.map(({ status }) => status).toSorted((a, b) => a - b)
  assert.deepEqual(statuses, [204, 404], JSON.stringify(answers))
  assert.ok(!(await groupsOfKafka()).includes(`connect-${sink}`))
})

test('a request that waits for the connector to stop ends when another one deletes it', async () => {
  const [name, topic] = [uniqueName('lingering'), uniqueName('topic')]
  const barrier = join(workFolder('lingering'), 'barrier')
  writeFileSync(barrier, '')
  await rest.put(name, lingering(topic, barrier))
  await rest.untilState(name, 'RUNNING')

  const waiting = deleteWithOffsets(name)
  await waitFor(async () => ((await rest.status(name))?.connector.state === 'STOPPED' ? true : undefined), {
    timeoutMs: PATIENCE_MS,
    what: `${name} to be stopped`,
  })
  await rest.delete(name)
  const { status, body } = await waiting
  assert.equal(status, 404, JSON.stringify(body))
  rmSync(barrier)
})

test('in a cluster, the offsets are reset once the tasks on all workers have stopped', async (t) => {
  const props = propsOf(PATIENCE_MS)
  const workers = [await startWorker(t, { props }), await startWorker(t, { props })]
  const [first] = workers
  assert.ok(first !== undefined)
  const [name, topic] = [uniqueName('lingering'), uniqueName('topic')]
  const barrier = join(workFolder('lingering'), 'barrier')
  writeFileSync(barrier, '')
  await first.rest.put(name, { ...lingering(topic, barrier), 'tasks.max': String(TASKS) })
  await waitFor(
    async () => {
      const running = (await first.rest.status(name))?.tasks.filter(({ state }) => state === 'RUNNING') ?? []
      const places = new Set(running.map((task) => task.worker_id))
      return running.length === TASKS && places.size === 2 ? true : undefined
    },
    { timeoutMs: PATIENCE_MS, what: 'tasks to run on both workers' },
  )

  const deletion = first.rest.request('DELETE', `/connectors/${name}?offsets=reset`)
  assert.equal(await Promise.race([deletion.then(({ body }) => body), pause(LONG_MS, 'waits')]), 'waits')
  rmSync(barrier)
  const { status, body } = await deletion
  assert.equal(status, 204, JSON.stringify(body))
})
