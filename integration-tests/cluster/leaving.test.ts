import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { openConsumer } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { writeRecords } from '../topics/records.ts'
import { sharedKafka, uniqueName, waitFor, withAdmin, workFolder } from '../services/index.ts'
import { SESSION_MS, startCluster } from './three-workers.ts'

const SOON_MS = SESSION_MS / 2
const PATIENCE_MS = 30_000
const POLL_MS = 100
const never: AbortSignal = new AbortController().signal

/** Waits until a group is in a state, and resolves to the client ids of its members. */
function untilGroup(kafka: string, group: string, state: string, timeoutMs = PATIENCE_MS): Promise<string[]> {
  return withAdmin(kafka, (admin) => {
    let last = ''
    return waitFor(
      async () => {
        const [found] = (await admin.describeGroups([group])).groups
        last = found?.state ?? ''
        return last === state ? found?.members.map(({ clientId }) => clientId) : undefined
      },
      { timeoutMs, what: () => `group ${group} to be ${state}; it is ${last}` },
    )
  })
}

test('a worker that is stopped while it waits in a rebalance leaves the group', async (t) => {
  const kafka = await sharedKafka()
  // Long enough that nothing ends the rebalance in the meantime
  const cluster = await startCluster(t, kafka, { 'session.timeout.ms': '30000' })
  const group = cluster.props['group.id']!
  const leader = await cluster.leader()
  const [silent, other] = cluster.members.filter((member) => member !== leader)
  silent!.signalAll('SIGSTOP')
  const file = join(workFolder('leaving'), 'in.txt')
  await leader.rest.put('waits', {
    'connector.class': 'FileStreamSource',
    file,
    'topic': uniqueName('waits'),
  })
  await untilGroup(kafka, group, 'PreparingRebalance')

  try {
    await leader.stop()
    assert.equal((await untilGroup(kafka, group, 'PreparingRebalance', SOON_MS)).length, 2)
    await other!.stop()
    assert.equal((await untilGroup(kafka, group, 'PreparingRebalance', SOON_MS)).length, 1)
  } finally {
    silent!.signalAll('SIGCONT')
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
  assert.equal((await untilGroup(kafka, group, 'PreparingRebalance')).length, 2)

  const askedAt = performance.now()
  await rest.request('PUT', `/connectors/${topic}/stop`)
  await waitFor(async () => ((await rest.status(topic))?.tasks.length === 0 ? true : undefined), {
    timeoutMs: PATIENCE_MS,
    what: 'the task to stop',
  })
  const stoppedMs = Math.round(performance.now() - askedAt)
  t.diagnostic(`the sink stopped within ${stoppedMs} ms`)
  assert.equal((await untilGroup(kafka, group, 'PreparingRebalance', 0)).length, 1)
  assert.ok(stoppedMs < SOON_MS, `${stoppedMs} ms`)
})
