import assert from 'node:assert/strict'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { distributedProps, launchWorker, sharedKafka, uniqueName, workFolder } from '../services/index.ts'
import { readRecords, writeRecords } from '../topics/records.ts'

/** A sink that reports each record with `bad` in its value, even a copy, and a transform that never returns. */
const plugin = `
const taskConfigs = () => [{}]
export default {
  connectors: [{
    kind: 'sink', name: 'test.PickySink', version: '1', taskClass: 'test.PickyTask', config: {},
    start: () => ({ taskConfigs }),
    openTask: (_config, { errantRecords, props }) => ({
      put(records) {
        for (const record of records) {
          const text = JSON.stringify(record.value)
          if (text.includes('anew')) {
            const { topic, partition, offset, timestampType } = record
            const made = { topic, partition, offset, timestampType, keySchema: null, key: null, valueSchema: null,
              value: { made: 1 }, timestamp: 7, headers: [], originalTopic: topic, originalPartition: partition,
              originalOffset: offset }
            errantRecords.report(made, new Error('made anew'))
          } else if (text.includes('bad')) {
            errantRecords.report(record, new Error('bad record'))
          }
        }
      },
    }),
  }],
  transforms: [{
    kind: 'transformation', name: 'test.Endless', version: '1', config: {},
    create: () => ({ apply() { for (;;) {} } }),
  }],
}
`

const folder = workFolder('plugins')
await mkdir(join(folder, 'picky'))
await writeFile(
  join(folder, 'picky', 'package.json'),
  JSON.stringify({ name: 'picky', version: '1.0.0', type: 'module', headrace: './plugin.js' }),
)
await writeFile(join(folder, 'picky', 'plugin.js'), plugin)
const worker = await launchWorker({
  props: { ...distributedProps(await sharedKafka()), 'plugin.path': folder },
})
after(() => worker.stop())

/** Recent timestamps, because an existing broker may delete old records. */
const START = Date.now()
const records = ['{"n": 0}', '{"n":"bad",  "exact": 1.50}', '{"n":"anew"}', '{"n":3}'].map(
  (value, index) => ({ key: `k${index}`, value, timestamp: START + index, headers: [['h', 'x'] as const] }),
)

function configOf(topic: string, queue: string, tolerance: string) {
  return {
    'connector.class': 'test.PickySink',
    'topics': topic,
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
    'transforms': 'wrap,route',
    'transforms.wrap.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
    'transforms.wrap.field': 'wrapped',
    'transforms.route.type': 'org.apache.kafka.connect.transforms.RegexRouter',
    'transforms.route.regex': '.*',
    'transforms.route.replacement': 'elsewhere',
    'errors.tolerance': tolerance,
    'errors.deadletterqueue.topic.name': queue,
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
  }
}

test('a record that a sink reports is written to the queue with its original bytes', async () => {
  const topic = uniqueName('errant')
  await writeRecords(topic, records)
  await worker.rest.put(topic, configOf(topic, `${topic}-dlq`, 'all'))
  const [reported, anew] = await readRecords(`${topic}-dlq`, 2)

  const { key, value, timestamp } = reported ?? {}
  assert.deepEqual([key, value, timestamp], ['k1', records[1]?.value, START + 1])
  const headers = new Map(reported?.headers)
  const context = ['topic', 'partition', 'offset', 'stage', 'class.name', 'exception.message']
  assert.deepEqual(
    context.map((name) => headers.get(`__connect.errors.${name}`)),
    [topic, '0', '1', 'TASK_PUT', 'org.apache.kafka.connect.sink.SinkTask', 'bad record'],
  )
  assert.equal(headers.get('h'), 'x')

  assert.deepEqual([anew?.key, anew?.value, anew?.timestamp], [null, '{"made":1}', 7])
  await worker.rest.delete(topic)
})

test('without tolerance a report fails the task, even if the task ignores the error', async () => {
  const topic = uniqueName('errant')
  await writeRecords(topic, records)
  await worker.rest.put(topic, configOf(topic, `${topic}-dlq`, 'none'))
  const lines = (await worker.rest.untilTaskFailed(topic)).split('\n')
  const ConnectException = 'org.apache.kafka.connect.errors.ConnectException'
  assert.deepEqual(lines.slice(0, 4), [
    `${ConnectException}: Exiting WorkerSinkTask due to unrecoverable exception.`,
    `Caused by: ${ConnectException}: Tolerance exceeded in error handler`,
    `\tat stage TASK_PUT, class org.apache.kafka.connect.sink.SinkTask, topic ${topic}, partition 0, offset 1`,
    'Caused by: Error: bad record',
  ])
  const { body } = await worker.rest.get<{ offsets: unknown[] }>(`/connectors/${topic}/offsets`)
  assert.deepEqual(body.offsets, [])
  await worker.rest.delete(topic)
})

test('the process of a preview that never ends is killed, and the worker continues', async () => {
  const config = {
    'connector.class': 'test.PickySink',
    'topics': 'unused',
    'transforms': 'loop',
    'transforms.loop.type': 'test.Endless',
  }
  const { status, body } = await worker.rest.request<{ message: string }>('POST', '/headrace/preview', {
    config,
    records: [{ value: 'x' }],
    timeout_ms: 100,
  })
  assert.equal(status, 500)
  assert.equal(body.message, 'The preview took longer than 100 ms')
  assert.equal((await worker.rest.get('/connectors')).status, 200)
})
