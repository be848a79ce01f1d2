import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  distributedProps,
  sharedKafka,
  spawnWorker,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
  type HeadraceWorker,
} from '../services/index.ts'
import { stubbornPlugin } from './stubborn.ts'

const kafka = await sharedKafka()
const SIGTERM_CODE = 143
const WAIT_MS = 20_000

interface LogLine {
  readonly level: string
  readonly time: string
  readonly connector?: string
  readonly task?: number
  readonly msg: string
}

const logOf = (text: string): LogLine[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogLine)

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

async function taskPid(worker: HeadraceWorker, name: string): Promise<number> {
  return waitFor(
    async () => {
      const pid = (await worker.rest.progress())[name]?.tasks[0]?.pid ?? -1
      return pid > 0 ? pid : undefined
    },
    { timeoutMs: WAIT_MS, what: `a process for the task of ${name}` },
  )
}

const standaloneProps = (folder: string) => ({
  'bootstrap.servers': kafka,
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'offset.storage.file.filename': join(folder, 'offsets'),
})

test('SIGTERM stops a worker gracefully: its tasks stop, the log reports it, and the exit code is 0', async (t) => {
  const folder = workFolder('soft')
  const worker = await startWorker(t, { props: distributedProps(kafka) })
  const name = uniqueName('soft')
  await writeFile(join(folder, 'in.txt'), 'one\n')
  await worker.rest.put(name, {
    'connector.class': 'FileStreamSource',
    'topic': name,
    'file': join(folder, 'in.txt'),
  })
  await worker.rest.untilState(name, 'RUNNING')
  const pid = await taskPid(worker, name)
  worker.signal('SIGTERM')
  assert.deepEqual(await worker.ended, { code: 0, signal: null })
  assert.equal(isAlive(pid), false)
  const lines = logOf(worker.log())
  const ofTask = lines.filter(({ connector, task }) => connector === name && task === 0)
  assert.deepEqual(
    ofTask.map(({ msg }) => msg).filter((msg) => msg.startsWith('the task')),
    ['the task is running', 'the task has stopped'],
  )
  assert.equal(lines.at(-1)?.msg, 'the worker has stopped')
  assert.ok(lines.every(({ level, time }) => /^[A-Z]+$/.test(level) && !Number.isNaN(Date.parse(time))))
})

test('a task that does not stop is killed after task.shutdown.graceful.timeout.ms', async (t) => {
  const worker = await startWorker(t, {
    props: {
      ...distributedProps(kafka),
      'plugin.path': stubbornPlugin(),
      'task.shutdown.graceful.timeout.ms': '300',
    },
  })
  const name = uniqueName('stubborn')
  await worker.rest.put(name, { 'connector.class': 'test.StubbornSource' })
  await worker.rest.untilState(name, 'RUNNING')
  const pid = await taskPid(worker, name)
  worker.signal('SIGTERM')
  assert.deepEqual(await worker.ended, { code: 0, signal: null })
  assert.equal(isAlive(pid), false)
})

test('a second signal ends a worker and its task processes immediately', async (t) => {
  const worker = await startWorker(t, {
    props: {
      ...distributedProps(kafka),
      'plugin.path': stubbornPlugin(),
      'task.shutdown.graceful.timeout.ms': '600000',
    },
  })
  const name = uniqueName('stubborn')
  await worker.rest.put(name, { 'connector.class': 'test.StubbornSource' })
  await worker.rest.untilState(name, 'RUNNING')
  const pid = await taskPid(worker, name)
  worker.signal('SIGTERM')
  await waitFor(async () => (worker.log().includes('the worker is stopping') ? true : undefined), {
    timeoutMs: WAIT_MS,
    what: 'the worker to begin to stop',
  })
  worker.signal('SIGTERM')
  assert.deepEqual(await worker.ended, { code: SIGTERM_CODE, signal: null })
  await waitFor(async () => (isAlive(pid) ? undefined : true), {
    timeoutMs: WAIT_MS,
    what: 'the task process to exit',
  })
})

test('a worker that is waiting for Kafka can be stopped', async () => {
  const { child } = spawnWorker({ props: distributedProps('127.0.0.1:1') })
  await waitFor(async () => (child.log().includes('starting a distributed worker') ? true : undefined), {
    timeoutMs: WAIT_MS,
    what: 'the worker to start',
  })
  child.signal('SIGTERM')
  assert.deepEqual(await child.ended, { code: 0, signal: null })
})

test('a standalone worker runs connectors from files in each format that Java supports', async (t) => {
  const folder = workFolder('standalone')
  const [flat, request, properties] = [uniqueName('flat'), uniqueName('request'), uniqueName('properties')]
  const settings = (name: string) => ({
    'connector.class': 'FileStreamSource',
    'topic': name,
    'file': join(folder, 'in.txt'),
  })
  const files = {
    'flat.json': JSON.stringify({ name: flat, ...settings(flat) }),
    'request.json': JSON.stringify({ name: request, config: settings(request), initial_state: 'PAUSED' }),
    'c.properties': Object.entries({ name: properties, ...settings(properties) })
      .map(([key, value]) => `${key} = ${value}`)
      .join('\n'),
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  const worker = await startWorker(t, {
    props: standaloneProps(folder),
    connectorFiles: Object.keys(files).map((name) => join(folder, name)),
  })
  await worker.rest.untilState(flat, 'RUNNING')
  await worker.rest.untilState(properties, 'RUNNING')
  await worker.rest.untilState(request, 'PAUSED', { tasks: 0 })
})

test('a standalone worker exits with 3 if a connector file is rejected', async () => {
  const folder = workFolder('refused')
  const file = join(folder, 'c.json')
  await writeFile(
    file,
    JSON.stringify({ 'name': 'bad', 'connector.class': 'FileStreamSink', 'tasks.max': 0 }),
  )
  const { child } = spawnWorker({ props: standaloneProps(folder), connectorFiles: [file] })
  assert.deepEqual(await child.ended, { code: 3, signal: null })
  const line = logOf(child.log()).find(({ msg }) => msg === 'cannot create a connector from the command line')
  assert.deepEqual([line?.level, line?.connector], ['ERROR', 'bad'])
})
