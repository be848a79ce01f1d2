import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GroupMember, openClient, type GroupProtocol } from '../../runtime/kafka/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import {
  decodeAssignment,
  encodeMetadata,
  protocolVersions,
  type WorkerAssignment,
} from '../../runtime/herder/distributed/assignment/protocol.ts'
import { distributedProps, sharedKafka, startWorker, uniqueName, waitFor } from '../services/index.ts'
import { readCluster, untilCluster } from './view.ts'

const NEXT_URL = 'http://next.example:8083/'
const MORE = Buffer.from('a part that this version does not know')

/** A later version of the metadata: a higher number, further traits, and more bytes at the end. */
function nextMetadata(allocation: WorkerAssignment | null): Buffer {
  const traits = {
    version: '99.0.0',
    tags: new Map([['zone', 'next']]),
    connectors: new Set(['FileStreamSource']),
  }
  const known = encodeMetadata({ url: NEXT_URL, offset: -1, allocation, traits }, protocolVersions.headrace)
  known.writeInt16BE(protocolVersions.headrace + 4)
  return Buffer.concat([known, MORE])
}

test('a worker of a later version joins the group, keeps its protocol, and gets work', async (t) => {
  const props: Record<string, string> = {
    ...distributedProps(await sharedKafka()),
    'heartbeat.interval.ms': '500',
  }
  const worker = await startWorker(t, { props })
  await untilCluster(worker.rest, 'protocol headrace', ({ protocol }) => protocol === 'headrace')

  const received: WorkerAssignment[] = []
  let held: WorkerAssignment | null = null
  const protocol: GroupProtocol = {
    type: 'connect',
    // The protocol of the present version is the one that all members have
    offered: () => [
      { name: 'headrace-next', metadata: MORE },
      { name: 'headrace', metadata: nextMetadata(held) },
    ],
    assign: () => new Map(),
    prepare: async () => {},
    assigned: async ({ assignment }) => {
      const given = decodeAssignment(assignment)
      held = { ...given, assigned: { connectors: [...(held?.assigned.connectors ?? []), ...given.assigned.connectors], tasks: [] } } // prettier-ignore
      received.push(given)
    },
    lost: async () => {},
  }
  const client = await openClient({ 'bootstrap.servers': props['bootstrap.servers'] ?? '' }, silentLogger)
  const member = new GroupMember(
    client,
    {
      groupId: props['group.id'] ?? '',
      sessionTimeoutMs: 10_000,
      rebalanceTimeoutMs: 60_000,
      heartbeatIntervalMs: 500,
    },
    protocol,
    () => {},
  )
  t.after(async () => {
    await member.leave()
    await client.close()
  })
  const follow = async () => (await member.ensureActive()) || undefined
  const patience = { timeoutMs: 60_000, what: 'the later version to join' }
  await waitFor(follow, patience)
  const name = uniqueName('next')
  await worker.rest.put(name, {
    'connector.class': 'FileStreamSource',
    'file': '/dev/null',
    'topic': name,
    'headrace.placement': 'zone=next',
  })
  await waitFor(async () => {
    await follow()
    return received.some(({ assigned }) => assigned.connectors.includes(name)) || undefined
  }, patience)

  const cluster = await readCluster(worker.rest)
  assert.equal(cluster.protocol, 'headrace')
  assert.deepEqual(cluster.members.find(({ url }) => url === NEXT_URL)?.tags, ['zone=next'])
})
