import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConnectError } from '../../../../api/index.ts'
import { validateElasticsearchSink } from '../validation.ts'
import { fakeServer, versionAnswer, type Answers } from './fake-server.ts'

type Props = Readonly<Record<string, string>>

const required = { 'connection.url': 'http://localhost:8080', 'topics': 'orders' }
const there: Answers = { 'GET /': versionAnswer('8.19.21') }

async function faults(props: Props, answers: Answers = there): Promise<string[]> {
  const server = fakeServer(answers)
  const found = await validateElasticsearchSink({ ...required, ...props }, () => server)
  return found.map(({ key, message }) => `${key}: ${message}`)
}

async function keys(props: Props, answers: Answers = there): Promise<string[]> {
  return (await faults(props, answers)).map((text) => text.slice(0, text.indexOf(':')))
}

test('the required settings are enough, and the connection is closed', async () => {
  const server = fakeServer(there)
  assert.deepEqual(await validateElasticsearchSink(required, () => server), [])
  assert.deepEqual(server.asked, ['GET /'])
  assert.equal(server.closed, true)
})

test('the server is not asked while settings are wrong', async () => {
  const refuse = (): never => assert.fail('the server was opened')
  assert.deepEqual(await validateElasticsearchSink({}, refuse), [])
  assert.deepEqual(await validateElasticsearchSink({ ...required, 'batch.size': 'many' }, refuse), [])
  const found = await validateElasticsearchSink({ ...required, 'connection.username': 'shop' }, refuse)
  assert.equal(found.length, 2)
})

test('upserts with deletes are possible', async () => {
  assert.deepEqual(await faults({ 'behavior.on.null.values': 'delete', 'write.method': 'upsert' }), [])
})

test('a user needs a password and the reverse', async () => {
  const message = "Both 'connection.username' and 'connection.password' must be set."
  const both = [`connection.username: ${message}`, `connection.password: ${message}`]
  assert.deepEqual(await faults({ 'connection.username': 'shop' }), both)
  assert.deepEqual(await faults({ 'connection.password': 'secret' }), both)
  assert.deepEqual(await faults({ 'connection.username': 'shop', 'connection.password': 'secret' }), [])
  assert.deepEqual(await keys({ 'connection.password': 'secret', 'headrace.api.key': 'a2V5' }), [
    'headrace.api.key',
    'connection.username',
    'connection.password',
  ])
  assert.deepEqual(await keys({ 'headrace.api.key': 'a2V5' }), [])
})

test('keys and schemas are ignored for all topics or for some', async () => {
  for (const what of ['key', 'schema']) {
    const [all, some] = [`${what}.ignore`, `topic.${what}.ignore`]
    const message = `'${some}' can not be set if '${all}' is true.`
    assert.deepEqual(await faults({ [all]: 'true', [some]: 'orders' }), [
      `${all}: ${message}`,
      `${some}: ${message}`,
    ])
    assert.deepEqual(await faults({ [all]: 'true' }), [])
    assert.deepEqual(await faults({ [some]: 'orders,customers' }), [])
  }
})

test('records cannot linger longer than a flush may take', async () => {
  const message = "'linger.ms' (1001) can not be larger than 'flush.timeout.ms' (1000)."
  assert.deepEqual(await faults({ 'linger.ms': '1001', 'flush.timeout.ms': '1000' }), [
    `linger.ms: ${message}`,
    `flush.timeout.ms: ${message}`,
  ])
  assert.deepEqual(await faults({ 'linger.ms': '999', 'flush.timeout.ms': '1000' }), [])
})

test('all requests in flight fit into the buffer', async () => {
  const sizes = { 'batch.size': '2', 'max.in.flight.requests': '2' }
  const message =
    "'max.buffered.records' (1) must be larger than or equal to 'batch.size' (2) x max.in.flight.requests (2)."
  assert.deepEqual(
    await faults({ ...sizes, 'max.buffered.records': '1' }),
    ['max.buffered.records', 'batch.size', 'max.in.flight.requests'].map((key) => `${key}: ${message}`),
  )
  assert.deepEqual(await faults({ ...sizes, 'max.buffered.records': '5' }), [])
})

test('a login for a proxy needs a proxy, a user and a password', async () => {
  const login = { 'proxy.username': 'shop', 'proxy.password': 'secret' }
  assert.deepEqual(await faults(login), [
    "proxy.username: 'proxy.host' must be set to use 'proxy.username'.",
    "proxy.host: 'proxy.host' must be set to use 'proxy.username'.",
    "proxy.password: 'proxy.host' must be set to use 'proxy.password'.",
    "proxy.host: 'proxy.host' must be set to use 'proxy.password'.",
  ])
  const proxy = { 'proxy.host': 'proxy' }
  assert.deepEqual(await keys({ ...proxy, 'proxy.password': 'secret' }), ['proxy.username', 'proxy.password'])
  assert.deepEqual(await faults(proxy), [])
  assert.deepEqual(await faults({ ...proxy, ...login }), [])
})

test('settings of TLS and the protocol go together', async () => {
  const [required1, ssl] = await Promise.all([
    faults({ 'elastic.security.protocol': 'SSL' }),
    faults({ 'elastic.https.ssl.keystore.location': '/a' }),
  ])
  assert.match(required1.join(), /^elastic\.security\.protocol: At least these SSL configs \('elastic\.https/)
  assert.deepEqual(ssl, [
    "elastic.security.protocol: 'elastic.security.protocol' must be set to 'SSL' to use SSL configs.",
  ])
  const both = { 'elastic.security.protocol': 'ssl', 'elastic.https.ssl.truststore.location': '/a' }
  assert.deepEqual(await faults(both), [])
})

test('a name template excludes data streams, and deletes that cannot find their document', async () => {
  const name = { 'headrace.index.name': '${topic}-${timestamp:yyyy}' }
  assert.deepEqual(await faults(name), [])
  const streams = { 'data.stream.type': 'logs', 'data.stream.dataset': 'shop' }
  assert.deepEqual(await keys({ ...name, ...streams }), ['headrace.index.name', 'data.stream.type'])
  const deletes = { 'behavior.on.null.values': 'delete' }
  assert.deepEqual(await keys({ ...name, ...deletes }), ['headrace.index.name', 'behavior.on.null.values'])
  assert.deepEqual(await faults({ 'headrace.index.name': 'shop-${topic}', ...deletes }), [])
  assert.deepEqual(await keys({ 'headrace.routing.field': 'customer', ...deletes }), [
    'headrace.routing.field',
    'behavior.on.null.values',
  ])
})

test('a pipeline is for inserts, and retries of conflicts for updates', async () => {
  assert.deepEqual(await keys({ 'headrace.pipeline': 'clean', 'write.method': 'upsert' }), [
    'headrace.pipeline',
    'write.method',
  ])
  assert.deepEqual(await keys({ 'headrace.retry.on.conflict': '3' }), [
    'headrace.retry.on.conflict',
    'write.method',
  ])
  assert.deepEqual(await keys({ 'headrace.retry.on.conflict': '3', 'write.method': 'upsert' }), [])
})

test('a server that does not respond is reported for each setting of the connection', async () => {
  const away: Answers = { 'GET /': new ConnectError('HR_RETRIABLE', 'connection refused') }
  assert.deepEqual(await faults({}, away), [
    'connection.url: Could not connect to Elasticsearch. Error message: connection refused',
  ])
  const props = {
    'connection.username': 'shop',
    'connection.password': 'secret',
    'elastic.security.protocol': 'SSL',
    'elastic.https.ssl.truststore.location': '/a',
    'proxy.host': 'proxy',
    'proxy.username': 'shop',
    'proxy.password': 'secret',
  }
  assert.deepEqual(await keys(props, away), [
    'connection.url',
    'connection.username',
    'connection.password',
    'elastic.security.protocol',
    'proxy.host',
    'proxy.port',
    'proxy.username',
    'proxy.password',
  ])
})

test('a user who may not ask for the version can still write; another status is a failure', async () => {
  assert.deepEqual(await faults({}, { 'GET /': [403] }), [])
  assert.deepEqual(await faults({}, { 'GET /': [410] }), [
    'connection.url: Could not connect to Elasticsearch. Error message: the server answered with 410',
  ])
  assert.deepEqual(await keys({ 'headrace.api.key': 'a2V5' }, { 'GET /': [401] }), [
    'connection.url',
    'headrace.api.key',
  ])
})

test('servers before 7.0, and before 7.9 with data streams, are refused', async () => {
  const streams = { 'data.stream.type': 'logs', 'data.stream.dataset': 'shop' }
  const at = (version: string): Answers => ({ 'GET /': versionAnswer(version) })
  assert.match((await faults({}, at('6.8.23'))).join(), /^connection\.url: .* version 6\.8\.23/)
  for (const version of ['7.0.0', '7.0.0-rc2', '7.8.0', '7.9.3-amd64', '10.10.10']) {
    assert.deepEqual(await faults({}, at(version)), [], version)
  }
  assert.deepEqual(await keys(streams, at('7.8.1')), [
    'connection.url',
    'data.stream.type',
    'data.stream.dataset',
  ])
  for (const version of ['7.9.0', '7.9.3-amd64', '7.10.2', '8.0.0', '10.1.1']) {
    assert.deepEqual(await faults(streams, at(version)), [], version)
  }
})
