import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { filePipeline } from '../delivery/file-pipeline.ts'
import {
  distributedProps,
  projectFolder,
  sharedKafka,
  spawnWorker,
  startWorker,
  waitFor,
  workFolder,
} from '../services/index.ts'

const packages = join(projectFolder, 'integration-tests/faults/packages/slow')

/** Starts a worker whose task processes do not finish loading their packages between `hold` and `release`. */
async function open(t: TestContext) {
  const barrier = join(workFolder('barrier'), 'barrier')
  const worker = await startWorker(t, {
    props: {
      ...distributedProps(await sharedKafka()),
      'plugin.path': packages,
      'task.processes': '3',
    },
    env: { ...process.env, HEADRACE_TEST_BARRIER: barrier },
  })
  return { ...worker, hold: () => writeFileSync(barrier, ''), release: () => rmSync(barrier) }
}

type Opened = Awaited<ReturnType<typeof open>>

function newSource() {
  const pipeline = filePipeline()
  pipeline.source.append(10)
  const [name] = pipeline.connectors
  const { source, topic } = pipeline
  return { name, config: { 'connector.class': 'FileStreamSource', 'file': source.path, topic } }
}

async function runSource({ rest }: Opened): Promise<void> {
  const { name, config } = newSource()
  await rest.put(name, config)
  await rest.untilState(name, 'RUNNING')
}

/**
 * Creates a source. Resolves once its task is waiting for the blocked process.
 *
 * The task needs a new process because each existing one has a task, including the one that validated the settings.
 */
async function createHeld(opened: Opened) {
  const { rest, log, hold } = opened
  await runSource(opened)
  const { name, config } = newSource()
  const stopped = { name, config, initial_state: 'STOPPED' }
  assert.equal((await rest.request('POST', '/connectors', stopped)).status, 201)
  await runSource(opened)
  hold()
  assert.equal((await rest.request('PUT', `/connectors/${name}/resume`)).status, 202)
  await waitFor(
    async () => ((await rest.status(name))?.tasks[0]?.state === 'UNASSIGNED' ? true : undefined),
    { timeoutMs: 30_000, what: () => `task 0 of ${name} to wait for its process; the log is\n${log()}` },
  )
  return { name }
}

/** Runs another pipeline in the previously blocked process, which handles all earlier messages before that. */
async function runAnother({ rest }: Opened): Promise<void> {
  const pipeline = filePipeline()
  pipeline.source.append(10)
  await pipeline.create(rest)
  await pipeline.untilAllWritten()
}

const isRunningLine = (name: string) => (line: string) =>
  line.includes('the task is running') && line.includes(`"${name}"`)

test('a task that is stopped while its process starts does not run afterwards', async (t) => {
  const opened = await open(t)
  const { rest, log, release } = opened
  const { name } = await createHeld(opened)
  assert.equal((await rest.request('PUT', `/connectors/${name}/stop`)).status, 204)
  await waitFor(async () => ((await rest.status(name))?.tasks.length === 0 ? true : undefined), {
    timeoutMs: 30_000,
    what: `the task of ${name} to be stopped`,
  })
  release()
  await runAnother(opened)

  assert.deepEqual(log().split('\n').filter(isRunningLine(name)), [])
  assert.deepEqual((await rest.progress())[name]?.tasks, [])
})

test('a task that is paused while its process starts is paused afterwards, and runs when it is resumed', async (t) => {
  const opened = await open(t)
  const { rest, log, release } = opened
  const { name } = await createHeld(opened)
  await rest.request('PUT', `/connectors/${name}/pause`)
  await waitFor(async () => ((await rest.status(name))?.connector.state === 'PAUSED' ? true : undefined), {
    timeoutMs: 30_000,
    what: `${name} to be paused`,
  })
  release()
  await rest.untilState(name, 'PAUSED')
  assert.deepEqual(log().split('\n').filter(isRunningLine(name)), [])

  await rest.request('PUT', `/connectors/${name}/resume`)
  await rest.untilState(name, 'RUNNING')
})

test('a worker that is stopped while plugins load exits with code 0, and reports no error', async () => {
  const barrier = join(workFolder('barrier'), 'barrier')
  writeFileSync(barrier, '')
  const { child } = spawnWorker({
    props: { ...distributedProps(await sharedKafka()), 'plugin.path': packages, 'log.level': 'DEBUG' },
    env: { ...process.env, HEADRACE_TEST_BARRIER: barrier },
  })
  await waitFor(async () => (child.log().includes('forked a task process') ? true : undefined), {
    timeoutMs: 30_000,
    what: () => `a process that loads plugins; the log is\n${child.log()}`,
  })
  child.signal('SIGTERM')
  assert.deepEqual(await child.ended, { code: 0, signal: null })
  assert.doesNotMatch(child.log(), /"level":"ERROR"|worker is up/)
  assert.match(child.log().trimEnd().split('\n').at(-1) ?? '', /the worker was stopped while it was starting/)
})
