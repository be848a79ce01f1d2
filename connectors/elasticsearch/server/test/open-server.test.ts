import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { isConnectError, Secret } from '../../../../api/index.ts'
import type { ServerRequest } from '../../ports.ts'
import { openServer } from '../open-server.ts'
import type { ServerSettings } from '../settings.ts'
import { closedUrl, cut, hang, json, linesOf, settingsFor, startHost } from './fake-host.ts'

const never = new AbortController().signal
const bulk: ServerRequest = { method: 'POST', path: '/_bulk', body: '{"delete":{}}\n' }
const read: ServerRequest = { method: 'GET', path: '/' }

function open(t: TestContext, settings: ServerSettings) {
  const { log, lines } = linesOf()
  const server = openServer(settings, log)
  t.after(() => server.close())
  return { server, lines, send: (request: ServerRequest, signal = never) => server.request(request, signal) }
}

/** Resolves to the code and text of the rejection. */
async function rejection(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.ok(isConnectError(error), String(error))
  return `${error.code} ${error.message}`
}

for (const product of ['elasticsearch', 'opensearch'] as const) {
  test(`${product}: a host that refuses connections is skipped, also for requests that write, and reported once`, async (t) => {
    const host = await startHost(t, json(200, { errors: false }))
    const away = await closedUrl(t)
    const { send, lines } = open(t, settingsFor([away, host.url], { product }))

    for (let count = 0; count < 4; count++) {
      assert.deepEqual((await send(bulk)).body, { errors: false })
    }

    assert.equal(host.received.length, 4)
    assert.equal(lines.length, 1)
    assert.match(lines[0] ?? '', /^warn The server at .* is avoided for a while: .*connection refused/)
  })

  test(`${product}: a request that writes is not repeated after its connection was cut, because it may have been executed`, async (t) => {
    const first = await startHost(t, cut)
    const second = await startHost(t, json(200, {}))
    const { send } = open(t, settingsFor([first.url, second.url], { product }))

    assert.match(
      await rejection(send(bulk)),
      /^HR_RETRIABLE Cannot reach the server at http\S+: the connection was cut \(ECONNRESET\)\.$/,
    )
    assert.equal(second.received.length, 0)
    assert.equal((await send(bulk)).status, 200)
  })

  test(`${product}: a request that reads is sent again if a kept connection has been closed, one that writes is not`, async (t) => {
    const host = await startHost(t, json(200, {}), cut, json(200, {}), cut)
    const { send } = open(t, settingsFor([host.url], { product }))

    await send(read)
    assert.equal((await send(read)).status, 200)
    await assert.rejects(send(bulk), { code: 'HR_RETRIABLE' })
    assert.equal(host.received.length, 4)
  })

  test(`${product}: a request that reads goes to the next host after its connection was cut`, async (t) => {
    const first = await startHost(t, cut)
    const second = await startHost(t, json(200, { found: true }))
    const { send } = open(t, settingsFor([first.url, second.url], { product }))

    assert.deepEqual((await send(read)).body, { found: true })
  })

  test(`${product}: a response is returned whatever its status, with the time of Retry-After`, async (t) => {
    const body = { error: { type: 'es_rejected_execution_exception' }, status: 429 }
    const host = await startHost(t, json(429, body, { 'retry-after': '7' }), json(404, { found: false }))
    const { send } = open(t, settingsFor([host.url], { product }))

    assert.deepEqual(await send(bulk), { status: 429, retryAfterMs: 7000, body })
    assert.deepEqual(await send(read), { status: 404, retryAfterMs: undefined, body: { found: false } })
    assert.deepEqual(await send({ method: 'HEAD', path: '/a' }), {
      status: 404,
      retryAfterMs: undefined,
      body: undefined,
    })
  })

  test(`${product}: a redirect is not followed, and the error says what to set`, async (t) => {
    const other = await startHost(t, json(200, {}))
    const host = await startHost(t, json(302, {}, { location: other.url }))
    const { send } = open(t, settingsFor([host.url], { product }))

    for (const request of [bulk, read]) {
      assert.match(
        await rejection(send(request)),
        /^HR_CONNECT The server at \S+ redirects to another address \(302\)\. Set connection\.url to /,
      )
    }
    assert.equal(other.received.length, 0)
  })

  test(`${product}: the path of a URL and the parameters of a request are kept, and bodies are sent as they are`, async (t) => {
    const host = await startHost(t, json(200, {}))
    const { send } = open(t, settingsFor([`${host.url}/search/`], { product }))

    await send({ ...bulk, query: { filter_path: 'errors,items.*.error', refresh: 'true' } })
    await send({ method: 'PUT', path: '/a%2Fb', body: '{"ü":1}' })

    const [first, second] = host.received
    assert.equal(first?.url, '/search/_bulk?filter_path=errors%2Citems.*.error&refresh=true')
    assert.match(first?.headers['content-type'] ?? '', /x-ndjson/)
    assert.equal(first?.body.toString(), bulk.body)
    assert.equal(second?.url, '/search/a%2Fb')
    assert.match(second?.headers['content-type'] ?? '', /json/)
    assert.equal(second?.body.toString(), '{"ü":1}')
  })

  test(`${product}: a slow response fails with the setting that limits it`, async (t) => {
    const host = await startHost(t, hang)
    const { send } = open(t, settingsFor([host.url], { product, readTimeoutMs: 50 }))

    assert.match(
      await rejection(send(bulk)),
      /^HR_RETRIABLE .*no response within 50 ms \(read\.timeout\.ms\)/,
    )
  })

  test(`${product}: the signal and close end a request that waits`, async (t) => {
    const host = await startHost(t, hang)
    const { server, send } = open(t, settingsFor([host.url], { product, readTimeoutMs: 0 }))
    const reason = new Error('stopped')
    const controller = new AbortController()
    const aborted = send(bulk, controller.signal)
    const closed = rejection(send(bulk))
    await host.untilReceived(2)

    controller.abort(reason)
    await assert.rejects(aborted, reason)
    await server.close()
    assert.match(await closed, /^HR_ILLEGAL_STATE/)
    assert.match(await rejection(send(bulk)), /^HR_ILLEGAL_STATE/)
  })

  test(`${product}: errors and log lines contain neither a login nor a body`, async (t) => {
    const host = await startHost(t, cut)
    const away = (await closedUrl(t)).replace('//', '//user:url-secret@')
    const login = { kind: 'basic', user: 'me', password: new Secret('login-secret') } as const
    const { send, lines } = open(t, settingsFor([away, host.url], { product, login }))

    const error: unknown = await send({ ...bulk, body: 'body-secret' }).catch((thrown: unknown) => thrown)

    assert.ok(isConnectError(error))
    const texts = [error.message, error.stack, String(error.cause), ...lines].join('\n')
    assert.doesNotMatch(texts, /secret/)
  })
}

test('all hosts are named if none responds', async (t) => {
  const hosts = [await closedUrl(t), await closedUrl(t)]
  const { send } = open(t, settingsFor(hosts))

  const text = await rejection(send(bulk))
  for (const url of hosts)
    assert.ok(text.includes(`Cannot reach the server at ${url}: connection refused`), text)
  assert.match(text, /^HR_RETRIABLE/)
})

test('a host whose name is not known can be retried', async (t) => {
  const { send } = open(t, settingsFor(['http://search.invalid:9200']))
  assert.match(
    await rejection(send(read)),
    /^HR_RETRIABLE Cannot reach the server at http:\/\/search\.invalid/,
  )
})

test('a host that answers 503 is avoided while others respond', async (t) => {
  const ill = await startHost(t, json(503, {}))
  const well = await startHost(t, json(200, {}))
  const { send } = open(t, settingsFor([ill.url, well.url]))

  const statuses: number[] = []
  for (let count = 0; count < 4; count++) statuses.push((await send(bulk)).status)
  assert.deepEqual(statuses, [503, 200, 200, 200])
})

for (const [login, header] of [
  [{ kind: 'basic', user: 'me', password: new Secret('p:ß') }, 'Basic bWU6cDrDnw=='],
  [{ kind: 'api-key', key: new Secret('aWQ6a2V5') }, 'ApiKey aWQ6a2V5'],
] as const) {
  test(`requests are authenticated with ${login.kind}`, async (t) => {
    const host = await startHost(t, json(200, {}))
    const { send } = open(t, settingsFor([host.url], { login }))
    await send(read)
    assert.equal(host.received[0]?.headers.authorization, header)
  })
}

test('many requests can share a signal', async (t) => {
  const warnings: string[] = []
  const onWarning = (warning: Error): void => void warnings.push(warning.message)
  process.on('warning', onWarning)
  t.after(() => process.off('warning', onWarning))
  const host = await startHost(t, hang)
  const { server, send } = open(t, settingsFor([host.url]))
  const { signal } = new AbortController()

  const requests = Array.from({ length: 20 }, () => assert.rejects(send(bulk, signal)))
  await host.untilReceived(20)
  await server.close()
  await Promise.all(requests)
  assert.deepEqual(warnings, [])
})

test('a key store that cannot be read is reported by the first request, and looked for again by the next one', async (t) => {
  const host = await startHost(t, json(200, {}))
  const tls = {
    'ssl.endpoint.identification.algorithm': 'https',
    'ssl.enabled.protocols': ['TLSv1.2', 'TLSv1.3'],
    'ssl.cipher.suites': null,
    'ssl.truststore.location': '/nowhere/trust.pem',
    'ssl.truststore.password': null,
    'ssl.truststore.certificates': null,
    'ssl.keystore.location': '',
    'ssl.keystore.password': null,
    'ssl.key.password': null,
    'ssl.keystore.key': null,
    'ssl.keystore.certificate.chain': null,
  }
  const { send } = open(t, settingsFor([host.url], { tls }))
  for (let count = 0; count < 2; count++) {
    assert.match(
      await rejection(send(read)),
      /^HR_CONFIG_INVALID .*\/nowhere\/trust\.pem of elastic\.https\.ssl\.truststore\.location/,
    )
  }
})
