import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { fakeServer, versionAnswer, type Answers } from '../../config/test/fake-server.ts'
import type { TargetOptions } from '../../targets/index.ts'
import { diagnoseServer, type Diagnosed } from '../diagnose.ts'

const indexes: TargetOptions = { external: null, dataStream: null, indexName: null }
const streams: TargetOptions = {
  ...indexes,
  dataStream: { nameOf: (topic) => `logs-shop-${topic}` },
}
const there: Answers = { 'GET /': versionAnswer('8.19.21') }
const ready: Answers = { 'GET /orders': [200, { orders: {} }] }

interface Options extends Partial<Omit<Diagnosed, 'server'>> {
  readonly answers?: Answers
  readonly signal?: AbortSignal
}

async function diagnose({ answers, signal = new AbortController().signal, ...diagnosed }: Options = {}) {
  const server = fakeServer({ ...there, ...answers })
  const findings = await diagnoseServer(
    {
      server,
      product: 'elasticsearch',
      topics: new Set(['orders']),
      targets: indexes,
      uses: { appends: false, updates: false, deletes: false, creates: true },
      pipeline: null,
      infersMapping: true,
      createsTemplates: false,
      ...diagnosed,
    },
    { signal },
  )
  assert.equal(server.closed, true)
  const ids = findings.map(({ id, severity }) => `${id} ${severity}`)
  const texts = findings.map(({ message, remedy }) => `${message} ${remedy ?? ''}`)
  return {
    ids: ids.filter((id) => id !== 'server-version info'),
    text: texts.join('\n'),
    asked: server.asked,
  }
}

const template = (name: string, pattern: string, more: object = {}, priority = 1) => ({
  name,
  index_template: { index_patterns: [pattern], priority, ...more },
})

test('nothing is wrong with a server that has the index, and the server is only asked', async () => {
  const { ids, asked } = await diagnose({ answers: ready })
  assert.deepEqual(ids, [])
  const simulated = 'POST /_index_template/_simulate_index/orders'
  const changing = asked.filter((line) => !line.startsWith('GET ') && line !== simulated)
  assert.deepEqual(changing, ['POST /_security/user/_has_privileges'])
})

test('a server that cannot be used is reported alone', async () => {
  const cases: [Answers[string], string][] = [
    [new ConnectError('HR_RETRIABLE', 'connection refused'), 'server-unreachable error'],
    [new ConnectError('HR_CONNECT', 'The certificate has expired'), 'certificate-refused error'],
    [
      new ConnectError('HR_CONNECT', 'The server at x is not Elasticsearch 7.14 or newer.'),
      'other-product error',
    ],
    [[401], 'credentials-refused error'],
    [[502], 'server-failing error'],
  ]
  for (const [answer, expected] of cases) {
    const { ids, asked } = await diagnose({ answers: { 'GET /': answer } })
    assert.deepEqual([ids, asked], [[expected], ['GET /']])
  }
})

test('the version and another product are named', async () => {
  const body = { version: { number: '3.2.0', distribution: 'opensearch' } }
  const { ids, text } = await diagnose({ answers: { ...ready, 'GET /': [200, body] } })
  assert.deepEqual(ids, ['other-product error'])
  assert.match(text, /OpenSearch 3\.2\.0.*OpensearchSinkConnector/)
  assert.match((await diagnose({ answers: ready })).text, /The server is Elasticsearch 8\.19\.21\./)
  assert.deepEqual((await diagnose({ answers: { ...ready, 'GET /': [403] } })).ids, ['version-unknown info'])
})

test('after the deadline the diagnosis says that it is incomplete', async () => {
  const away = new ConnectError('HR_RETRIABLE', 'aborted')
  const { ids } = await diagnose({ answers: { 'GET /': away }, signal: AbortSignal.abort() })
  assert.deepEqual(ids, ['diagnosis-incomplete info'])
})

test('missing privileges are named with what they are for', async () => {
  const answer = [
    200,
    { index: { orders: { view_index_metadata: true, create_index: false, index: false } } },
  ] as const
  const { ids, text } = await diagnose({
    answers: { ...ready, 'POST /_security/user/_has_privileges': answer },
  })
  assert.deepEqual(ids, ['permission-missing error'])
  assert.match(text, /may not, for orders: create it, or write documents\. .* create_index, index for orders/)
})

test('an index that may not be looked at is reported', async () => {
  assert.deepEqual((await diagnose({ answers: { 'GET /orders': [403] } })).ids, ['permission-missing error'])
})

test('a missing index is created by the connector, with the template of the highest priority', async () => {
  assert.deepEqual((await diagnose()).ids, ['target-missing info'])
  const list = [template('all', '*'), template('shop', 'ord*', {}, 9), template('other', 'x*', {}, 99)]
  const { ids, text } = await diagnose({
    answers: { 'GET /_index_template': [200, { index_templates: list }] },
  })
  assert.deepEqual(ids, ['target-missing info'])
  assert.match(text, /with the index template shop/)
})

test('templates and targets must both be of data streams, or both not', async () => {
  const stream = template('streams', '*', { data_stream: {} })
  const answers: Answers = { 'GET /_index_template': [200, { index_templates: [stream] }] }
  assert.deepEqual((await diagnose({ answers })).ids, ['template-of-data-stream error'])
  assert.deepEqual((await diagnose({ answers, targets: streams })).ids, ['target-missing info'])
  const none: Answers = { 'GET /_index_template': [200, { index_templates: [template('shop', '*')] }] }
  const { ids, text } = await diagnose({ answers: none, targets: streams })
  assert.deepEqual(ids, ['template-missing error'])
  assert.match(text, /matches logs-shop-orders/)
  const creates = await diagnose({ answers: none, targets: streams, createsTemplates: true })
  assert.deepEqual(creates.ids, ['target-missing info'])
  assert.match(creates.text, /creates it \(with an index template of its own\)/)
})

test('an external resource must exist', async () => {
  const external = { kind: 'index', resourceOf: new Map([['orders', 'shop']]), setting: 'mapping' } as const
  const { ids, text } = await diagnose({ targets: { ...indexes, external } })
  assert.deepEqual(ids, ['target-missing error'])
  assert.match(text, /index shop does not exist/)
})

test('data streams and indexes are not confused', async () => {
  const backing = { '.ds-orders': { data_stream: 'orders' } }
  assert.deepEqual((await diagnose({ answers: { 'GET /orders': [200, backing] } })).ids, [
    'target-is-data-stream error',
  ])
  const { ids } = await diagnose({ targets: streams, answers: { 'GET /logs-shop-orders': [200, { x: {} }] } })
  assert.deepEqual(ids, ['target-is-index error'])
})

test('an alias of several indexes needs a write index', async () => {
  const alias = (first: object) => ({ a: { aliases: { orders: first } }, b: { aliases: { orders: {} } } })
  assert.deepEqual((await diagnose({ answers: { 'GET /orders': [200, alias({})] } })).ids, [
    'alias-without-write-index error',
  ])
  const writable = alias({ is_write_index: true })
  assert.deepEqual((await diagnose({ answers: { 'GET /orders': [200, writable] } })).ids, [])
})

test('blocks and closed indexes are reported with how to lift them', async () => {
  const settings = {
    index: { blocks: { read_only_allow_delete: 'true', write: 'false' }, verified_before_close: 'true' },
  }
  const { ids, text } = await diagnose({ answers: { 'GET /orders': [200, { orders: { settings } }] } })
  assert.deepEqual(ids, ['write-block error', 'index-closed error'])
  assert.match(text, /index\.blocks\.read_only_allow_delete.*Free disk space/)
})

test('a mapping that differs from its template, is strict or nearly full is reported', async () => {
  const mappings = {
    dynamic: 'strict',
    properties: { price: { type: 'long' }, customer: { properties: { name: { type: 'text' } } } },
  }
  const settings = { index: { mapping: { total_fields: { limit: '3' } } } }
  const templated = {
    properties: { price: { type: 'double' }, customer: { properties: { name: { type: 'keyword' } } } },
  }
  const { ids, text } = await diagnose({
    answers: {
      'GET /orders': [200, { orders: { mappings, settings } }],
      'POST /_index_template/_simulate_index/orders': [200, { template: { mappings: templated } }],
    },
  })
  assert.deepEqual(ids, ['mapping-conflict warning', 'field-limit warning', 'mapping-strict warning'])
  assert.match(text, /'customer\.name' is text and keyword, 'price' is long and double/)
})

test('the indexes of a name template must agree on their fields, in whatever order they are listed', async () => {
  const index = (type: string) => ({ mappings: { properties: { price: { type } } } })
  const body = { 'orders-2026.01.02': index('text'), 'orders-2026.01.01': index('long') }
  const { ids, text } = await diagnose({
    targets: { ...indexes, indexName: '${topic}-${timestamp:yyyy.MM.dd}' },
    answers: { 'GET /orders-*/_mapping': [200, body] },
  })
  assert.deepEqual(ids, ['mapping-conflict warning'])
  assert.match(
    text,
    /orders-2026\.01\.02 have other types than in orders-2026\.01\.01: 'price' is long and text/,
  )
})

test('topics of a pattern, and topics that are no names of indexes, are reported', async () => {
  assert.deepEqual((await diagnose({ topics: new Set() })).ids, ['topics-unknown info'])
  const { ids } = await diagnose({ topics: new Set(['_+a']) })
  assert.deepEqual(ids, ['name-invalid error'])
})

test('a missing pipeline, a full cluster and its blocks are reported', async () => {
  const health = { status: 'red', number_of_data_nodes: 1, active_shards: 999, unassigned_shards: 1 }
  const settings = {
    persistent: { cluster: { blocks: { read_only: 'true' } } },
    defaults: { cluster: { max_shards_per_node: '1000' } },
  }
  const { ids } = await diagnose({
    pipeline: 'clean',
    answers: { ...ready, 'GET /_cluster/health': [200, health], 'GET /_cluster/settings': [200, settings] },
  })
  assert.deepEqual(ids, [
    'pipeline-missing error',
    'write-block error',
    'cluster-red warning',
    'shard-limit warning',
  ])
})
