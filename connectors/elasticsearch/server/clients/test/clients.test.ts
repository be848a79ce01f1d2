import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync, gzipSync } from 'node:zlib'
import { isConnectError } from '../../../../../api/index.ts'
import type { ServerRequest } from '../../../ports.ts'
import { openServer } from '../../open-server.ts'
import type { Product } from '../../settings.ts'
import { json, linesOf, settingsFor, startHost, type Answer } from '../../test/fake-host.ts'
import { retryAfterMs } from '../retry-after.ts'

const never = new AbortController().signal
const bulk: ServerRequest = { method: 'POST', path: '/a/_bulk', body: '{"index":{}}\n{"text":"ü"}\n' }
const products: readonly Product[] = ['elasticsearch', 'opensearch']

for (const product of products) {
  test(`${product}: with compression, bodies are sent and received as gzip`, async (t) => {
    const answer = { errors: false, text: 'ü'.repeat(1000) }
    const packed = gzipSync(JSON.stringify(answer))
    const host = await startHost(t, json(200, packed, { 'content-encoding': 'gzip' }))
    const server = openServer(settingsFor([host.url], { product, compression: true }), linesOf().log)
    t.after(() => server.close())

    assert.deepEqual((await server.request(bulk, never)).body, answer)
    const [request] = host.received
    assert.equal(request?.headers['content-encoding'], 'gzip')
    assert.match(request.headers['accept-encoding'] ?? '', /gzip/)
    assert.equal(gunzipSync(request.body).toString(), bulk.body)
  })

  test(`${product}: a response that is not JSON is returned as text, and a broken one can be retried`, async (t) => {
    const page: Answer = (response) => {
      response.writeHead(502, { 'content-type': 'text/html' })
      response.end('<h1>Bad Gateway</h1>')
    }
    const host = await startHost(t, page, json(200, Buffer.from('{"took":')))
    const server = openServer(settingsFor([host.url], { product }), linesOf().log)
    t.after(() => server.close())

    const { status, body } = await server.request(bulk, never)
    assert.deepEqual([status, body], [502, '<h1>Bad Gateway</h1>'])
    await assert.rejects(server.request(bulk, never), /HR_RETRIABLE|Cannot read the response of the server/)
  })

  test(`${product}: a field with a dangerous name is a property like others`, async (t) => {
    const host = await startHost(t, json(200, Buffer.from('{"__proto__":{"polluted":true},"a":1}')))
    const server = openServer(settingsFor([host.url], { product }), linesOf().log)
    t.after(() => server.close())

    const { body } = await server.request({ method: 'GET', path: '/a/_mapping' }, never)
    assert.deepEqual(Object.keys(body as object), ['__proto__', 'a'])
    assert.equal(({} as { polluted?: boolean }).polluted, undefined)
  })
}

for (const [what, answer] of [
  ['that is no Elasticsearch', json(200, {}, { 'x-elastic-product': '' })],
  ['that does not know the content types', json(406, { error: 'Content-Type' }, { 'x-elastic-product': '' })],
] as const) {
  test(`a server ${what} is refused with the connector class to use instead`, async (t) => {
    const host = await startHost(t, answer)
    const server = openServer(settingsFor([host.url]), linesOf().log)
    t.after(() => server.close())

    const error: unknown = await server.request(bulk, never).catch((thrown: unknown) => thrown)
    assert.ok(isConnectError(error) && error.code === 'HR_CONNECT')
    assert.match(error.message, /is not Elasticsearch .*io\.aiven\.kafka\.connect\.opensearch\.Opensearch/)
  })
}

test('Elasticsearch is asked for a format that all its versions know, and OpenSearch for plain JSON', async (t) => {
  const host = await startHost(t, json(200, {}))
  for (const product of products) {
    const server = openServer(settingsFor([host.url], { product }), linesOf().log)
    await server.request(bulk, never)
    await server.close()
  }
  assert.deepEqual(
    host.received.map(({ headers }) => [headers['content-type'], headers.accept]),
    [
      [
        'application/vnd.elasticsearch+x-ndjson; compatible-with=8',
        'application/vnd.elasticsearch+json; compatible-with=8',
      ],
      ['application/x-ndjson', 'application/json'],
    ],
  )
})

test('Retry-After is a number of seconds or a date', () => {
  const now = Date.parse('2024-05-01T12:00:00Z')
  assert.equal(retryAfterMs(undefined, now), undefined)
  assert.equal(retryAfterMs('120', now), 120_000)
  assert.equal(retryAfterMs('Wed, 01 May 2024 12:00:05 GMT', now), 5000)
  assert.equal(retryAfterMs('Wed, 01 May 2024 11:00:00 GMT', now), 0)
  assert.equal(retryAfterMs('soon', now), undefined)
})

test('Retry-After is followed for at most an hour', () => {
  const now = Date.parse('2024-05-01T12:00:00Z')
  const hour = 3_600_000
  assert.equal(retryAfterMs('3600', now), hour)
  for (const header of ['3601', '315360000', '9'.repeat(400), 'Fri, 01 May 2026 12:00:00 GMT']) {
    assert.equal(retryAfterMs(header, now), hour, header)
  }
})
