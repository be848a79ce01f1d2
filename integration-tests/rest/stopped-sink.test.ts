import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openConsumer } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import {
  distributedProps,
  KAFKA_ADDRESS,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
} from '../services/index.ts'

/** Much longer than a request takes that fails immediately. */
const LONG_MS = 2000
const PATIENCE_MS = 60_000

test('offsets of a stopped sink are reset once the last consumer has left its group', async (t) => {
  const servers = process.env[KAFKA_ADDRESS] ?? ''
  const { rest } = await startWorker(t, { props: distributedProps(servers) })
  const [name, topic] = [uniqueName('sink'), uniqueName('topic')]
  const file = join(workFolder('stopped-sink'), 'out')
  await rest.put(name, { 'connector.class': 'FileStreamSink', file, 'topics': topic })
  await rest.untilState(name, 'RUNNING')
  assert.equal((await rest.request('PUT', `/connectors/${name}/stop?wait=30s`)).status, 204)

  const straggler = await joinGroup(servers, `connect-${name}`, topic)
  const reset = rest.request('DELETE', `/connectors/${name}/offsets`)
  assert.equal(await Promise.race([reset.then(({ body }) => body), pause(LONG_MS, 'waits')]), 'waits')
  await straggler.close()
  const { status, body } = await reset
  assert.equal(status, 200, JSON.stringify(body))
})

/** Opens a consumer and waits until it has joined the group. */
async function joinGroup(servers: string, group: string, topic: string) {
  const nothing = async () => {}
  const consumer = await openConsumer(
    { 'bootstrap.servers': servers, 'group.id': group },
    { topics: [topic] },
    { revoked: async () => [], lost: nothing, assigned: nothing },
    silentLogger,
  )
  const joined = async () => {
    await consumer.poll(100, new AbortController().signal)
    return consumer.assignment.length > 0 ? true : undefined
  }
  await waitFor(joined, { timeoutMs: PATIENCE_MS, what: `a partition of ${topic}` })
  return consumer
}
