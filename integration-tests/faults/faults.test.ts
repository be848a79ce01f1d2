import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { filePipeline } from '../delivery/file-pipeline.ts'
import {
  distributedProps,
  projectFolder,
  sharedKafka,
  startWorker,
  type HeadraceWorker,
  waitFor,
} from '../services/index.ts'
import type { Fault } from './packages/faulty/faults.ts'
import { watchAnswers } from './rest-watch.ts'

const LINES = 1000
const PATIENCE_MS = 60_000
const packages = join(projectFolder, 'integration-tests/faults/packages')

/** Expected text in the trace of the faulty task. */
const reasons: Readonly<Record<Fault, RegExp>> = {
  'spin': /did not respond for (4000 ms|\d+ s, of which it ran for \d+ ms) /,
  'grow-object': /memory|heap/,
  'grow-map': /memory|heap/,
  'grow-buffers': /memory|heap/,
  'throw-in-timer': /thrown in a timer/,
  'exit': /process\.exit\(7\)/,
}

/** One process for all tasks, so that all of them lose it when it is killed. */
function worker(t: TestContext, kafka: string): Promise<HeadraceWorker> {
  return startWorker(t, {
    props: {
      ...distributedProps(kafka),
      'plugin.path': packages,
      'task.processes': '1',
      'task.process.memory.max': '300m',
      'task.process.stall.timeout.ms': '4000',
      'consumer.session.timeout.ms': '6000',
    },
  })
}

for (const [fault, reason] of Object.entries(reasons)) {
  test(`a task with the fault '${fault}' fails with the reason, the other tasks continue, and the REST API responds`, async (t) => {
    const { rest } = await worker(t, await sharedKafka())
    const pipeline = filePipeline()
    pipeline.source.append(LINES)
    await pipeline.create(rest)
    await pipeline.untilAllWritten()
    const answers = watchAnswers(rest, ['/connectors', `/connectors/${pipeline.connectors[0]}/status`])

    await rest.put('guilty', { 'connector.class': 'headrace.tests.FaultySourceConnector', fault })
    const trace = await rest.untilTaskFailed('guilty', 0, PATIENCE_MS)

    assert.match(trace, reason)
    for (const name of pipeline.connectors) await rest.untilState(name, 'RUNNING')
    pipeline.source.append(LINES)
    await pipeline.untilLastLine()
    const { slowestMs, failures } = await answers.stop()
    assert.deepEqual(failures, [])
    assert.ok(slowestMs < 1000, `a response took ${slowestMs} ms`)
  })
}

test('a connector created while a task process hangs has a status, and runs once the faulty task has failed', async (t) => {
  const { rest } = await worker(t, await sharedKafka())
  await rest.put('guilty', { 'connector.class': 'headrace.tests.FaultySourceConnector', 'fault': 'spin' })
  await rest.untilState('guilty', 'RUNNING')
  const pipeline = filePipeline()
  pipeline.source.append(LINES)
  await pipeline.create(rest)
  const [name] = pipeline.connectors
  await waitFor(async () => await rest.status(name), { timeoutMs: PATIENCE_MS, what: `a state of ${name}` })

  assert.match(await rest.untilTaskFailed('guilty', 0, PATIENCE_MS), reasons.spin)
  for (const connector of pipeline.connectors) await rest.untilState(connector, 'RUNNING')
  await pipeline.untilAllWritten()
})

test('a task process that is killed from outside is replaced and its task continues, five times in a row', async (t) => {
  const { rest } = await worker(t, await sharedKafka())
  const pipeline = filePipeline()
  pipeline.source.append(LINES)
  await pipeline.create(rest)
  const [source] = pipeline.connectors
  const killed = new Set<number>()
  for (let kills = 0; kills < 5; kills++) {
    const pid = await waitFor(
      async () => {
        const found = (await rest.progress())[source]?.tasks[0]?.pid ?? 0
        return found > 0 && !killed.has(found) ? found : undefined
      },
      { timeoutMs: PATIENCE_MS, what: `another process than ${[...killed].join(', ')}` },
    )
    killed.add(pid)
    process.kill(pid, 'SIGKILL')
  }
  for (const connector of pipeline.connectors) await rest.untilState(connector, 'RUNNING')
  assert.ok(!killed.has((await rest.progress())[source]?.tasks[0]?.pid ?? 0))
  pipeline.source.append(LINES)
  await pipeline.untilLastLine()
})

test('a connector that exits its process when it starts fails with the reason and can be deleted', async (t) => {
  const { rest } = await worker(t, await sharedKafka())
  const config = {
    'connector.class': 'headrace.tests.FaultySourceConnector',
    'fault': 'exit',
    'where': 'connector',
  }
  await rest.put('guilty', config)
  const { connector } = await rest.untilState('guilty', 'FAILED', { tasks: 0 })

  assert.match(connector.trace ?? '', reasons.exit)
  await rest.delete('guilty')
  assert.deepEqual((await rest.get('/connectors')).body, [])
})

test('a validation that never ends is rejected in time, and the worker continues', async (t) => {
  const { rest } = await worker(t, await sharedKafka())
  const config = {
    'connector.class': 'headrace.tests.FaultySourceConnector',
    'fault': 'spin',
    'where': 'validation',
  }
  const answers = watchAnswers(rest, ['/connectors'])
  const { status } = await rest.request('POST', '/connectors', { name: 'guilty', config })
  assert.equal(status, 500)

  const { slowestMs } = await answers.stop()
  assert.ok(slowestMs < 1000, `a response took ${slowestMs} ms`)
  const pipeline = filePipeline()
  pipeline.source.append(LINES)
  await pipeline.create(rest)
  await pipeline.untilAllWritten()
})

test('a package that fails to load is reported and skipped, and another package works', async (t) => {
  const { rest, log } = await worker(t, await sharedKafka())
  const { body } = await rest.get<{ class: string }[]>('/connector-plugins')

  assert.ok(body.some((plugin) => plugin.class === 'headrace.tests.FaultySourceConnector'))
  // Log lines of task processes arrive with a delay
  await waitFor(() => (/this package is broken on purpose/.test(log()) ? true : undefined), {
    timeoutMs: 10_000,
    what: () => `the reason to be logged; the log is\n${log()}`,
  })
  assert.match(log(), /headrace-test-broken/)
})
