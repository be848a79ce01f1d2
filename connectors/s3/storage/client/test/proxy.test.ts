import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { Secret } from '../../../../../api/index.ts'
import { withScheme } from '../client.ts'
import { httpProxy, TunnelAgent } from '../proxy.ts'

const noLogin = { user: null, password: null }

test('https is added to an address without scheme', () => {
  assert.equal(withScheme('storage.example.com:9000'), 'https://storage.example.com:9000')
  assert.equal(withScheme('http://storage.example.com'), 'http://storage.example.com')
})

test('a proxy has a port by its scheme, and a login', () => {
  assert.deepEqual(httpProxy({ url: 'https://proxy.example.com', ...noLogin }), {
    protocol: 'https:',
    hostname: 'proxy.example.com',
    port: 443,
    authorization: undefined,
  })
  const basic = `Basic ${Buffer.from('user:p@ss').toString('base64')}`
  const { port, authorization } = httpProxy({ url: 'http://user:p%40ss@proxy.example.com:3128', ...noLogin })
  assert.deepEqual([port, authorization], [3128, basic])
  const set = httpProxy({
    url: 'proxy.example.com:3128',
    user: 'user',
    password: new Secret('p@ss'),
  })
  assert.equal(set.authorization, basic)
})

test('a URL that is not one of an HTTP proxy is refused without its text', () => {
  assert.throws(() => httpProxy({ url: 'socks5://user:word@proxy', ...noLogin }), {
    code: 'HR_CONFIG_INVALID',
    configKey: 's3.proxy.url',
    message: /^s3\.proxy\.url is not a URL such as/,
  })
})

/** Asks a proxy that answers CONNECT with this status for a tunnel. Resolves to the error and the request. */
async function connectThrough(status: number) {
  const server = createServer()
  const seen: string[] = []
  server.on('connect', ({ url, headers }, socket) => {
    seen.push(url ?? '', headers['proxy-authorization'] ?? '')
    socket.end(`HTTP/1.1 ${status} Answer\r\n\r\n`)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const settings = { url: `http://127.0.0.1:${port}`, user: 'user', password: new Secret('word') }
  const agent = new TunnelAgent(httpProxy(settings), 1)
  const request = get('https://bucket.example.com/key', { agent })
  const [error] = (await once(request, 'error')) as [Error & { code?: string }]
  agent.destroy()
  server.close()
  return { error, seen }
}

test('servers with TLS are reached through a tunnel', async () => {
  const { error, seen } = await connectThrough(200)
  assert.deepEqual(seen, ['bucket.example.com:443', `Basic ${Buffer.from('user:word').toString('base64')}`])
  assert.match(error.message, /socket disconnected before secure TLS connection/i)
})

test('a tunnel that is refused says what to do', async () => {
  const { error } = await connectThrough(407)
  assert.equal(error.code, 'HR_CONNECT')
  assert.match(error.message, /it wants a login \(407\)\. Check s3\.proxy\.user and s3\.proxy\.password/)
  assert.equal((await connectThrough(502)).error.code, 'HR_RETRIABLE')
})
