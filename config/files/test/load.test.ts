import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { messageOf } from '../../../api/index.ts'
import { distributedWorkerConfig, standaloneWorkerConfig } from '../../worker/index.ts'
import { loadWorkerProperties } from '../load.ts'

const good = [
  'bootstrap.servers=127.0.0.1:9092',
  'group.id=g',
  'config.storage.topic=c',
  'offset.storage.topic=o',
  'status.storage.topic=s',
  'key.converter=org.apache.kafka.connect.storage.StringConverter',
  'value.converter=org.apache.kafka.connect.storage.StringConverter',
]

const variableOf = (key: string): string => `CONNECT_${key.toUpperCase().replaceAll('.', '_')}`
const clientSettings = {
  names: ['retry.backoff.ms', 'send.buffer.bytes', 'sasl.jaas.config'],
  reasonWithoutEffect: (key: string) => (key === 'send.buffer.bytes' ? 'it is not needed' : undefined),
}
const unchanged = async (props: Record<string, string>) => props

async function load(
  t: TestContext,
  lines: readonly string[],
  overrides = {},
  def = distributedWorkerConfig,
  environment: Readonly<Record<string, string>> = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'headrace-'))
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'w.properties')
  await writeFile(path, lines.join('\n'))
  return loadWorkerProperties(path, { overrides, environment, def, clientSettings, resolve: unchanged })
}

async function faults(t: TestContext, lines: readonly string[], overrides = {}): Promise<string[]> {
  const error: unknown = await load(t, lines, overrides).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  return messageOf(error).split('\n').slice(1)
}

test('a property file of the Java worker loads without warnings', async (t) => {
  const { props, warnings } = await load(t, [
    ...good,
    'key.converter.schemas.enable=true',
    'topic.creation.enable=TRUE',
    'offset.flush.interval.ms=10000',
    'producer.compression.type=lz4',
  ])
  assert.deepEqual(warnings, [])
  assert.equal(props['group.id'], 'g')
})

test('each error names the file, line, key, value and what was expected', async (t) => {
  const lines = [...good, 'offset.flush.interval.ms=ten', 'topic.tracking.enable=yes', 'connect.protocol=new']
  assert.deepEqual(await faults(t, lines), [
    "  w.properties:8: offset.flush.interval.ms: found 'ten', expected a whole number",
    "  w.properties:9: topic.tracking.enable: found 'yes', expected true or false",
    "  w.properties:10: connect.protocol: found 'new', expected one of eager, compatible, sessioned",
  ])
})

test('a misspelt required key is reported with the missing one', async (t) => {
  const lines = good.map((line) => line.replace('group.id', 'gruop.id'))
  assert.deepEqual(await faults(t, lines), [
    '  w.properties: group.id: required, but not set',
    '  w.properties:2: gruop.id: no such setting; did you mean group.id?',
  ])
})

test('an override takes precedence over the file, and an invalid one is reported as an override', async (t) => {
  const { props } = await load(t, good, { 'group.id': 'other' })
  assert.equal(props['group.id'], 'other')
  assert.deepEqual(await faults(t, good, { 'session.timeout.ms': 'x' }), [
    "  --override session.timeout.ms: found 'x', expected a whole number",
  ])
})

test('the environment overrides the file, an override both, and an error names the variable', async (t) => {
  const environment = { CONNECT_GROUP_ID: 'from-environment', CONNECT_SESSION_TIMEOUT_MS: 'x' }
  const overrides = { 'session.timeout.ms': '10000' }
  const { props } = await load(t, good, overrides, distributedWorkerConfig, environment)
  assert.equal(props['group.id'], 'from-environment')
  assert.equal(props['session.timeout.ms'], '10000')
  await assert.rejects(load(t, good, {}, distributedWorkerConfig, environment), {
    message: /\n {2}CONNECT_SESSION_TIMEOUT_MS: session\.timeout\.ms: found 'x', expected a whole number$/,
  })
})

test('without a file, settings come from the environment, and a missing one has no source', async () => {
  const variables = good.map((line) => line.split('=')).map(([key = '', value]) => [variableOf(key), value])
  const environment = Object.fromEntries(variables) as Record<string, string>
  const options = { overrides: {}, def: distributedWorkerConfig, resolve: unchanged }
  const { props, warnings } = await loadWorkerProperties(undefined, { ...options, environment })
  assert.equal(props['status.storage.topic'], 's')
  assert.deepEqual(warnings, [])
  const { CONNECT_GROUP_ID: _, ...incomplete } = environment
  await assert.rejects(loadWorkerProperties(undefined, { ...options, environment: incomplete }), {
    message: /\n {2}group\.id: required, but not set$/,
  })
})

test('settings without effect cause warnings with the reason', async (t) => {
  const { warnings } = await load(t, [...good, 'offset.flush.intervall.ms=1', 'send.buffer.bytes=1'])
  assert.deepEqual(warnings, [
    'w.properties:8: offset.flush.intervall.ms: no such setting; did you mean offset.flush.interval.ms?',
    'w.properties:9: send.buffer.bytes: no effect: it is not needed',
  ])
})

test('the settings of clients are known, and suggested for misspelt ones', async (t) => {
  const { warnings } = await load(t, [
    ...good,
    'retry.backoff.ms=1',
    'retry.backof.ms=1',
    'sasl.jaas.confg=1',
  ])
  assert.deepEqual(warnings, [
    'w.properties:9: retry.backof.ms: no such setting; did you mean retry.backoff.ms?',
  ])
})

test('a standalone worker warns about settings of distributed workers', async (t) => {
  const lines = [...good, 'offset.storage.file.filename=/tmp/offsets']
  const { warnings } = await load(
    t,
    lines,
    {},
    standaloneWorkerConfig as unknown as typeof distributedWorkerConfig,
  )
  assert.deepEqual(warnings, ['w.properties:2: group.id: no effect: applies to distributed workers only'])
})

test('an unresolved variable is rejected with its name, the setting and the reason', async (t) => {
  const lines = [
    ...good.slice(1),
    'bootstrap.servers=${env:BROKERS}',
    'config.providers=env',
    'client.id=${file:/etc/ids:worker}',
  ]
  assert.deepEqual(await faults(t, lines), [
    '  w.properties:7: bootstrap.servers: found ${env:BROKERS}, but the config provider env has no value for it',
    '  w.properties:9: client.id: found ${file:/etc/ids:worker}, but there is no config provider file; name it in config.providers, and its class in config.providers.file.class',
  ])
})

test('an advertised port with which no URL is valid is an error', async (t) => {
  assert.deepEqual(await faults(t, [...good, 'rest.advertised.port=65536']), [
    "  w.properties:8: rest.advertised.port: found '65536', expected at most 65535",
  ])
  assert.deepEqual(await faults(t, [...good, 'rest.advertised.port=-1']), [
    "  w.properties:8: rest.advertised.port: found '-1', expected at least 0",
  ])
  await load(t, [...good, 'rest.advertised.port=65535'])
})

for (const [order, mark] of [
  ['little-endian', [0xff, 0xfe]],
  ['little-endian', []],
  ['big-endian', [0xfe, 0xff]],
  ['big-endian', []],
] as const) {
  const written = mark.length > 0 ? 'with a byte order mark' : 'without a byte order mark'
  test(`a property file in UTF-16, ${order}, ${written}, is rejected with its encoding`, async (t) => {
    const bytes = Buffer.from(good.join('\n'), 'utf16le')
    if (order === 'big-endian') bytes.swap16()
    const folder = await mkdtemp(join(tmpdir(), 'headrace-'))
    t.after(() => rm(folder, { recursive: true }))
    const path = join(folder, 'w.properties')
    await writeFile(path, Buffer.concat([Buffer.from(mark), bytes]))
    await assert.rejects(
      loadWorkerProperties(path, { overrides: {}, def: distributedWorkerConfig, resolve: unchanged }),
      {
        code: 'HR_CONFIG_INVALID',
        message: `cannot read ${path}: the text is encoded as UTF-16, expected UTF-8 or ISO-8859-1`,
      },
    )
  })
}
