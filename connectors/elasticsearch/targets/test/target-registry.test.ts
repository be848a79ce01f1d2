import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  ConnectError,
  INT32,
  INT64,
  type Logger,
  type SinkRecord,
  STRING,
  struct,
} from '../../../../api/index.ts'
import { sinkRecord } from '../../documents/test/records.ts'
import type { Target } from '../../ports.ts'
import { wordings } from '../../wording.ts'
import { openTargets, type TargetsOptions } from '../target-registry.ts'
import { failure, FakeServer, response } from './fake-server.ts'

const schema = struct({ id: INT64, name: STRING })
const record = (changes: Partial<SinkRecord> = {}): SinkRecord =>
  sinkRecord({ valueSchema: schema, value: { id: 1, name: 'a' }, ...changes })
const orders: Target = { name: 'orders', kind: 'index', create: true }
const ok = response(200, { acknowledged: true })
const mapped = response(200, { orders: { mappings: { properties: { id: { type: 'long' } } } } })
const unmapped = response(200, { orders: { mappings: {} } })
const none = (): void => undefined
const logger: Logger = { error: none, warn: none, info: none, debug: none, trace: none }

function setUp(answers: ConstructorParameters<typeof FakeServer>[0], options: Partial<TargetsOptions> = {}) {
  const server = new FakeServer(answers)
  const targets = openTargets({
    server,
    logger,
    schemaIgnore: false,
    schemaIgnoreTopics: new Set(),
    template: null,
    wording: wordings.elasticsearch,
    ...options,
  })
  const { signal } = new AbortController()
  return { server, targets, prepare: (of = record(), target = orders) => targets.prepare(target, of, signal) }
}

const rejects = (code: string, message: RegExp) => ({ code, message })

test('a missing index is created and gets the mapping of the first schema, once', async () => {
  const { server, targets, prepare } = setUp({
    'PUT /orders': [ok],
    'GET /orders/_mapping': [unmapped],
    'PUT /orders/_mapping': [ok],
  })
  assert.equal(targets.isReady(orders, record()), false)
  await prepare()
  const requests = ['HEAD /orders', 'PUT /orders', 'GET /orders/_mapping', 'PUT /orders/_mapping']
  assert.deepEqual(server.requests, requests)
  const keyword = { type: 'keyword', ignore_above: 256 }
  assert.deepEqual(server.bodies, [
    { properties: { id: { type: 'long' }, name: { type: 'text', fields: { keyword } } } },
  ])
  assert.equal(targets.isReady(orders, record()), true)
  assert.equal(targets.isReady(orders, record({ valueSchema: struct({ id: INT32 }) })), true)
  await prepare()
  assert.equal(server.requests.length, requests.length)
})

test('an existing index with a mapping is left as it is', async () => {
  const { server, targets, prepare } = setUp({ 'HEAD /orders': [ok], 'GET /orders/_mapping': [mapped] })
  await prepare(record({ valueSchema: null }))
  assert.deepEqual(server.requests, ['HEAD /orders', 'GET /orders/_mapping'])
  assert.ok(targets.isReady(orders, record()))
})

test('with schema.ignore, mappings are left to the server', async () => {
  for (const options of [{ schemaIgnore: true }, { schemaIgnoreTopics: new Set(['topic']) }]) {
    const { server, targets, prepare } = setUp({ 'PUT /orders': [ok] }, options)
    await prepare(record({ valueSchema: null }))
    assert.deepEqual(server.requests, ['HEAD /orders', 'PUT /orders'])
    assert.ok(targets.isReady(orders, record()))
  }
})

test('a tombstone needs an index, but no mapping', async () => {
  const { server, targets, prepare } = setUp({ 'HEAD /orders': [ok], 'GET /orders/_mapping': [mapped] })
  const tombstone = record({ value: null, valueSchema: null })
  await prepare(tombstone)
  assert.deepEqual(server.requests, ['HEAD /orders'])
  assert.equal(targets.isReady(orders, tombstone), true)
  assert.equal(targets.isReady(orders, record()), false)
  await prepare()
  assert.deepEqual(server.requests, ['HEAD /orders', 'GET /orders/_mapping'])
})

test('a data stream is created as such', async () => {
  const stream: Target = { name: 'logs-a-b', kind: 'data stream', create: true }
  const { server, prepare } = setUp({
    'PUT /_data_stream/logs-a-b': [ok],
    'GET /logs-a-b/_mapping': [mapped],
  })
  await prepare(record(), stream)
  assert.deepEqual(server.requests, [
    'HEAD /logs-a-b',
    'PUT /_data_stream/logs-a-b',
    'GET /logs-a-b/_mapping',
  ])
})

test('the index template of a data stream is created with it, unless there is one', async () => {
  const stream: Target = { name: 'logs-a', kind: 'data stream', create: true }
  const template = { nameOf: () => 'logs', timestampField: 'at' }
  const created = { 'PUT /_data_stream/logs-a': [ok], 'GET /logs-a/_mapping': [mapped] }
  const missing = setUp({ ...created, 'PUT /_index_template/logs': [ok] }, { template })
  await missing.prepare(record(), stream)
  const [head, ...rest] = missing.server.requests
  assert.equal(head, 'HEAD /logs-a')
  assert.deepEqual(rest.slice(0, 3), [
    'HEAD /_index_template/logs',
    'PUT /_index_template/logs',
    'PUT /_data_stream/logs-a',
  ])
  const expected = {
    index_patterns: ['logs-a'],
    priority: 200,
    data_stream: { timestamp_field: { name: 'at' } },
  }
  assert.deepEqual(missing.server.bodies, [expected])

  const there = setUp({ ...created, 'HEAD /_index_template/logs': [ok] }, { template })
  await there.prepare(record(), stream)
  assert.ok(!there.server.requests.includes('PUT /_index_template/logs'))
})

test('an index template that somebody else creates meanwhile is used, and a refusal fails', async () => {
  const stream: Target = { name: 'logs-a', kind: 'data stream', create: true }
  const template = { nameOf: () => 'logs', timestampField: 'at' }
  const prepareWith = (answer: ReturnType<typeof failure>) =>
    setUp(
      {
        'PUT /_index_template/logs': [answer],
        'PUT /_data_stream/logs-a': [ok],
        'GET /logs-a/_mapping': [mapped],
      },
      { template },
    ).prepare(record(), stream)
  await prepareWith(failure(400, 'illegal_argument_exception', 'index template [logs] already exists'))
  await assert.rejects(
    prepareWith(failure(403, 'security_exception', 'no permissions')),
    rejects('HR_CONNECT', /^Cannot create the index template 'logs': the user lacks a permission/),
  )
})

test('an index that another task creates meanwhile is used', async () => {
  const races = [
    failure(400, 'resource_already_exists_exception', 'index [orders/abc] already exists'),
    failure(400, 'invalid_index_name_exception', 'Invalid index name [orders], already exists as alias'),
  ]
  for (const race of races) {
    const { prepare } = setUp({
      'HEAD /orders': [response(404), ok],
      'PUT /orders': [race],
      'GET /orders/_mapping': [mapped],
    })
    await prepare()
  }
})

test('a mapping that another task puts meanwhile is used', async () => {
  const conflict = failure(
    400,
    'illegal_argument_exception',
    'mapper [id] cannot be changed from type [long] to [text]',
  )
  const { targets, prepare } = setUp({
    'HEAD /orders': [ok],
    'GET /orders/_mapping': [unmapped, mapped],
    'PUT /orders/_mapping': [conflict],
  })
  await prepare()
  assert.ok(targets.isReady(orders, record()))
})

test('an external resource that is missing is not created', async () => {
  const alias: Target = { name: 'sales', kind: 'alias of an index', create: false }
  const { server, prepare } = setUp({})
  const message = /alias of an index 'sales' of topic\.to\.external\.resource\.mapping does not exist/
  await assert.rejects(prepare(record(), alias), rejects('HR_CONNECT', message))
  assert.deepEqual(server.requests, ['HEAD /sales'])
})

test('an overloaded or blocked server is tried again later', async () => {
  const temporary = [
    response(429, 'Too many requests'),
    response(502, '<html>Bad gateway</html>'),
    failure(503, 'process_cluster_event_timeout_exception', 'failed to process cluster event'),
    failure(
      403,
      'cluster_block_exception',
      'index [orders] blocked by: [FORBIDDEN/6/cluster read-only (api)];',
    ),
  ]
  for (const answer of temporary) {
    const { targets, prepare } = setUp({ 'PUT /orders': [answer, ok], 'GET /orders/_mapping': [mapped] })
    await assert.rejects(prepare(), rejects('HR_RETRIABLE', /^Cannot create the index 'orders': /))
    assert.equal(targets.isReady(orders, record()), false)
    await prepare()
    assert.ok(targets.isReady(orders, record()))
  }
})

test('a server that is away is tried again later', async () => {
  const away = new ConnectError('HR_RETRIABLE', 'No host responds')
  const { prepare } = setUp({ 'HEAD /orders': [away, ok], 'GET /orders/_mapping': [mapped] })
  await assert.rejects(prepare(), away)
  await prepare()
})

test('a request that can never succeed fails with one sentence', async () => {
  const cases: readonly (readonly [ReturnType<typeof response>, RegExp])[] = [
    [response(401), /does not accept the credentials \(HTTP 401\)$/],
    [response(403), /lacks a permission \(HTTP 403\)$/],
    [response(400), /answers with HTTP 400$/],
    [
      failure(403, 'security_exception', 'action [indices:admin/create] is unauthorized'),
      /lacks a permission: action \[indices:admin\/create] is unauthorized \(security_exception\)$/,
    ],
    [
      failure(
        400,
        'illegal_argument_exception',
        'it matches with template [t] that creates data streams only',
      ),
      /the template 't' makes its name a data stream/,
    ],
    [response(400, { error: 'Incorrect HTTP method' }), /Incorrect HTTP method \(HTTP 400\)$/],
  ]
  for (const [answer, message] of cases) {
    const { prepare } = setUp({ 'PUT /orders': [answer] })
    await assert.rejects(prepare(), rejects('HR_CONNECT', message))
  }
})

test('a mapping that the server refuses fails with the reason', async () => {
  const answer = failure(400, 'illegal_argument_exception', 'Limit of total fields [1000] has been exceeded')
  const { prepare } = setUp({
    'HEAD /orders': [ok],
    'GET /orders/_mapping': [unmapped],
    'PUT /orders/_mapping': [answer],
  })
  const message =
    /^Cannot put a mapping to the index 'orders': .* limit of 1000; raise index\.mapping\.total_fields\.limit/
  await assert.rejects(prepare(), rejects('HR_CONNECT', message))
})

test('a mapping is not possible without a schema of an object', async () => {
  const answers = { 'HEAD /orders': [ok], 'GET /orders/_mapping': [unmapped] }
  await assert.rejects(
    setUp(answers).prepare(record({ valueSchema: null })),
    rejects('HR_CONNECT', /topic 'topic' have no schema to infer one from; set schema\.ignore=true/),
  )
  await assert.rejects(
    setUp(answers).prepare(record({ valueSchema: INT64, value: 1 })),
    rejects('HR_DATA_INVALID', /are of type INT64, but a document must be a STRUCT or MAP/),
  )
})

test('an index that is deleted between two requests is created by the next attempt', async () => {
  const { server, targets, prepare } = setUp({
    'HEAD /orders': [ok, response(404)],
    'GET /orders/_mapping': [failure(404, 'index_not_found_exception', 'no such index [orders]'), mapped],
    'PUT /orders': [ok],
  })
  await assert.rejects(prepare(), rejects('HR_RETRIABLE', /it has been deleted/))
  await prepare()
  assert.ok(server.requests.includes('PUT /orders'))
  assert.ok(targets.isReady(orders, record()))
})

test('an aborted preparation rejects with its reason, and leaves nothing half done', async () => {
  const { targets } = setUp({ 'HEAD /orders': [ok], 'GET /orders/_mapping': [mapped] })
  const reason = new Error('stopping')
  await assert.rejects(targets.prepare(orders, record(), AbortSignal.abort(reason)), reason)
  assert.equal(targets.isReady(orders, record()), false)
})

test('any number of targets can be prepared', async () => {
  const { server, targets, prepare } = setUp({}, { schemaIgnore: true })
  server.request = () => Promise.resolve(ok)
  for (let n = 0; n <= 10_000; n++) await prepare(record(), { ...orders, name: `orders-${n}` })
  assert.equal(targets.isReady({ ...orders, name: 'orders-10000' }, record()), true)
  assert.equal(targets.isReady({ ...orders, name: 'orders-0' }, record()), false)
})
