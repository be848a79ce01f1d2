import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { projectFolder } from '../services/project.ts'
import {
  distributedProps,
  launchWorker,
  sharedKafka,
  uniqueName,
  waitFor,
  workFolder,
} from '../services/index.ts'
import { runScenario, scenarios, type CountersOf, type Outcome } from './bad-records.ts'
import { readRecords, topicSize, writeRecords } from '../topics/records.ts'

const worker = await launchWorker({ props: distributedProps(await sharedKafka()) })
after(() => worker.stop())

const SINK = 'org.apache.kafka.connect.file.FileStreamSinkConnector'
const SOURCE = 'org.apache.kafka.connect.file.FileStreamSourceConnector'

/** The results of the worker of Apache Kafka 4.3.1, with the first lines of stack traces. */
const expectedFile = join(projectFolder, 'integration-tests/errors/expected.json')
const expected = JSON.parse(await readFile(expectedFile, 'utf8')) as Record<string, Outcome>

type Progress = Record<string, { readonly tasks: readonly { readonly errors: Record<string, number> }[] }>

/** Tasks report their counters once per second. */
const countersOf: CountersOf = (name, failures) =>
  waitFor(
    async () => {
      const { body } = await worker.rest.get<Progress>('/headrace/connectors')
      const { last_error_timestamp: last = 0, ...counters } = body[name]?.tasks[0]?.errors ?? {}
      return last > 0 && counters['total_record_failures'] === failures ? counters : undefined
    },
    { timeoutMs: 30_000, what: `${failures} failures of ${name} to be counted` },
  )

for (const scenario of scenarios) {
  test(`dead letters are the same as those of the Java worker: ${scenario.name}`, async () => {
    const outcome = JSON.parse(
      JSON.stringify(await runScenario(worker.rest, scenario, countersOf)),
    ) as Outcome
    assert.deepEqual(outcome, expected[scenario.name])
  })
}

test('the trace of a task that fails on a record names the record and the cause', async () => {
  const name = uniqueName('fatal')
  await writeRecords(name, [
    { key: null, value: '{"a":1}', timestamp: Date.now(), headers: [] },
    { key: null, value: 'not json', timestamp: Date.now(), headers: [] },
  ])
  await worker.rest.put(name, {
    'connector.class': SINK,
    'topics': name,
    'file': join(workFolder('sink'), 'out'),
    'value.converter': 'org.apache.kafka.connect.json.JsonConverter',
    'value.converter.schemas.enable': 'false',
  })
  const [first, second, third] = (await worker.rest.untilTaskFailed(name)).split('\n')
  assert.equal(first, 'org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler')
  const plugin = 'org.apache.kafka.connect.json.JsonConverter'
  assert.equal(second, `\tat stage VALUE_CONVERTER, class ${plugin}, topic ${name}, partition 0, offset 1`)
  assert.match(third ?? '', /^Caused by: org\.apache\.kafka\.connect\.errors\.DataException: Converting byte/)
  await worker.rest.delete(name)
})

test('a dead-letter queue that cannot be created fails the task', async () => {
  const name = uniqueName('replicas')
  await writeRecords(name, [{ key: null, value: 'x', timestamp: Date.now(), headers: [] }])
  await worker.rest.put(name, {
    'connector.class': SINK,
    'topics': name,
    'file': join(workFolder('sink'), 'out'),
    'errors.deadletterqueue.topic.name': `${name}-dlq`,
    'errors.deadletterqueue.topic.replication.factor': '99',
  })
  const trace = await worker.rest.untilTaskFailed(name)
  const message = `Could not initialize dead letter queue with topic=${name}-dlq`
  assert.equal(trace.split('\n')[0], `org.apache.kafka.connect.errors.ConnectException: ${message}`)
  await worker.rest.delete(name)
})

test('the dead-letter queue of a source receives records as they were polled', async () => {
  const name = uniqueName('source')
  const file = join(workFolder('source'), 'in')
  await writeFile(file, 'one\ntwo\n')
  const config = {
    'connector.class': SOURCE,
    file,
    'topic': name,
    'transforms': 'stamp',
    'transforms.stamp.type': 'org.apache.kafka.connect.transforms.InsertField$Value',
    'transforms.stamp.static.field': 'via',
    'transforms.stamp.static.value': 'test',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': `${name}-dlq`,
    'errors.deadletterqueue.topic.replication.factor': '1',
    'errors.deadletterqueue.context.headers.enable': 'true',
  }
  await worker.rest.put(name, config)
  const letters = await readRecords(`${name}-dlq`, 2)
  assert.deepEqual(
    letters.map(({ value }) => value),
    ['one', 'two'],
  )
  assert.deepEqual(await topicSize(`${name}-dlq`), { partitions: 1 })
  const headers = new Map(letters[0]?.headers)
  assert.equal(headers.get('__connect.errors.topic'), name)
  assert.equal(headers.get('__connect.errors.source.partition'), JSON.stringify({ filename: file }))
  assert.equal(headers.get('__connect.errors.source.offset'), '{"position":4}')
  assert.equal(headers.get('__connect.errors.stage'), 'TRANSFORMATION')
  await worker.rest.delete(name)
})

test('validation returns settings that Kafka Connect does not have only if they were submitted', async () => {
  const plain = { 'name': 'any', 'connector.class': SOURCE, 'topic': 't' }
  const path = '/connector-plugins/FileStreamSource/config/validate'
  const names = async (config: Record<string, string>) => {
    const { body } = await worker.rest.request<{ configs: { definition: { name: string } }[] }>(
      'PUT',
      path,
      config,
    )
    return body.configs.map(({ definition }) => definition.name)
  }
  const queue = 'errors.deadletterqueue.topic.name'
  assert.ok(
    !(await names(plain)).some((name) => name.includes('deadletterqueue') || name.startsWith('task.')),
  )
  assert.ok((await names({ ...plain, [queue]: 'dlq' })).includes(queue))
})
