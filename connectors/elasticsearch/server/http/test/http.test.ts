import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { Secret } from '../../../../../api/index.ts'
import { openServer } from '../../open-server.ts'
import { closedUrl, json, linesOf, settingsFor, startHost } from '../../test/fake-host.ts'
import { signatureHeaders } from '../signature.ts'

const never = new AbortController().signal
const request = { method: 'GET', path: '/a', query: { pretty: 'true' } } as const

/** Starts an HTTP proxy that wants a login. Resolves to its port and the URLs that were asked for. */
async function startProxy(t: TestContext, authorization: string) {
  const urls: string[] = []
  const proxy = createServer((incoming, outgoing) => {
    urls.push(incoming.url ?? '')
    if (incoming.headers['proxy-authorization'] !== authorization) {
      outgoing.writeHead(407).end()
      return
    }
    const { method, headers } = incoming
    const passed = httpRequest(incoming.url ?? '', { method, headers, agent: false }, (response) => {
      outgoing.writeHead(response.statusCode ?? 500, response.headers)
      response.pipe(outgoing)
    })
    incoming.pipe(passed)
  })
  proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  t.after(() => {
    proxy.close()
    proxy.closeAllConnections()
  })
  return { port: (proxy.address() as AddressInfo).port, urls }
}

test('requests to an http address go through the proxy, with its login', async (t) => {
  const host = await startHost(t, json(200, { ok: true }))
  const { port, urls } = await startProxy(t, 'Basic bWU6c2VjcmV0')
  const login = { user: 'me', password: new Secret('secret') }
  const settings = settingsFor([`${host.url}/search`], { proxy: { host: '127.0.0.1', port, login } })
  const server = openServer(settings, linesOf().log)
  t.after(() => server.close())

  assert.deepEqual((await server.request(request, never)).body, { ok: true })
  assert.deepEqual(urls, [`${host.url}/search/a?pretty=true`])
  assert.equal(host.received[0]?.headers.host, new URL(host.url).host)
  assert.equal(host.received[0].headers['proxy-authorization'], 'Basic bWU6c2VjcmV0')
})

for (const url of ['http://search.example.com:9200', 'https://search.example.com:9200']) {
  test(`a proxy that does not accept the login is named, for ${url}`, async (t) => {
    const { port } = await startProxy(t, 'Basic other')
    const login = { user: 'me', password: new Secret('wrong') }
    const settings = settingsFor([url], { proxy: { host: '127.0.0.1', port, login } })
    const server = openServer(settings, linesOf().log)
    t.after(() => server.close())

    await assert.rejects(server.request(request, never), {
      code: 'HR_CONNECT',
      message: `The proxy 127.0.0.1:${port} (proxy.host, proxy.port) does not accept the login (407). Check proxy.username and proxy.password.`,
    })
  })
}

for (const scheme of ['http', 'https']) {
  test(`a proxy that is away is named, for ${scheme}`, async (t) => {
    const port = Number(new URL(await closedUrl(t)).port)
    const settings = settingsFor([`${scheme}://search.example.com`], {
      proxy: { host: '127.0.0.1', port, login: null },
    })
    const server = openServer(settings, linesOf().log)
    t.after(() => server.close())

    await assert.rejects(server.request(request, never), {
      code: 'HR_RETRIABLE',
      message: new RegExp(
        `the proxy 127\\.0\\.0\\.1:${port} \\(proxy\\.host, proxy\\.port\\) cannot be reached: `,
      ),
    })
  })
}

test('a signature is that of the SDK of AWS for the same request', () => {
  const keys = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: new Secret('wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'),
    region: 'eu-west-1',
    service: 'es',
  }
  const path = '/a%2Fb%C3%BC%2Aq/_bulk?filter_path=errors%2Citems.*.error&b=1%202'
  const signed = { method: 'POST', host: 'search.example.com', path, body: '{"delete":{}}\n' }
  assert.deepEqual(signatureHeaders(keys, signed, new Date('2024-05-01T12:00:00Z')), {
    'x-amz-date': '20240501T120000Z',
    'x-amz-content-sha256': 'c1bafc15400696d3e3f474a3ad360d502d2b833d3cc317c111cb6a531f0907cc',
    'authorization':
      'AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20240501/eu-west-1/es/aws4_request, ' +
      'SignedHeaders=host;x-amz-content-sha256;x-amz-date, ' +
      'Signature=22b6585a14c5ef762c9acbebc6e60de23faea83539c42612a2e725e96b692968',
  })
})

test('requests to services of AWS are signed', async (t) => {
  const host = await startHost(t, json(200, {}))
  const secretAccessKey = new Secret('secret')
  const login = { kind: 'aws', accessKeyId: 'AKID', secretAccessKey, region: 'r', service: 'aoss' } as const
  const server = openServer(settingsFor([host.url], { product: 'opensearch', login }), linesOf().log)
  t.after(() => server.close())

  await server.request(request, never)
  const { authorization = '' } = host.received[0]?.headers ?? {}
  assert.match(authorization, /^AWS4-HMAC-SHA256 Credential=AKID\/\d{8}\/r\/aoss\/aws4_request, /)
})
