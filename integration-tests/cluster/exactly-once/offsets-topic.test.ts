import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { filePipeline } from '../../delivery/file-pipeline.ts'
import { sharedKafka, startKafka, startWorker, uniqueName } from '../../services/index.ts'
import { followTopic } from '../../topics/followed-topic.ts'
import { countingClass, exactlyOnceProps } from './workers.ts'

const LINES = 5000

test('records and offsets of a source are in one transaction of another cluster', async (t) => {
  const other = await startKafka()
  t.after(() => other.stop())
  const props = exactlyOnceProps(await sharedKafka())
  const worker = await startWorker(t, { props })
  const { source, topic, connectors } = filePipeline()
  const [name] = connectors
  source.append(LINES)
  await worker.rest.put(name, {
    'connector.class': 'FileStreamSource',
    'file': source.path,
    topic,
    'offsets.storage.topic': uniqueName('offsets'),
    'producer.override.bootstrap.servers': other.bootstrapServers,
    'consumer.override.bootstrap.servers': other.bootstrapServers,
    'admin.override.bootstrap.servers': other.bootstrapServers,
  })
  const committed = await followTopic(other.bootstrapServers, topic)
  t.after(() => committed.close())
  await committed.untilComplete(LINES)
  await worker.rest.request('PUT', `/connectors/${name}/stop`)
  await worker.rest.untilState(name, 'STOPPED', { tasks: 0 })
  source.append(LINES)
  await worker.rest.request('PUT', `/connectors/${name}/resume`)
  await committed.untilComplete(2 * LINES)

  assert.equal(`${committed.values.join('\n')}\n`, readFileSync(source.path, 'utf8'))
})

test('a task that writes to its own offsets topic fails instead of waiting for itself', async (t) => {
  const props = exactlyOnceProps(await sharedKafka())
  const worker = await startWorker(t, { props })
  const name = uniqueName('counting')
  await worker.rest.put(name, {
    'connector.class': countingClass,
    'topic': props['offset.storage.topic'] ?? '',
    'limit': '10',
  })

  const trace = await worker.rest.untilTaskFailed(name)
  assert.match(trace, /Source tasks may not produce to their own offsets topics/)
})

test('offsets that REST changes are read by the next task', async (t) => {
  const bootstrap = await sharedKafka()
  const worker = await startWorker(t, { props: exactlyOnceProps(bootstrap) })
  const { source, topic, connectors } = filePipeline({ lines: { ascii: true } })
  const [name] = connectors
  source.append(LINES)
  await worker.rest.put(name, { 'connector.class': 'FileStreamSource', 'file': source.path, topic })
  const committed = await followTopic(bootstrap, topic)
  t.after(() => committed.close())
  await committed.untilComplete(LINES)
  await worker.rest.request('PUT', `/connectors/${name}/stop`)
  await worker.rest.untilState(name, 'STOPPED', { tasks: 0 })
  const reset = await worker.rest.request('DELETE', `/connectors/${name}/offsets`)
  assert.equal(reset.status, 200, JSON.stringify(reset.body))
  await worker.rest.request('PUT', `/connectors/${name}/resume`)
  await committed.untilComplete(2 * LINES)

  const file = readFileSync(source.path, 'utf8')
  assert.equal(`${committed.values.join('\n')}\n`, file + file)
})
