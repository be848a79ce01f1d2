import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { type Logger } from '../../../../api/index.ts'
import { parseJson, printJson } from '../../../../java/index.ts'
import { Outages } from '../../../kafka/index.ts'
import { silentLogger } from '../../../telemetry/index.ts'
import { eventually } from '../../../timing/test/gate.ts'
import type { InstanceState, InstanceStatus } from '../../ports.ts'
import { sameForAll } from '../log-storage.ts'
import { TopicStatusStore } from '../status-store.ts'
import { MemoryTopic, TOPIC } from './memory-topic.ts'

const CONNECTOR = 'status-connector-c'
const TASK = 'status-task-c-0'
const id = { connector: 'c', task: 0 }

/** The store of a worker over the test's topic. */
async function openStore(t: TestContext, topic: MemoryTopic, log: Logger = silentLogger) {
  const logTopic = {
    topic: TOPIC,
    partitions: 1,
    replicationFactor: 1,
    configs: { 'cleanup.policy': 'compact' },
    setting: 'status.storage.topic',
    replicationSetting: 'status.storage.replication.factor',
    purpose: 'connector and task statuses',
  }
  const clients = sameForAll({}, new Outages(silentLogger))
  const store = new TopicStatusStore(logTopic, clients, log, async () => topic.storage())
  t.after(() => store.stop())
  await store.start()
  return store
}

const status = (state: InstanceState, workerId: string, generation: number): InstanceStatus => ({
  state,
  workerId,
  generation,
  trace: null,
  version: '1',
})

/** A status as a worker writes it. */
const text = ({ state, workerId, generation }: InstanceStatus) =>
  printJson({ state, trace: null, worker_id: workerId, generation, version: '1' })

/** The statuses that a new worker reads: the last one of each key. */
function compacted(topic: MemoryTopic): Map<string, string> {
  const records = topic.partitions[0] ?? []
  return new Map(records.map(({ key, value }) => [String(key), String(value)]))
}
const stateIn = (topic: MemoryTopic, key: string) =>
  (parseJson(compacted(topic).get(key) ?? 'null') as { state?: string } | null)?.state

/**
 * Waits until everything written so far is read: the store shows a marker only after all records before it.
 */
async function caughtUp(topic: MemoryTopic, store: TopicStatusStore) {
  topic.add('status-connector-marker', text(status('RUNNING', 'marker:1', 1)))
  await eventually(() => store.connector('marker') !== undefined)
}

for (const state of ['UNASSIGNED', 'FAILED'] as const) {
  test(`${state} from a worker that has lost a connector and its task does not hide the state from their current owner`, async (t) => {
    const topic = new MemoryTopic()
    const store = await openStore(t, topic)
    for (const key of [CONNECTOR, TASK]) {
      topic.add(key, text(status('RUNNING', 'new:1', 24)))
      topic.add(key, text(status(state, 'old:1', 22)))
    }
    await caughtUp(topic, store)
    const shown = [store.connector('c'), store.task(id)].map((found) => [found?.state, found?.workerId])
    assert.deepEqual(shown, [
      ['RUNNING', 'new:1'],
      ['RUNNING', 'new:1'],
    ])
  })
}

test('the UNASSIGNED of the owner is accepted in any generation', async (t) => {
  const topic = new MemoryTopic()
  const store = await openStore(t, topic)
  topic.add(CONNECTOR, text(status('RUNNING', 'a:1', 24)))
  topic.add(CONNECTOR, text(status('UNASSIGNED', 'a:1', 24)))
  topic.add(TASK, text(status('RUNNING', 'a:1', 24)))
  topic.add(TASK, text(status('UNASSIGNED', 'a:1', 24)))
  await caughtUp(topic, store)
  assert.deepEqual([store.connector('c')?.state, store.task(id)?.state], ['UNASSIGNED', 'UNASSIGNED'])
})

test('after the group has expired and generations restart, RUNNING is accepted', async (t) => {
  const topic = new MemoryTopic()
  const store = await openStore(t, topic)
  topic.add(CONNECTOR, text(status('RUNNING', 'a:1', 24)))
  topic.add(CONNECTOR, text(status('RUNNING', 'b:1', 1)))
  await caughtUp(topic, store)
  assert.equal(store.connector('c')?.workerId, 'b:1')
})

test('the owner rewrites a status that a previous owner has overwritten', async (t) => {
  const topic = new MemoryTopic()
  const store = await openStore(t, topic)
  store.putConnector('c', status('RUNNING', 'me:1', 24))
  store.putTask(id, status('PAUSED', 'me:1', 24))
  await store.flush()
  for (const key of [CONNECTOR, TASK]) topic.add(key, text(status('RUNNING', 'old:1', 22)))
  await eventually(() => stateIn(topic, TASK) === 'PAUSED' && topic.partitions[0]?.length === 6)
  assert.equal(compacted(topic).get(CONNECTOR), text(status('RUNNING', 'me:1', 24)))

  const late = await openStore(t, topic)
  assert.deepEqual([late.connector('c')?.workerId, late.task(id)?.state], ['me:1', 'PAUSED'])
})

test('of two workers that both write the status of an instance, the one of the newest generation wins', async (t) => {
  for (const order of [
    ['old', 'new'],
    ['new', 'old'],
  ]) {
    const topic = new MemoryTopic()
    const stores = { old: await openStore(t, topic), new: await openStore(t, topic) }
    const written = { old: status('RUNNING', 'old:1', 22), new: status('PAUSED', 'new:1', 24) }
    for (const worker of order as ('old' | 'new')[]) {
      stores[worker].putConnector('c', written[worker])
      stores[worker].putTask(id, written[worker])
      await stores[worker].flush()
    }
    for (const store of Object.values(stores)) {
      await eventually(() => store.connector('c')?.workerId === 'new:1' && store.task(id)?.state === 'PAUSED')
      await caughtUp(topic, store)
      await store.flush()
    }
    assert.deepEqual(
      [CONNECTOR, TASK].map((key) => compacted(topic).get(key)),
      [text(written.new), text(written.new)],
    )
    // The old owner has given up: it does not answer the repair
    const records = topic.partitions[0] ?? []
    const ofOld = records.filter(({ value }) => String(value).includes('old:1'))
    assert.equal(ofOld.length, 2)
  }
})

test('an owner does not rewrite the status of a newer owner, a deleted status, or one that it gave up', async (t) => {
  const topic = new MemoryTopic()
  const store = await openStore(t, topic)
  for (const name of ['taken', 'deleted', 'given-up']) store.putConnector(name, status('RUNNING', 'me:1', 24))
  store.putConnector('given-up', status('UNASSIGNED', 'me:1', 25))
  await store.flush()
  topic.add('status-connector-taken', text(status('RUNNING', 'other:1', 25)))
  topic.add('status-connector-deleted', null)
  for (const name of ['taken', 'deleted', 'given-up'])
    topic.add(`status-connector-${name}`, text(status('RUNNING', 'old:1', 22)))
  await caughtUp(topic, store)
  await store.flush()
  assert.equal(topic.partitions[0]?.length, 10)
})

test('events after the stop are neither written nor logged', async (t) => {
  const topic = new MemoryTopic()
  const errors: string[] = []
  const store = await openStore(t, topic, { ...silentLogger, error: (message) => errors.push(message) })
  await store.stop()
  store.putConnector('c', status('RUNNING', 'me:1', 1))
  await store.flush()
  assert.deepEqual([topic.partitions, errors], [[[]], []])
})

test('states that are not written before the store stops cause one warning', async (t) => {
  const topic = new MemoryTopic()
  const lines: string[] = []
  const log = {
    ...silentLogger,
    warn: (message: string, fields?: object) => void lines.push(`${message} ${JSON.stringify(fields)}`),
    error: (message: string) => void lines.push(message),
  }
  const store = await openStore(t, topic, log)
  store.putConnector('c', status('UNASSIGNED', 'a:1', 1))
  store.putTask(id, status('UNASSIGNED', 'a:1', 1))
  await store.stop()
  assert.deepEqual(lines, [
    'the latest states of some connectors and tasks are not stored; the next worker that runs them stores new ones {"count":2,"reason":"The log of topic state was stopped"}',
  ])
})
