import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import {
  createTopic,
  distributedProps,
  launchWorker,
  searchRequest,
  sharedElasticsearch,
  sharedKafka,
  uniqueName,
} from '../services/index.ts'

const servers = await sharedKafka()
const address = await sharedElasticsearch()
const worker = await launchWorker({ props: distributedProps(servers) })
after(() => worker.stop())

interface Diagnosis {
  readonly findings: readonly {
    readonly id: string
    readonly severity: string
    readonly message: string
    readonly remedy: string | null
  }[]
}

const { login, url } = address
const sink = {
  'connector.class': 'ElasticsearchSink',
  'connection.url': url,
  ...(login === null ? {} : { 'connection.username': login.user, 'connection.password': login.password }),
}

async function diagnose(props: Readonly<Record<string, string>>) {
  const config = { name: uniqueName('doctor'), ...sink, ...props }
  const { status, body } = await worker.rest.request<Diagnosis>('PUT', '/headrace/doctor', config)
  assert.equal(status, 200)
  const about = body.findings.filter(({ id }) => !/^disk-|^cluster-|^shard-/.test(id))
  return {
    ids: about.map(({ id, severity }) => `${id} ${severity}`),
    text: about.map(({ message, remedy }) => `${message} ${remedy ?? ''}`).join('\n'),
  }
}

async function put(path: string, body: object): Promise<void> {
  const answer = await searchRequest(address, 'PUT', path, body)
  assert.ok(answer.status < 300, JSON.stringify(answer.body))
}

async function topicOf(t: { after(end: () => Promise<unknown>): void }): Promise<string> {
  const topic = uniqueName('doctor')
  await createTopic(servers, topic, {})
  t.after(() => searchRequest(address, 'DELETE', `/${topic}`))
  return topic
}

test('a missing index is created later, not by the diagnosis', async (t) => {
  const topic = await topicOf(t)
  const { ids, text } = await diagnose({ topics: topic })
  assert.deepEqual(ids, ['server-version info', 'target-missing info'])
  assert.match(text, /The server is Elasticsearch \d+\.\d+\.\d+/)
  assert.equal((await searchRequest(address, 'HEAD', `/${topic}`)).status, 404)
})

test('a blocked index with a strict mapping is reported', async (t) => {
  const topic = await topicOf(t)
  await put(`/${topic}`, {
    settings: { 'index.blocks.read_only_allow_delete': true },
    mappings: { dynamic: 'strict', properties: { price: { type: 'long' } } },
  })
  const { ids, text } = await diagnose({ topics: topic })
  assert.deepEqual(ids, ['write-block error', 'mapping-strict warning', 'server-version info'])
  assert.match(text, new RegExp(`The index ${topic} is blocked by index\\.blocks\\.read_only_allow_delete`))
})

test('a mapping that differs from its index template is reported with its fields', async (t) => {
  const topic = await topicOf(t)
  await put(`/${topic}`, { mappings: { properties: { price: { type: 'long' }, note: { type: 'text' } } } })
  const path = `/_index_template/${topic}`
  const template = { mappings: { properties: { price: { type: 'double' } } } }
  await put(path, { index_patterns: [`${topic}*`], template })
  t.after(() => searchRequest(address, 'DELETE', path))
  const { ids, text } = await diagnose({ topics: topic })
  assert.deepEqual(ids, ['mapping-conflict warning', 'server-version info', 'mapping-exists info'])
  assert.match(text, /'price' is long and double\./)
})

test('an alias without a write index and indexes that disagree are reported', async (t) => {
  const topic = await topicOf(t)
  for (const [day, type] of [
    ['01', 'long'],
    ['02', 'keyword'],
  ] as const) {
    const name = `${topic}-2026.01.${day}`
    await put(`/${name}`, { aliases: { [topic]: {} }, mappings: { properties: { price: { type } } } })
    t.after(() => searchRequest(address, 'DELETE', `/${name}`))
  }
  assert.deepEqual((await diagnose({ 'topics': topic, 'schema.ignore': 'true' })).ids, [
    'alias-without-write-index error',
    'server-version info',
  ])
  const { ids, text } = await diagnose({
    'topics': topic,
    'headrace.index.name': '${topic}-${timestamp:yyyy.MM.dd}',
  })
  assert.deepEqual(ids, ['mapping-conflict warning', 'server-version info'])
  assert.match(text, /'price' is long and keyword/)
})

test('invalid settings and a server that is away are reported by the validation', async (t) => {
  const topic = await topicOf(t)
  const { ids, text } = await diagnose({ 'topics': topic, 'connection.url': 'http://127.0.0.1:1' })
  assert.deepEqual(ids, ['config error'])
  assert.match(text, /connection refused/)
})
