import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import {
  createTopic,
  distributedProps,
  projectFolder,
  sharedKafka,
  spawnWorker,
  startChild,
  waitFor,
  workFolder,
  type Child,
} from '../services/index.ts'

const kafka = await sharedKafka()
const WAIT_MS = 20_000
/** Longer than these starts take, and shorter than the minute after which a start gives up by itself. */
const PATIENCE_MS = 30_000

const standaloneProps = (folder: string) => ({
  'bootstrap.servers': kafka,
  'key.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'value.converter': 'org.apache.kafka.connect.storage.StringConverter',
  'offset.storage.file.filename': join(folder, 'offsets'),
})

const noLoginFile = {
  'rest.extension.classes':
    'org.apache.kafka.connect.rest.basic.auth.extension.BasicAuthSecurityRestExtension',
  'rest.login.config': '/no/file',
}

const untilLogged = (child: Child, text: RegExp) =>
  waitFor(() => (text.test(child.log()) ? true : undefined), {
    timeoutMs: WAIT_MS,
    what: () => `a line that matches ${text} in\n${child.log()}`,
  })

async function endsWithCode2(child: Child, reason: RegExp): Promise<void> {
  const startedAt = performance.now()
  const ending = await child.ended
  assert.deepEqual(ending, { code: 2, signal: null })
  assert.match(child.log(), reason)
  assert.ok(performance.now() - startedAt < PATIENCE_MS)
}

async function serverOfHttp(t: TestContext): Promise<number> {
  const server: Server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  return (server.address() as AddressInfo).port
}

test('a replication factor above the number of brokers causes a warning at once, then an error that names the setting', async () => {
  const { child } = spawnWorker({ props: distributedProps(kafka, { replicas: 3 }) })
  await untilLogged(
    child,
    /"level":"WARN".*replication factor of 3 cannot be reached .*only 1 broker.*; retrying/,
  )
  await endsWithCode2(
    child,
    /headrace: .*Set \w+\.storage\.replication\.factor to the number of brokers or less/,
  )
})

for (const store of ['config', 'status']) {
  test(`the worker does not start with a ${store} topic that is not compacted`, async () => {
    const props = distributedProps(kafka)
    await createTopic(kafka, props[`${store}.storage.topic`] ?? '', { 'cleanup.policy': 'delete' })
    const { child } = spawnWorker({ props })
    await endsWithCode2(child, /headrace: .*cleanup\.policy=delete/)
  })
}

test('the worker does not start if the JAAS file is missing', async () => {
  const { child } = spawnWorker({
    props: { ...distributedProps(kafka), ...noLoginFile },
  })
  await endsWithCode2(child, /headrace: .*\/no\/file/)
})

test('the worker does not start if its port is in use', async (t) => {
  const port = await serverOfHttp(t)
  const { child } = spawnWorker({
    props: { ...distributedProps(kafka), listeners: `http://127.0.0.1:${port}` },
  })
  await endsWithCode2(child, new RegExp(`headrace: Unable to bind to 127\\.0\\.0\\.1:${port}`))
})

test('a standalone worker does not start if its offset file cannot be read', async () => {
  const folder = workFolder('offsets')
  mkdirSync(join(folder, 'offsets'))
  const { child } = spawnWorker({ props: standaloneProps(folder), connectorFiles: [] })
  await endsWithCode2(child, /headrace: .*offsets.*EISDIR/)
})

for (const [what, servers, reason] of [
  [
    'a port where nothing listens',
    async () => '127.0.0.1:1',
    /cannot reach Kafka at 127\.0\.0\.1:1: connection refused; retrying/,
  ],
  [
    'an unknown host',
    async () => 'no-such-host.invalid:9092',
    /cannot reach Kafka at no-such-host\.invalid:9092: .*; retrying/,
  ],
  [
    'a port that is not Kafka',
    async (t: TestContext) => `127.0.0.1:${await serverOfHttp(t)}`,
    /cannot reach Kafka at 127\.0\.0\.1:\d+: .*; retrying/,
  ],
] as const) {
  test(`bootstrap.servers with ${what} is reported at once, and the worker can be stopped`, async (t) => {
    const { child } = spawnWorker({ props: distributedProps(await servers(t)) })
    await untilLogged(child, reason)
    child.signal('SIGTERM')
    assert.deepEqual(await child.ended, { code: 0, signal: null })
  })
}

test('a port of Kafka without TLS is reported as such to a worker that expects TLS', async () => {
  const { child } = spawnWorker({ props: { ...distributedProps(kafka), 'security.protocol': 'SSL' } })
  await untilLogged(child, /cannot reach Kafka at [\w.:]+: .*; .*check security\.protocol, .*TLS; retrying/)
  child.signal('SIGTERM')
  assert.deepEqual(await child.ended, { code: 0, signal: null })
})

test('a worker that waits for more brokers can be stopped', async () => {
  const { child } = spawnWorker({ props: distributedProps(kafka, { replicas: 3 }) })
  await untilLogged(child, /replication factor of 3 cannot be reached/)
  child.signal('SIGTERM')
  assert.deepEqual(await child.ended, { code: 0, signal: null })
})

test('startWorker rejects with the same error, and does not keep the program alive', async () => {
  const props = { ...distributedProps(kafka), ...noLoginFile, listeners: 'http://127.0.0.1:0' }
  const program = `
    import { startWorker } from ${JSON.stringify(join(projectFolder, 'dist/cli/worker/index.js'))}
    try {
      await startWorker('distributed', { props: ${JSON.stringify(props)}, warnings: [] })
    } catch (error) {
      console.log('rejected: ' + error.message)
    }
  `
  const folder = workFolder('program')
  const file = join(folder, 'program.mjs')
  writeFileSync(file, program)
  const child = startChild({ command: process.execPath, args: [file], logFile: join(folder, 'log') })
  assert.deepEqual(await child.ended, { code: 0, signal: null })
  assert.match(child.log(), /rejected: .*\/no\/file/)
})
