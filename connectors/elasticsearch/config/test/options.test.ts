import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseConfig } from '../../../../java/index.ts'
import { elasticsearchSinkConfig } from '../definition.ts'
import { serverSettings } from '../server-settings.ts'
import { targetOptions } from '../targets.ts'
import { operationOptions, taskSettings } from '../task-settings.ts'

const config = (props: Readonly<Record<string, string>> = {}) =>
  parseConfig(elasticsearchSinkConfig, { 'connection.url': 'http://localhost:9200', ...props })

test('URLs get a scheme, lose a slash at the end, and are used once', () => {
  const urls = 'search-1:9200, http://search-1:9200/, https://search-2/prefix/'
  assert.deepEqual(serverSettings(config({ 'connection.url': urls })).urls, [
    'http://search-1:9200',
    'https://search-2/prefix',
  ])
})

test('the login is a user, an API key or none', () => {
  assert.equal(serverSettings(config()).login, null)
  const user = serverSettings(config({ 'connection.username': 'shop', 'connection.password': 'secret' }))
  assert.ok(user.login?.kind === 'basic')
  assert.deepEqual([user.login.user, user.login.password.reveal()], ['shop', 'secret'])
  const { login } = serverSettings(config({ 'headrace.api.key': 'a2V5' }))
  assert.ok(login?.kind === 'api-key')
  assert.equal(login.key.reveal(), 'a2V5')
})

test('TLS settings apply with the protocol SSL, and stores without a location do not exist', () => {
  const stores = {
    'elastic.https.ssl.truststore.location': '/trust.p12',
    'elastic.https.ssl.truststore.password': 'trusted',
    'elastic.https.ssl.keystore.location': '',
    'elastic.https.ssl.keystore.password': 'unused',
    'elastic.https.ssl.endpoint.identification.algorithm': '',
  }
  assert.equal(serverSettings(config(stores)).tls, null)
  const { tls } = serverSettings(config({ ...stores, 'elastic.security.protocol': 'SSL' }))
  assert.ok(tls !== null)
  assert.equal(tls['ssl.truststore.location'], '/trust.p12')
  assert.equal(tls['ssl.truststore.password']?.reveal(), 'trusted')
  assert.equal(tls['ssl.keystore.location'], null)
  assert.equal(tls['ssl.keystore.password'], null)
  assert.equal(tls['ssl.endpoint.identification.algorithm'], '')
})

test('a proxy has a port, and a login if both parts are set', () => {
  assert.deepEqual(serverSettings(config({ 'proxy.host': 'proxy', 'proxy.port': '1010' })).proxy, {
    host: 'proxy',
    port: 1010,
    login: null,
  })
  const login = { 'proxy.username': 'shop', 'proxy.password': 'secret' }
  const { proxy } = serverSettings(config({ 'proxy.host': 'proxy', ...login }))
  assert.deepEqual([proxy?.login?.user, proxy?.login?.password.reveal()], ['shop', 'secret'])
  assert.equal(serverSettings(config()).proxy, null)
})

test('timeouts and compression are passed on', () => {
  const { connectTimeoutMs, readTimeoutMs, maxIdleMs, compression } = serverSettings(
    config({
      'read.timeout.ms': '10000',
      'connection.timeout.ms': '15000',
      'connection.compression': 'true',
    }),
  )
  assert.deepEqual([connectTimeoutMs, readTimeoutMs, maxIdleMs, compression], [15_000, 10_000, 60_000, true])
})

test('targets are indexes, data streams or external resources', () => {
  const none = { external: null, dataStream: null, indexName: null }
  assert.deepEqual(targetOptions(config()), none)
  assert.deepEqual(targetOptions(config({ 'headrace.index.name': 'shop-${topic}' })), {
    ...none,
    indexName: 'shop-${topic}',
  })
  const stream = { 'data.stream.type': 'LOGS', 'data.stream.dataset': 'shop' }
  assert.equal(targetOptions(config(stream)).dataStream?.nameOf('Orders'), 'logs-shop-orders')
  const external = {
    'external.resource.usage': 'alias_datastream',
    'topic.to.external.resource.mapping': 'orders:shop-orders, customers : shop-customers',
  }
  assert.deepEqual(targetOptions(config(external)), {
    ...none,
    external: {
      kind: 'alias of a data stream',
      resourceOf: new Map([
        ['orders', 'shop-orders'],
        ['customers', 'shop-customers'],
      ]),
      setting: 'topic.to.external.resource.mapping',
    },
  })
})

test('settings of requests and records are passed on', () => {
  const { bulk, ...settings } = taskSettings(
    config({ 'bulk.size.bytes': '-1', 'behavior.on.null.values': 'IGNORE', 'external.version.header': 'v' }),
  )
  assert.deepEqual(bulk, {
    batchSize: 2000,
    bulkSizeBytes: null,
    lingerMs: 1,
    maxInFlightRequests: 5,
    maxBufferedRecords: 20_000,
    maxRetries: 5,
    retryBackoffMs: 100,
  })
  assert.deepEqual(settings, {
    flushSynchronously: false,
    flushTimeoutMs: 180_000,
    ignoreNullValues: true,
    malformedDocuments: 'fail',
    dropInvalidMessages: false,
    versionsAreOffsets: false,
  })
})

test('the server retries conflicts of updates as often as requests are in flight, at most five times', () => {
  const retries = (props: Readonly<Record<string, string>>) => operationOptions(config(props)).retryOnConflict
  assert.equal(retries({ 'max.in.flight.requests': '2' }), 2)
  assert.equal(retries({ 'max.in.flight.requests': '9' }), 5)
  assert.equal(retries({ 'headrace.retry.on.conflict': '0' }), 0)
  assert.equal(operationOptions(config()).versionHeader, null)
  assert.deepEqual([...operationOptions(config({ 'topic.key.ignore': 'a,b' })).keyIgnoreTopics], ['a', 'b'])
})
