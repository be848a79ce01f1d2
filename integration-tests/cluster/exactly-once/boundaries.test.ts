import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { filePipeline } from '../../delivery/file-pipeline.ts'
import { sharedKafka, startWorker, uniqueName } from '../../services/index.ts'
import { followTopic } from '../../topics/followed-topic.ts'
import { countingClass, exactlyOnceProps, numbers } from './workers.ts'

const LINES = 20_000
const NUMBERS = 100
const BATCH = 10

for (const boundary of ['poll', 'interval']) {
  test(`with boundaries by ${boundary}, a file arrives once, in order, and is resumed after a restart`, async (t) => {
    const bootstrap = await sharedKafka()
    const props = exactlyOnceProps(bootstrap)
    const { source, topic, connectors } = filePipeline()
    source.append(LINES)
    const first = await startWorker(t, { props })
    await first.rest.put(connectors[0], {
      'connector.class': 'FileStreamSource',
      'exactly.once.support': 'required',
      'file': source.path,
      topic,
      'transaction.boundary': boundary,
      'transaction.boundary.interval.ms': '100',
    })
    const committed = await followTopic(bootstrap, topic)
    t.after(() => committed.close())
    await committed.untilComplete(LINES)
    await first.stop()
    source.append(LINES)
    const second = await startWorker(t, { props })
    await committed.untilComplete(2 * LINES)
    await second.stop()

    assert.equal(`${committed.values.join('\n')}\n`, readFileSync(source.path, 'utf8'))
  })
}

test('batches that a task aborts are invisible to readers of committed records, and their offsets are stored', async (t) => {
  const bootstrap = await sharedKafka()
  const worker = await startWorker(t, { props: exactlyOnceProps(bootstrap) })
  const [name, topic] = [uniqueName('counting'), uniqueName('numbers')]
  await worker.rest.put(name, {
    'connector.class': countingClass,
    'tasks.max': '1',
    'transaction.boundary': 'connector',
    topic,
    'limit': String(NUMBERS),
  })
  const [committed, all] = [
    await followTopic(bootstrap, topic),
    await followTopic(bootstrap, topic, 'read_uncommitted'),
  ]
  t.after(() => Promise.all([committed.close(), all.close()]))
  await all.untilComplete(NUMBERS)
  await committed.untilComplete(NUMBERS / 2)

  const expected = numbers(0, NUMBERS).filter((_, index) => Math.floor(index / BATCH) % 2 === 0)
  assert.deepEqual(committed.values, expected)
  assert.deepEqual(all.values, numbers(0, NUMBERS))
  const { body } = await worker.rest.get<{ offsets: unknown }>(`/connectors/${name}/offsets`)
  assert.deepEqual(body.offsets, [{ partition: { task: '0' }, offset: { last: NUMBERS } }])
})

test('a connector is checked before it is created', async (t) => {
  const worker = await startWorker(t, { props: exactlyOnceProps(await sharedKafka()) })
  const faultsOf = async (config: Record<string, string>) => {
    const all = { name: 'c', ...config }
    const { body } = await worker.rest.request<{
      configs: { value: { name: string; errors: string[] } }[]
    }>('PUT', `/connector-plugins/${config['connector.class'] ?? ''}/config/validate`, all)
    return body.configs.flatMap(({ value }) => value.errors.map((error) => `${value.name}: ${error}`))
  }
  const file = { 'connector.class': 'FileStreamSource', 'topic': 't', 'exactly.once.support': 'required' }

  assert.deepEqual(await faultsOf({ ...file, file: '/tmp/f' }), [])
  assert.deepEqual(await faultsOf(file), [
    'exactly.once.support: The connector does not support exactly-once semantics with the provided configuration.',
  ])
  assert.deepEqual(await faultsOf({ ...file, 'file': '/tmp/f', 'transaction.boundary': 'connector' }), [
    'transaction.boundary: The connector does not support connector-defined transaction boundaries with the given configuration. Please reconfigure it to use a different transaction boundary definition.',
  ])
})
