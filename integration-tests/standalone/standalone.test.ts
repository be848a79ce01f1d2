import assert from 'node:assert/strict'
import { appendFileSync, copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import {
  projectFolder,
  propertiesText,
  sharedKafka,
  spawnWorker,
  startWorker,
  uniqueName,
  waitFor,
  workFolder,
} from '../services/index.ts'

const recordedOffsets = join(projectFolder, 'integration-tests/standalone/recorded/connect.offsets')
const SOFT_STOP_MS = 15_000

/** A folder as in the quick start of Kafka Connect. All paths are relative to it. */
async function quickStart() {
  const folder = workFolder('standalone')
  const topic = uniqueName('connect-test')
  const path = (name: string) => join(folder, name)
  const source = { 'connector.class': 'FileStreamSource', 'tasks.max': '1', 'file': 'in.txt', topic }
  const sink = { 'connector.class': 'FileStreamSink', 'tasks.max': '1', 'file': 'out.txt', 'topics': topic }
  writeFileSync(path('source.properties'), propertiesText({ name: 'local-file-source', ...source }))
  writeFileSync(path('sink.properties'), propertiesText({ name: `sink-${topic}`, ...sink }))
  const props = {
    'bootstrap.servers': await sharedKafka(),
    'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
    'offset.storage.file.filename': 'connect.offsets',
    'offset.flush.interval.ms': '1000',
  }
  const worker = { props, connectorFiles: ['source.properties', 'sink.properties'], cwd: folder }
  const untilArrived = (text: string) =>
    waitFor(
      () =>
        existsSync(path('out.txt')) && readFileSync(path('out.txt'), 'utf8') === text ? true : undefined,
      {
        timeoutMs: 60_000,
        what: () =>
          `out.txt to be ${text}; it is ${existsSync(path('out.txt')) ? readFileSync(path('out.txt'), 'utf8') : 'absent'}`,
      },
    )
  return { folder, path, topic, source, sink, worker, untilArrived }
}

test('the files of the quick start work, and a restart resumes from the offset file', async (t) => {
  const { path, worker, untilArrived } = await quickStart()
  writeFileSync(path('in.txt'), 'one\ntwo\n')
  const first = await startWorker(t, worker)
  await untilArrived('one\ntwo\n')
  const { code } = await first.stop()
  assert.equal(code, 0)

  appendFileSync(path('in.txt'), 'three\n')
  await startWorker(t, worker)
  await untilArrived('one\ntwo\nthree\n')
})

test('a worker resumes from the offset file of a Java worker and keeps its format', async (t) => {
  const { path, worker, untilArrived } = await quickStart()
  copyFileSync(recordedOffsets, path('connect.offsets'))
  writeFileSync(path('in.txt'), 'one\ntwo\nthree\nfour\n')

  const running = await startWorker(t, worker)
  await untilArrived('four\n')
  await running.stop()

  // The same bytes except for the position
  const expected = readFileSync(recordedOffsets, 'latin1').replace('{"position":14}', '{"position":19}')
  assert.equal(readFileSync(path('connect.offsets'), 'latin1'), expected)
})

test('a killed worker resumes from its offset file', async (t) => {
  const { path, worker, untilArrived } = await quickStart()
  writeFileSync(path('in.txt'), 'one\ntwo\n')
  const killed = await startWorker(t, worker)
  await untilArrived('one\ntwo\n')
  await waitFor(() => (existsSync(path('connect.offsets')) ? true : undefined), {
    timeoutMs: 30_000,
    what: 'the offsets to be stored',
  })
  await killed.kill()

  appendFileSync(path('in.txt'), 'three\n')
  const props = { ...worker.props, 'consumer.session.timeout.ms': '6000' }
  const next = await startWorker(t, { ...worker, props, connectorFiles: ['source.properties'] })
  await next.rest.untilState('local-file-source', 'RUNNING')
  await waitFor(
    () => (/"position":14/.test(readFileSync(path('connect.offsets'), 'latin1')) ? true : undefined),
    {
      timeoutMs: 30_000,
      what: 'the third line to be read',
    },
  )
})

test('a connector file may be JSON, and the worker exits with 3 if it is rejected', async (t) => {
  const { path, worker, source, sink, topic, untilArrived } = await quickStart()
  writeFileSync(path('in.txt'), 'one\n')
  writeFileSync(path('source.json'), JSON.stringify({ name: 'local-file-source', config: source }))
  writeFileSync(path('sink.json'), JSON.stringify({ name: `sink-${topic}`, ...sink }))
  await startWorker(t, { ...worker, connectorFiles: ['source.json', 'sink.json'] })
  await untilArrived('one\n')

  writeFileSync(
    path('bad.properties'),
    propertiesText({ 'name': 'bad', 'connector.class': 'NoSuchConnector' }),
  )
  const { child } = spawnWorker({ ...worker, connectorFiles: ['bad.properties'] })
  assert.equal((await child.ended).code, 3)
  assert.match(child.log(), /NoSuchConnector/)
})

test('SIGTERM lets tasks finish and commit; nothing is left running', async (t) => {
  const { path, worker, untilArrived } = await quickStart()
  writeFileSync(path('in.txt'), 'one\n')
  const props = { ...worker.props, 'offset.flush.interval.ms': '600000' }
  const running = await startWorker(t, { ...worker, props })
  await untilArrived('one\n')
  const pids = Object.values(await running.rest.progress()).flatMap(({ tasks }) =>
    tasks.map(({ pid }) => pid),
  )

  const start = performance.now()
  running.signal('SIGTERM')
  const { code } = await running.ended

  assert.equal(code, 0)
  assert.ok(performance.now() - start < SOFT_STOP_MS)
  assert.match(readFileSync(path('connect.offsets'), 'latin1'), /"position":4/)
  for (const pid of pids) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
})
