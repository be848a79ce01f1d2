import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  distributedProps,
  projectFolder,
  sharedKafka,
  startJavaWorker,
  startWorker,
  uniqueName,
  waitFor,
} from '../services/index.ts'
import { runsOn, untilCluster } from './view.ts'

const PATIENCE_MS = 30_000
/** A class that only workers with this plugin path have. */
const CLASS = 'headrace.tests.LingeringSourceConnector'
const packages = join(projectFolder, 'integration-tests/rest/packages')

test('connectors run where their class is; under a Java leader, one on a worker without it fails with the reason and what to do', async (t) => {
  const props: Record<string, string> = {
    ...distributedProps(await sharedKafka()),
    'heartbeat.interval.ms': '500',
    'scheduled.rebalance.max.delay.ms': '1000',
  }
  const withClass = () => startWorker(t, { props: { ...props, 'plugin.path': packages } })
  const able = await withClass()
  const java = await startJavaWorker({ props })
  t.after(() => java.stop())
  const lacking = await startWorker(t, { props })
  await untilCluster(able.rest, 'three members', ({ members }) => members.length === 3)
  const names = [1, 2, 3].map(() => uniqueName('lingering'))

  // The worker without the class has the settings validated by the one that has it
  for (const name of names)
    await lacking.rest.put(name, { 'connector.class': CLASS, 'topic': name, 'barrier': '/no/barrier' })
  await untilCluster(
    lacking.rest,
    'all connectors where their class is',
    (cluster) =>
      cluster.misplaced.length === 0 && names.every((name) => runsOn(cluster, able.rest).includes(name)),
  )
  for (const name of names) await able.rest.untilState(name, 'RUNNING')
  const wrong = await lacking.rest.request<{ message: string }>('PUT', '/connectors/x/config', {
    'connector.class': CLASS,
    'topic': 'x',
  })
  assert.equal(wrong.status, 400)
  assert.match(wrong.body.message, /required configuration "barrier"/)

  await lacking.stop()
  await able.stop() // the Java worker leads, and runs the connectors without success
  const again = await withClass()
  const without = await startWorker(t, { props })
  const { misplaced, leader } = await untilCluster(
    without.rest,
    'a connector on the Headrace worker without its class',
    (cluster) => cluster.misplaced.some(({ task, url }) => task === null && url === `${without.rest.url}/`),
  )
  assert.equal(leader, `${java.rest.url}/`)
  const found = misplaced.find(({ task, url }) => task === null && url === `${without.rest.url}/`)
  assert.equal(found?.reason, `The worker lacks the connector class ${CLASS}.`)
  let last: unknown
  const trace = await waitFor(
    async () => {
      last = (await again.rest.status(found.connector))?.connector
      const { state, trace: text = '' } = (last ?? {}) as { state?: string; trace?: string }
      return state === 'FAILED' && text.includes('lacks') ? text : undefined
    },
    {
      timeoutMs: PATIENCE_MS,
      what: () => `${found.connector} to have failed with the reason; it is ${JSON.stringify(last)}`,
    },
  )
  assert.ok(trace.includes(`The worker ${without.rest.url}/ lacks the connector class ${CLASS}.`), trace)
  assert.ok(trace.includes(`These workers have it: ${again.rest.url}/.`), trace)
})
