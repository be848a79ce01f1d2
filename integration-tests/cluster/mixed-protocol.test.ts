import assert from 'node:assert/strict'
import { test } from 'node:test'
import { filePipeline } from '../delivery/file-pipeline.ts'
import {
  distributedProps,
  sharedKafka,
  startJavaWorker,
  startWorker,
  waitFor,
  type RestClient,
} from '../services/index.ts'
import { untilCluster } from './view.ts'

const LINES = 500

test('the group changes to its own protocol while all members are Headrace workers, and no task stops for it', async (t) => {
  const props = { ...distributedProps(await sharedKafka()), 'heartbeat.interval.ms': '500' }
  const first = await startWorker(t, { props })
  const pipeline = filePipeline({ lines: { ascii: true } })
  pipeline.source.append(LINES)
  await pipeline.create(first.rest)
  await pipeline.untilAllWritten()
  await untilCluster(first.rest, 'protocol headrace', ({ protocol }) => protocol === 'headrace')

  const java = await startJavaWorker({ props })
  t.after(() => java.stop())
  const mixed = await untilCluster(
    first.rest,
    'a Java worker with its share, in the protocol sessioned',
    ({ protocol, members, unassigned }) =>
      protocol === 'sessioned' &&
      unassigned.length === 0 &&
      members.some(({ kind, runs }) => kind === 'java' && runs.length > 0),
  )
  assert.equal(mixed.members.find(({ leads }) => leads)?.kind, 'headrace')
  // The worker that gets a task replaces its status a moment later
  const kept = await waitFor(
    async () => {
      const instances = await instancesOn(first.rest)
      return instances.length === 1 ? instances : undefined
    },
    { timeoutMs: 30_000, what: 'one of two tasks on the Headrace worker' },
  )

  const second = await startWorker(t, { props })
  await untilCluster(first.rest, 'three members', ({ members }) => members.length === 3)
  await java.stop()
  await untilCluster(
    second.rest,
    'protocol headrace without the Java worker',
    ({ protocol, members }) => protocol === 'headrace' && members.length === 2,
  )
  assert.deepEqual(await instancesOn(first.rest), kept)
})

/** The tasks on a worker, and since when each of them runs. */
async function instancesOn(rest: RestClient) {
  const { body } =
    await rest.get<Record<string, { tasks: { task: number; worker_id: string; since: number }[] }>>(
      '/headrace/connectors',
    )
  return Object.entries(body).flatMap(([name, { tasks }]) =>
    tasks
      .filter((task) => rest.url.endsWith(task.worker_id))
      .map(({ task, since }) => ({ name, task, since })),
  )
}
