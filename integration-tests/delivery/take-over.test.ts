import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import {
  distributedProps,
  sharedKafka,
  startJavaWorker,
  startWorker,
  uniqueName,
  type RestClient,
} from '../services/index.ts'
import { filePipeline } from './file-pipeline.ts'

const LINES = 2000

test('a cluster moves from a Java worker to Headrace and back, and keeps settings, states and offsets', async (t) => {
  const props = distributedProps(await sharedKafka())
  const pipeline = filePipeline({ lines: { ascii: true } })
  const resting = { paused: uniqueName('paused'), stopped: uniqueName('stopped') }
  const running = [...pipeline.connectors, ...Object.values(resting)]
  const untilAsLeft = async (rest: RestClient) => {
    for (const name of pipeline.connectors) await rest.untilState(name, 'RUNNING')
    await rest.untilState(resting.paused, 'PAUSED')
    await rest.untilState(resting.stopped, 'STOPPED', { tasks: 0 })
  }
  const settings = async (rest: RestClient) =>
    Promise.all(running.map(async (name) => (await rest.get(`/connectors/${name}/config`)).body))

  const java = await startJavaWorker({ props })
  t.after(() => java.stop())
  pipeline.source.append(LINES)
  await pipeline.create(java.rest)
  for (const name of Object.values(resting)) {
    await java.rest.put(name, { 'connector.class': 'FileStreamSource', 'file': '/dev/null', 'topic': name })
    await java.rest.untilState(name, 'RUNNING')
  }
  await java.rest.request('PUT', `/connectors/${resting.paused}/pause`)
  await java.rest.request('PUT', `/connectors/${resting.stopped}/stop`)
  await untilAsLeft(java.rest)
  await pipeline.untilAllWritten()
  const before = await settings(java.rest)
  await java.stop()

  const ours = await startWorker(t, { props })
  await untilAsLeft(ours.rest)
  assert.deepEqual(await settings(ours.rest), before)
  pipeline.source.append(LINES)
  await pipeline.untilAllWritten()
  await ours.rest.request('PUT', `/connectors/${resting.paused}/resume`)
  await ours.rest.untilState(resting.paused, 'RUNNING')
  await ours.rest.request('PUT', `/connectors/${resting.paused}/pause`)
  await ours.rest.untilState(resting.paused, 'PAUSED')
  await ours.stop()

  const javaAgain = await startJavaWorker({ props })
  t.after(() => javaAgain.stop())
  await untilAsLeft(javaAgain.rest)
  assert.deepEqual(await settings(javaAgain.rest), before)
  pipeline.source.append(LINES)
  await pipeline.untilAllWritten()
  await javaAgain.stop()

  assert.ok(readFileSync(pipeline.sinkFile).equals(readFileSync(pipeline.source.path)))
})
