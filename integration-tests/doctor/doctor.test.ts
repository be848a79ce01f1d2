import assert from 'node:assert/strict'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { headrace } from '../cli/command-line.ts'
import {
  distributedProps,
  launchWorker,
  projectFolder,
  sharedKafka,
  uniqueName,
  workFolder,
} from '../services/index.ts'

const packages = ['doctor', 'faults'].map((name) =>
  join(projectFolder, 'integration-tests', name, 'packages'),
)
const worker = await launchWorker({
  props: {
    ...distributedProps(await sharedKafka()),
    'plugin.path': packages.join(),
    'task.process.stall.timeout.ms': '4000',
  },
})
after(() => worker.stop())
const folder = workFolder('doctor')

interface Diagnosis {
  readonly name: string | null
  readonly worker_id: string
  readonly message?: string
  readonly findings: readonly {
    readonly id: string
    readonly severity: string
    readonly message: string
    readonly remedy: string | null
  }[]
}

const diagnose = (body: unknown) => worker.rest.request<Diagnosis>('PUT', '/headrace/doctor', body)
const idsOf = ({ findings }: Diagnosis) => findings.map(({ id, severity }) => `${id} ${severity}`)

test('the diagnosis of a sink reports a missing topic, a missing folder, and invalid settings', async () => {
  const topic = uniqueName('missing')
  const file = join(folder, 'no', 'lines')
  const sink = { 'name': 'sink', 'connector.class': 'FileStreamSink', 'topics': topic, file }
  const { status, body } = await diagnose(sink)
  assert.equal(status, 200)
  assert.deepEqual([body.name, idsOf(body)], ['sink', ['topic-missing warning', 'folder-missing error']])
  assert.ok(body.findings.every(({ remedy }) => remedy !== null))
  const pattern = await diagnose({
    ...sink,
    'topics': undefined,
    'topics.regex': `${topic}.*`,
    'file': `${folder}/x`,
  })
  assert.deepEqual(idsOf(pattern.body), ['topic-missing warning'])
  const invalid = await diagnose({ ...sink, 'tasks.max': 0 })
  assert.deepEqual(idsOf(invalid.body), ['config error'])
  const { body: topics } = await worker.rest.request<Diagnosis>('PUT', '/headrace/doctor', sink)
  assert.ok(idsOf(topics).includes('topic-missing warning'), 'the diagnosis must not create the topic')
})

test('an unreachable broker is reported in addition to the findings of the connector', async () => {
  const { body } = await diagnose({
    'name': 'far',
    'connector.class': 'FileStreamSource',
    'topic': 't',
    'file': folder,
    'producer.override.bootstrap.servers': '127.0.0.1:9',
  })
  assert.deepEqual(idsOf(body), ['kafka-unreachable error', 'file-is-directory error'])
})

test('a broker that does not respond is reported in addition to the findings of the connector', async (t) => {
  const sockets = new Set<Socket>()
  const silent = createServer((socket) => void sockets.add(socket.on('error', () => {})))
  await once(silent.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    silent.close()
  })
  const { body } = await diagnose({
    'name': 'frozen',
    'connector.class': 'FileStreamSource',
    'topic': 't',
    'file': folder,
    'producer.override.bootstrap.servers': `127.0.0.1:${(silent.address() as AddressInfo).port}`,
  })
  assert.deepEqual(idsOf(body), ['kafka-unreachable error', 'file-is-directory error'])
})

test('names of topics and connectors that cannot be used are reported', async () => {
  const sink = { 'name': 'a/b', 'connector.class': 'FileStreamSink', 'file': join(folder, 'x') }
  const bad = { 'topics': 'a b,ü', 'errors.deadletterqueue.topic.name': 'bad name' }
  const { body } = await diagnose({ ...sink, ...bad })
  assert.deepEqual(idsOf(body), [
    'connector-name error',
    'topic-name error',
    'topic-name error',
    'topic-name error',
  ])
  const source = { 'name': 'a', 'connector.class': 'FileStreamSource', 'topic': '.' }
  assert.deepEqual(idsOf((await diagnose(source)).body), ['topic-name error'])
})

test('a connector is diagnosed with its settings while it runs; passwords are hidden', async () => {
  const name = uniqueName('tidy')
  const notes = join(folder, name)
  await worker.rest.put(name, {
    'connector.class': 'headrace.tests.TidySourceConnector',
    notes,
    'password': 's3cr3t',
  })
  await worker.rest.untilState(name, 'RUNNING')
  const { body } = await worker.rest.request<Diagnosis>('GET', `/headrace/connectors/${name}/doctor`)
  assert.deepEqual(body.findings, [
    {
      id: 'looked-around',
      severity: 'info',
      message: `Found ${notes} with the password [hidden]; exists: true.`,
      remedy: null,
    },
  ])
  assert.match(body.worker_id, /:\d+$/)
})

test('an unknown connector returns 404, and a body that is not an object returns 400', async () => {
  const unknown = await worker.rest.request<Diagnosis>('GET', '/headrace/connectors/nobody/doctor')
  assert.deepEqual([unknown.status, unknown.body.message], [404, 'Connector nobody not found'])
  assert.equal((await diagnose([])).status, 400)
})

for (const [fault, reason] of [
  // On a busy machine the diagnosis may time out before its process counts as hanging
  ['spin', /its process ended early$|it did not return within 30 s$/],
  ['exit', /its process ended early$/],
] as const) {
  test(`a diagnosis with the fault '${fault}' is a finding beside those of the worker, and other connectors continue`, async () => {
    const name = uniqueName('tidy')
    await worker.rest.put(name, {
      'connector.class': 'headrace.tests.TidySourceConnector',
      'notes': join(folder, name),
    })
    await worker.rest.untilState(name, 'RUNNING')
    const answer = await diagnose({
      'name': 'guilty',
      'connector.class': 'headrace.tests.FaultySourceConnector',
      fault,
      'where': 'diagnosis',
      'producer.override.bootstrap.servers': '127.0.0.1:9',
    })
    assert.equal(answer.status, 200)
    assert.deepEqual(idsOf(answer.body), ['kafka-unreachable error', 'diagnose-failed error'])
    assert.match(answer.body.findings[1]?.message ?? '', reason)
    await worker.rest.untilState(name, 'RUNNING')
  })
}

test('the command prints findings with remedies, and exits with 1 if there are errors', async () => {
  const env = { HEADRACE_URL: worker.rest.url }
  const name = uniqueName('told')
  const file = join(folder, `${name}.json`)
  const settings = { name, 'connector.class': 'FileStreamSource', 'topic': name, 'file': folder }
  await writeFile(file, JSON.stringify(settings))
  const bad = await headrace(['doctor', file], { env })
  assert.deepEqual(
    [bad.code, bad.stdout.split('\n')],
    [
      1,
      [
        `${name}: 1 error`,
        'errors',
        `  file-is-directory: ${folder} is a directory, expected a file.`,
        '    Name a file in the setting file.',
        '',
      ],
    ],
  )
  const good = await headrace(['doctor', '-'], { env, input: JSON.stringify({ ...settings, file }) })
  assert.deepEqual([good.code, good.stdout], [0, `${name}: no findings\n`])
  const asJson = await headrace(['doctor', file, '--json'], { env })
  const [diagnosis] = JSON.parse(asJson.stdout) as Diagnosis[]
  assert.deepEqual([asJson.code, diagnosis?.name, diagnosis?.findings.length], [1, name, 1])
  const nobody = await headrace(['doctor', 'nobody'], { env })
  assert.equal(nobody.code, 2)
  assert.equal(nobody.stderr, 'headrace: nobody: there is neither a file nor a connector with this name\n')
  const some = await headrace(['doctor', 'nobody', file], { env })
  assert.deepEqual([some.code, some.stdout, some.stderr], [2, bad.stdout, nobody.stderr])
})
