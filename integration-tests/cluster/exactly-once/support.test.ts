import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { filePipeline, type FilePipeline } from '../../delivery/file-pipeline.ts'
import { sharedKafka, startWorker, uniqueName, waitFor, type HeadraceWorker } from '../../services/index.ts'
import { followTopic } from '../../topics/followed-topic.ts'
import { readRecords } from '../../topics/records.ts'
import { countingClass, exactlyOnceProps, numbers, ofTask } from './workers.ts'

const LINES = 2000
const NOT_ENABLED = 'This worker does not have exactly-once source support enabled.'

const sourceOf = ({ source, topic }: FilePipeline, support: 'required' | 'requested') => ({
  'connector.class': 'FileStreamSource',
  'exactly.once.support': support,
  'file': source.path,
  topic,
})

const withSupport = (bootstrap: string) => {
  const props = exactlyOnceProps(bootstrap)
  return (support: string): Record<string, string> => ({ ...props, 'exactly.once.source.support': support })
}

test('rolling restarts turn exactly-once support on and off without a lost or repeated line', async (t) => {
  const bootstrap = await sharedKafka()
  const propsOf = withSupport(bootstrap)
  const workers: HeadraceWorker[] = []
  for (let count = 0; count < 2; count++) workers.push(await startWorker(t, { props: propsOf('disabled') }))
  const pipeline = filePipeline()
  const { source, topic, connectors } = pipeline
  await workers[0]!.rest.put(connectors[0], sourceOf(pipeline, 'requested'))
  source.append(LINES)
  const committed = await followTopic(bootstrap, topic)
  t.after(() => committed.close())

  for (const support of ['preparing', 'enabled', 'preparing', 'disabled']) {
    for (const index of workers.keys()) {
      await workers[index]!.stop()
      workers[index] = await startWorker(t, { props: propsOf(support) })
      source.append(LINES)
      await workers[index].rest.untilState(connectors[0], 'RUNNING')
      await committed.untilComplete(source.lines)
    }
  }

  assert.equal(`${committed.values.join('\n')}\n`, readFileSync(source.path, 'utf8'))
})

test('a source that requires exactly-once delivery fails on workers without it, and continues on one with it', async (t) => {
  const bootstrap = await sharedKafka()
  const propsOf = withSupport(bootstrap)
  const pipeline = filePipeline()
  const { source, topic, connectors } = pipeline
  const [name] = connectors
  const enabled = await startWorker(t, { props: propsOf('enabled') })
  await enabled.rest.put(name, sourceOf(pipeline, 'required'))
  source.append(LINES)
  const committed = await followTopic(bootstrap, topic)
  t.after(() => committed.close())
  await committed.untilComplete(LINES)
  await enabled.stop()
  source.append(LINES)

  for (const support of ['preparing', 'disabled']) {
    const downgraded = await startWorker(t, { props: propsOf(support) })
    const { connector, tasks } = await downgraded.rest.untilState(name, 'FAILED')
    const trace = `Invalid value required for configuration exactly.once.support: ${NOT_ENABLED}`
    for (const failed of [connector, ...tasks]) assert.ok(failed.trace?.includes(trace), failed.trace)
    const refused = await downgraded.rest.request<{ message: string }>(
      'PUT',
      `/connectors/${name}-2/config`,
      {
        ...sourceOf(pipeline, 'required'),
        name: `${name}-2`,
      },
    )
    assert.equal(refused.status, 400)
    assert.equal(
      refused.body.message,
      `Connector configuration is invalid and contains the following 1 error(s):\n${NOT_ENABLED}\n` +
        'You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`',
    )
    await downgraded.stop()
  }
  const again = await startWorker(t, { props: propsOf('enabled') })
  await again.rest.untilState(name, 'RUNNING')
  await committed.untilComplete(2 * LINES)

  assert.equal(`${committed.values.join('\n')}\n`, readFileSync(source.path, 'utf8'))
})

test('a leader that prepares for exactly-once support fences earlier tasks for a worker with support', async (t) => {
  const bootstrap = await sharedKafka()
  const propsOf = withSupport(bootstrap)
  const leader = await startWorker(t, { props: propsOf('preparing') })
  const member = await startWorker(t, { props: propsOf('enabled') })
  const [name, topic] = [uniqueName('counting'), uniqueName('numbers')]
  const limit = String(LINES)
  for (const tasks of [4, 3, 5]) {
    const config = { 'connector.class': countingClass, 'tasks.max': String(tasks), topic, limit }
    await leader.rest.put(name, config)
    await waitFor(async () => (await fencedTasks(propsOf(''), name)).at(-1) === tasks || undefined, {
      timeoutMs: 60_000,
      what: `a fencing for ${tasks} tasks`,
    })
    await leader.rest.untilState(name, 'RUNNING', { tasks })
  }
  const committed = await followTopic(bootstrap, topic)
  t.after(() => committed.close())
  // Tasks on the leader deliver at least once
  const arrived = (task: number) => [...new Set(ofTask(committed.values, task))]
  const isComplete = () => [0, 1, 2, 3, 4].every((task) => arrived(task).length === LINES)
  await waitFor(() => isComplete() || undefined, {
    timeoutMs: 60_000,
    what: () => `${LINES} numbers of each task among ${committed.values.length} records`,
  })

  const status = await leader.rest.status(name)
  assert.equal(new Set(status?.tasks.map((task) => task.worker_id)).size, 2)
  assert.doesNotMatch(member.log(), /"level":"ERROR"/)
  for (let task = 0; task < 5; task++) assert.deepEqual(arrived(task), numbers(task, LINES))
})

/** The task counts for which the leader has fenced earlier tasks of a connector. */
async function fencedTasks(props: Readonly<Record<string, string>>, connector: string): Promise<number[]> {
  const records = await readRecords(props['config.storage.topic'] ?? '', 1)
  return records
    .filter(({ key }) => key === `tasks-fencing-${connector}`)
    .map(({ value }) => (JSON.parse(value ?? '') as { 'task-count': number })['task-count'])
}
