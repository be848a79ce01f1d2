import assert from 'node:assert/strict'
import { test } from 'node:test'
import { distributedProps, sharedKafka, startWorker, uniqueName, type RestClient } from '../services/index.ts'
import { runsOn, untilCluster } from './view.ts'

const source = (topic: string, placement?: string) => ({
  'connector.class': 'FileStreamSource',
  'file': '/dev/null',
  topic,
  ...(placement === undefined ? {} : { 'headrace.placement': placement }),
})

/** Waits until a worker runs exactly these connectors, with task 0 of each. */
function untilRuns(rest: RestClient, connectors: readonly string[]) {
  const wanted = connectors.flatMap((name) => [name, `${name}-0`]).toSorted()
  return untilCluster(rest, `${rest.url} to run ${wanted.join(' ')}`, (cluster) => {
    return cluster.state === 'Stable' && String(runsOn(cluster, rest)) === String(wanted)
  })
}

test('a connector runs on workers with the tags of its placement, follows changes, and is otherwise not assigned, with the reason', async (t) => {
  const props = { ...distributedProps(await sharedKafka()), 'heartbeat.interval.ms': '500' }
  const inZone = (tags: string) => startWorker(t, { props: { ...props, 'headrace.worker.tags': tags } })
  const a = await inZone('zone=a,disk=ssd')
  const b = await inZone('zone=b')
  const [inA, inB, inC] = [uniqueName('in-a'), uniqueName('in-b'), uniqueName('in-c')]
  await untilCluster(a.rest, 'two members', ({ members }) => members.length === 2)
  await a.rest.put(inA, source(inA, 'zone=a,disk=ssd'))
  await a.rest.put(inB, source(inB, 'zone=b'))
  await untilRuns(a.rest, [inA])
  await untilRuns(b.rest, [inB])

  await b.rest.put(inC, source(inC, 'zone=c'))
  const left = await untilCluster(b.rest, `${inC} to be left out`, ({ unassigned }) => unassigned.length > 0)
  assert.match(
    left.unassigned[0]?.reason ?? '',
    /^No worker has the tags zone=c of headrace\.placement: the workers have zone=a,disk=ssd; zone=b\./,
  )
  const status = await a.rest.untilState(inC, 'UNASSIGNED', { tasks: 0 })
  assert.match(status.connector.trace ?? '', /^No worker has the tags zone=c/)

  await a.rest.put(inA, source(inA, 'zone=b'))
  await untilRuns(b.rest, [inA, inB])
  const c = await inZone('zone=c')
  await untilRuns(c.rest, [inC])
  await a.rest.untilState(inC, 'RUNNING')

  const refused = await a.rest.request<{ message: string }>(
    'PUT',
    `/connectors/${inC}/config`,
    source(inC, 'zone'),
  )
  assert.equal(refused.status, 400)
  assert.match(refused.body.message, /headrace\.placement: expected name=value pairs/)
})
