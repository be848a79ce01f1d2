import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { distributedProps, launchWorker, sharedKafka, uniqueName, workFolder } from '../services/index.ts'
import { commandLine } from '../services/project.ts'
import { writeRecords } from '../topics/records.ts'

const worker = await launchWorker({ props: distributedProps(await sharedKafka()) })
after(() => worker.stop())
const folder = workFolder('preview')

interface Step {
  readonly step: string
  readonly outcome: string
  readonly record?: { readonly offset?: number; readonly value: unknown; readonly value_schema: unknown }
  readonly error?: { readonly stage: string; readonly message: string }
}

interface Preview {
  readonly type: string
  readonly truncated: boolean
  readonly records: readonly { readonly outcome: string; readonly steps: readonly Step[] }[]
}

const preview = (body: unknown) => worker.rest.request<Preview>('POST', '/headrace/preview', body)

const PACKAGE = 'org.apache.kafka.connect'

const sinkConfig = (topic: string, expression: string) => ({
  'connector.class': `${PACKAGE}.file.FileStreamSinkConnector`,
  'topics': topic,
  'file': join(folder, 'never-written'),
  'value.converter': `${PACKAGE}.json.JsonConverter`,
  'value.converter.schemas.enable': false,
  'transforms': 'change,wrap',
  'transforms.change.type': 'headrace.transforms.Expression',
  'transforms.change.expression': expression,
  'transforms.wrap.type': `${PACKAGE}.transforms.HoistField$Value`,
  'transforms.wrap.field': 'f',
})

const topic = uniqueName('preview')
await writeRecords(
  topic,
  ['{"n":1,"id":9007199254740993}', 'not json', '{"n":2}', '{"n":3}'].map((value) => ({
    key: null,
    value,
    timestamp: Date.now(),
    headers: [],
  })),
)
const counting = sinkConfig(topic, 'value.n = 2 ? null : {"value": {"n": value.n + 1, "id": value.id}}')

test('a preview shows the next records of a sink after each step and commits nothing', async () => {
  const { status, body } = await preview({ config: counting, count: 3 })
  assert.equal(status, 200)
  assert.deepEqual(
    body.records.map(({ outcome, steps }) => [outcome, ...steps.map(({ step }) => step)]),
    [
      ['delivered', 'consumed', 'converters', 'transforms.change', 'transforms.wrap'],
      ['failed', 'consumed', 'converters'],
      ['dropped', 'consumed', 'converters', 'transforms.change'],
    ],
  )
  const [first, second] = body.records
  assert.deepEqual(
    first?.steps.map(({ record }) => record?.value),
    [
      '{"n":1,"id":9007199254740993}',
      { n: 1, id: '9007199254740993' },
      { n: 2, id: '9007199254740993' },
      { f: { n: 2, id: '9007199254740993' } },
    ],
  )
  assert.equal(second?.steps[1]?.error?.stage, 'VALUE_CONVERTER')
  const again = await preview({ config: counting, count: 1 })
  assert.equal(again.body.records[0]?.steps[0]?.record?.offset, 0)
})

test('a preview accepts samples; those of a source are values, optionally with a schema', async () => {
  const sink = await preview({
    config: counting,
    records: [{ value: { n: 5 } }, { value_base64: 'eyJuIjo2fQ==' }],
  })
  assert.deepEqual(
    sink.body.records.map(({ steps }) => steps.at(-1)?.record?.value),
    [{ f: { n: 6 } }, { f: { n: 7 } }],
  )
  const schema = { type: 'struct', fields: [{ field: 'id', type: 'int32' }] }
  const source = await preview({
    config: {
      'connector.class': `${PACKAGE}.file.FileStreamSourceConnector`,
      'topic': 'unused',
      'value.converter': `${PACKAGE}.json.JsonConverter`,
      'value.converter.schemas.enable': 'false',
    },
    records: [{ topic: 't', value: { id: 1 }, value_schema: schema }],
  })
  const [polled, converted] = source.body.records[0]?.steps ?? []
  assert.deepEqual(polled?.record?.value_schema, {
    type: 'struct',
    optional: false,
    fields: [{ field: 'id', type: 'int32', optional: false }],
  })
  assert.equal(converted?.record?.value, '{"id":1}')
})

test('a preview polls the next records of a source and keeps its offsets', async () => {
  const file = join(folder, 'lines')
  await writeFile(file, 'one\ntwo\nthree\n')
  const config = {
    'connector.class': `${PACKAGE}.file.FileStreamSourceConnector`,
    file,
    'topic': uniqueName('unused'),
  }
  for (let times = 0; times < 2; times++) {
    const { body } = await preview({ config, count: 2 })
    assert.deepEqual(
      body.records.map(({ steps }) => steps[0]?.record?.value),
      ['one', 'two'],
    )
  }
})

test('the error for a missing topic or file names it', async () => {
  const refused = async (config: unknown) => {
    const { status, body } = await preview({ config, timeout_ms: 500 })
    assert.equal(status, 400)
    return (body as unknown as { message: string }).message
  }
  const absent = uniqueName('absent')
  assert.equal(await refused(sinkConfig(absent, '{}')), `topics: Kafka has no topic ${absent}`)
  const { topics: _topics, ...sink } = sinkConfig(absent, '{}')
  assert.equal(
    await refused({ ...sink, 'topics.regex': `${absent}.*` }),
    `topics.regex: Kafka has no topic that matches ${absent}.*`,
  )
  const file = join(folder, 'absent')
  const source = { 'connector.class': `${PACKAGE}.file.FileStreamSourceConnector`, file, 'topic': absent }
  assert.match(await refused(source), /^The source returned no records: .*absent/)
})

test('a request for no records is rejected', async () => {
  const { status, body } = await preview({ config: counting, count: 0 })
  assert.equal(status, 400)
  assert.match((body as unknown as { message: string }).message, /"count": must be >= 1/)
})

test('a sample of a source gets the topic of the settings', async () => {
  const config = {
    'connector.class': `${PACKAGE}.file.FileStreamSourceConnector`,
    'topic': 'lines.raw',
    'transforms': 'route',
    'transforms.route.type': `${PACKAGE}.transforms.RegexRouter`,
    'transforms.route.regex': '(.*)\\.raw',
    'transforms.route.replacement': '$1.new',
  }
  const { body } = await preview({ config, records: [{ value: 'x' }] })
  const topics = body.records[0]?.steps.map(({ record }) => (record as { topic?: string } | undefined)?.topic)
  assert.deepEqual(topics, ['lines.raw', 'lines.new', 'lines.new'])
})

test('an expression that exceeds its timeout is an error of its step', async () => {
  const endless = sinkConfig(topic, '($f := function(){$f()}; $f())')
  const { body } = await preview({ config: { ...endless, 'transforms.change.timeout.ms': 50 }, count: 1 })
  const last = body.records[0]?.steps.at(-1)
  assert.equal(last?.outcome, 'failed')
  assert.match(last.error?.message ?? '', /Evaluation timeout after 50 milliseconds/)
})

test('invalid settings are rejected, and an invalid expression is reported for its key', async () => {
  const faulty = sinkConfig(topic, '{"value": }')
  const { status } = await preview({ config: faulty })
  assert.equal(status, 400)
  const { body } = await worker.rest.request<{
    configs: { value: { name: string; errors: string[] } }[]
  }>('PUT', '/connector-plugins/FileStreamSink/config/validate', { name: 'x', ...faulty })
  const wrong = body.configs.filter(({ value }) => value.errors.length > 0)
  assert.deepEqual(
    wrong.map(({ value }) => value.name),
    ['transforms.change.expression'],
  )
  assert.match(wrong[0]?.value.errors[0] ?? '', /at character 11$/)
})

test('the command shows the changes of each step, and exits with 2 if a record fails', async () => {
  const file = join(folder, 'sink.json')
  const samples = join(folder, 'samples.json')
  await writeFile(file, JSON.stringify({ name: 'shown', config: counting }))
  await writeFile(samples, '[{"value": {"n": 1}}, {"value": "{"}]')
  const args = [commandLine, 'preview', file, '--records', samples, '--url', worker.rest.url]
  const run = promisify(execFile)(process.execPath, args)
  const { code, stdout } = (await run.catch((error: unknown) => error)) as { code: number; stdout: string }
  assert.equal(code, 2)
  assert.deepEqual(stdout.split('\n').slice(0, 13), [
    'record 1: delivered',
    '  consumed',
    `    topic     ${topic}, partition 0, offset 0`,
    '    timestamp none',
    '    key       null',
    '    value     "{\\"n\\":1}"  bytes utf8',
    '  converters',
    '    key       null  string?',
    '    value     {"n":1}',
    '  transforms.change  headrace.transforms.Expression',
    '    value     {"n":2}',
    '  transforms.wrap  org.apache.kafka.connect.transforms.HoistField$Value',
    '    value     {"f":{"n":2}}',
  ])
  assert.match(stdout, /record 2: failed\n[^]*\n {4}VALUE_CONVERTER: Converting byte\[\]/)
})
