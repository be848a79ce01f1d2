import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openConsumer } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { writeRecords } from '../topics/records.ts'
import { sharedKafka, uniqueName, waitFor, workFolder } from '../services/index.ts'
import { untilGroup } from './group-state.ts'
import { SESSION_MS, startCluster } from './three-workers.ts'

const SOON_MS = SESSION_MS / 2
const PATIENCE_MS = 30_000
const POLL_MS = 100
/** The coordinator waits until all members have joined. */
const WAITING = 'PreparingRebalance'
const never: AbortSignal = new AbortController().signal

test('a worker that is stopped while it waits in a rebalance leaves the group', async (t) => {
  const kafka = await sharedKafka()
  // Long enough that nothing ends the rebalance in the meantime
  const cluster = await startCluster(t, kafka, { 'session.timeout.ms': '30000' })
  const group = cluster.props['group.id']!
  const leader = await cluster.leader()
  const [silent, other] = cluster.members.filter((member) => member !== leader)
  silent!.signalAll('SIGSTOP')
  const file = join(workFolder('leaving'), 'in.txt')
  const config = { 'connector.class': 'FileStreamSource', file, 'topic': uniqueName('waits') }
  // Begins a rebalance, unless one has just begun: then it is not accepted before the leader is stopped
  const created = leader.rest.put('waits', config).catch(() => {})

  try {
    await untilGroup(kafka, group, { state: WAITING })
    await leader.stop()
    assert.equal(await untilGroup(kafka, group, { state: WAITING, timeoutMs: SOON_MS }), 2)
    await other!.stop()
    assert.equal(await untilGroup(kafka, group, { state: WAITING, timeoutMs: SOON_MS }), 1)
  } finally {
    silent!.signalAll('SIGCONT')
    await created
  }
})

test('a sink that is stopped while it waits in a rebalance leaves its group at once', async (t) => {
  const kafka = await sharedKafka()
  const cluster = await startCluster(t, kafka, {}, 1)
  const { rest } = await cluster.leader()
  const topic = uniqueName('waiting')
  await writeRecords(topic, [{ key: null, value: 'a', timestamp: 0, headers: [] }])
  const group = `connect-${topic}`
  // It does not poll, so that the sink waits for it
  const blocker = await openConsumer(
    { 'bootstrap.servers': kafka, 'group.id': group },
    { topics: [topic] },
    { revoked: async () => [], lost: async () => {}, assigned: async () => {} },
    silentLogger,
  )
  t.after(() => blocker.abort())
  while (blocker.assignment.length === 0) await blocker.poll(POLL_MS, never)
  const file = join(workFolder('leaving'), 'out.txt')
  await rest.put(topic, { 'connector.class': 'FileStreamSink', 'topics': topic, file })
  assert.equal(await untilGroup(kafka, group, { state: WAITING }), 2)

  const askedAt = performance.now()
  await rest.request('PUT', `/connectors/${topic}/stop`)
  await waitFor(async () => ((await rest.status(topic))?.tasks.length === 0 ? true : undefined), {
    timeoutMs: PATIENCE_MS,
    what: 'the task to stop',
  })
  const stoppedMs = Math.round(performance.now() - askedAt)
  t.diagnostic(`the sink stopped within ${stoppedMs} ms`)
  assert.equal(await untilGroup(kafka, group, { state: WAITING, timeoutMs: 0 }), 1)
  assert.ok(stoppedMs < SOON_MS, `${stoppedMs} ms`)
})
