import assert from 'node:assert/strict'
import { test } from 'node:test'
import { headrace } from '../cli/command-line.ts'
import {
  distributedProps,
  launchWorker,
  sharedKafka,
  startWorker,
  uniqueName,
  type RestClient,
} from '../services/index.ts'
import { runsOn, untilCluster, type Cluster } from './view.ts'

const SESSION_MS = 6000
const DELAY_MS = 60_000

/** What each worker runs, and who leads: the same from each worker. */
const essence = ({ leader, protocol, members, unassigned }: Cluster) => ({
  leader,
  protocol,
  members: members.map(({ url, kind, version, tags, leads, runs }) => ({
    url,
    kind,
    version,
    tags,
    leads,
    runs,
  })),
  unassigned,
})

test('each worker shows who leads, who runs what, how far each is behind, and what waits for a lost worker until when', async (t) => {
  const props = {
    ...distributedProps(await sharedKafka()),
    'heartbeat.interval.ms': '500',
    'session.timeout.ms': String(SESSION_MS),
    'scheduled.rebalance.max.delay.ms': String(DELAY_MS),
  }
  const first = await startWorker(t, { props: { ...props, 'headrace.worker.tags': 'zone=a' } })
  const second = await launchWorker({ props: { ...props, 'headrace.worker.tags': 'zone=b' } })
  t.after(() => second.kill())
  const names = [uniqueName('one'), uniqueName('two')]
  await untilCluster(first.rest, 'two members', ({ members }) => members.length === 2)
  for (const name of names)
    await first.rest.put(name, { 'connector.class': 'FileStreamSource', 'file': '/dev/null', 'topic': name })
  const shared = (rest: RestClient) =>
    untilCluster(
      rest,
      'a connector and a task on each worker',
      (cluster) => cluster.members.length === 2 && cluster.members.every(({ runs }) => runs.length === 2),
    )
  const seen = await shared(first.rest)
  assert.deepEqual(essence(await shared(second.rest)), essence(seen))
  const kinds = seen.members.map(({ tags, kind }) => `${kind} ${String(tags)}`)
  assert.deepEqual(new Set(kinds), new Set(['headrace zone=a', 'headrace zone=b']))
  assert.equal(seen.members.filter(({ leads }) => leads).length, 1)
  const current = await untilCluster(first.rest, 'all workers to have read all settings', ({ members }) =>
    members.every(({ config_lag: lag }) => lag === 0),
  )
  for (const { last_contact: contact } of current.members)
    assert.ok(contact !== null && Date.now() - contact < SESSION_MS, `last contact at ${contact}`)

  const env = { HEADRACE_URL: second.rest.url }
  const { code, stdout, stderr } = await headrace(['cluster'], { env, input: '' })
  assert.equal(code, 0, stderr)
  assert.match(stdout, /^group cluster-\w+ {2}Stable {2}protocol headrace {2}leader http:/)
  assert.match(stdout, /^http:\S+ \* +headrace +\S+ +zone=[ab] +1 +1 +0 +\d+\.\d s ago$/m)
  const json = JSON.parse((await headrace(['cluster', '--json'], { env, input: '' })).stdout) as Cluster
  assert.equal(json.members.length, 2)

  const lost = runsOn(current, second.rest)
  const at = Date.now()
  await second.kill()
  const { unassigned } = await untilCluster(
    first.rest,
    'the work of the lost worker to be held back',
    ({ members, unassigned: waiting }) => members.length === 1 && waiting.length === lost.length,
  )
  for (const { reason, until } of unassigned) {
    assert.match(reason, /left the group; the leader waits for its return/)
    assert.ok(until !== null && until > at && until < at + SESSION_MS * 3 + DELAY_MS, `until ${until}`)
  }
})
