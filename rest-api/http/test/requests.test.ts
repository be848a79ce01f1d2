import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { fastify } from 'fastify'
import { silentLogger } from '../../../runtime/telemetry/index.ts'
import { routingError, sendError } from '../../errors.ts'
import { readBodies } from '../bodies.ts'
import { plainContentTypes, requireJson } from '../media-types.ts'
import { answerOtherMethods } from '../methods.ts'
import { routablePath } from '../paths.ts'

interface Answer {
  readonly status: string
  readonly type: string | undefined
  readonly allow: string | undefined
  readonly body: string
}

/** Sends exactly these lines and this body; resolves to the response. */
type Ask = (line: string, headers?: readonly string[], body?: string) => Promise<Answer>

async function served(t: TestContext): Promise<Ask> {
  const app = fastify({
    ajv: { customOptions: { verbose: true, coerceTypes: false } },
    serverFactory: (handler) =>
      createServer((request, response) => {
        request.url = routablePath(request.url ?? '/') ?? '/refused'
        handler(request, response)
      }),
  })
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply, silentLogger))
  app.setNotFoundHandler(() => {
    throw routingError(404)
  })
  requireJson(app)
  plainContentTypes(app)
  readBodies(app)
  const answerTheRest = answerOtherMethods(app)
  app.get('/', () => ({ at: 'root' }))
  app.get('/things', () => ['a'])
  app.put('/things/:thing/pause', (_request, reply) => reply.code(202).send())
  app.put('/things/:thing', { schema: { body: { type: 'object' } } }, ({ body }) => body)
  answerTheRest()
  await app.listen({ host: '127.0.0.1', port: 0 })
  t.after(() => app.close())
  const { port } = app.server.address() as AddressInfo
  return async (line, headers = [], body = '') => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write([line, 'Host: here', 'Connection: close', ...headers, '', body].join('\r\n'))
    return parsed(await text(socket))
  }
}

function parsed(answer: string): Answer {
  const [head = '', body = ''] = answer.split('\r\n\r\n')
  const [status = '', ...lines] = head.split('\r\n')
  const header = (name: string) =>
    lines.find((line) => line.toLowerCase().startsWith(`${name}: `))?.slice(name.length + 2)
  return { status, type: header('content-type'), allow: header('allow'), body }
}

test('the content type of JSON has no charset', async (t) => {
  const ask = await served(t)
  assert.deepEqual(await ask('GET /things HTTP/1.1'), {
    status: 'HTTP/1.1 200 OK',
    type: 'application/json',
    allow: undefined,
    body: '["a"]',
  })
})

for (const accept of [
  '*',
  '*/*',
  'application/*;q=0.1',
  'application/json;q=0',
  'text/html, application/json',
]) {
  test(`Accept: ${accept} allows JSON`, async (t) => {
    const ask = await served(t)
    assert.equal((await ask('GET /things HTTP/1.1', [`Accept: ${accept}`])).status, 'HTTP/1.1 200 OK')
  })
}

for (const [what, line, headers, status] of [
  ['an unknown path', 'GET /nothing HTTP/1.1', [], '404 Not Found'],
  ['another method', 'DELETE /things HTTP/1.1', [], '405 Method Not Allowed'],
  ['TRACE', 'TRACE /things HTTP/1.1', [], '405 Method Not Allowed'],
  [
    'another method with other types',
    'DELETE /things HTTP/1.1',
    ['Accept: text/x'],
    '405 Method Not Allowed',
  ],
  ['a request for HTML', 'GET /things HTTP/1.1', ['Accept: text/html'], '406 Not Acceptable'],
  [
    'a content type without a body',
    'GET /things HTTP/1.1',
    ['Content-Type: text/x'],
    '415 Unsupported Media Type',
  ],
] as const) {
  test(`the response to ${what} is JSON without a content type`, async (t) => {
    const ask = await served(t)
    const answer = await ask(line, headers)
    assert.equal(answer.status, `HTTP/1.1 ${status}`)
    assert.equal(answer.type, undefined)
    const code = Number(status.slice(0, 3))
    assert.deepEqual(JSON.parse(answer.body), { error_code: code, message: `HTTP ${status}` })
  })
}

test('a wildcard content type counts as missing', async (t) => {
  const ask = await served(t)
  const typed = ['Content-Type: */*', 'Content-Length: 2']
  assert.equal((await ask('PUT /things/a/pause HTTP/1.1', typed, '{}')).status, 'HTTP/1.1 202 Accepted')
  assert.deepEqual(await ask('PUT /things/a HTTP/1.1', typed, '{}'), {
    ...(await ask('PUT /things/a HTTP/1.1', ['Content-Length: 2'], '{}')),
  })
})

test('an unknown path returns 404 for any content type', async (t) => {
  const ask = await served(t)
  const typed = ['Content-Type: text/plain', 'Content-Length: 1']
  assert.equal((await ask('POST /nope HTTP/1.1', typed, 'x')).status, 'HTTP/1.1 404 Not Found')
})

for (const [header, line, status] of [
  ['Content-Type: junk', 'GET / HTTP/1.1', '400 Bad Request'],
  ['Content-Type: application/json, text/plain', 'GET /nope HTTP/1.1', '400 Bad Request'],
  ['Accept: application/', 'GET /things HTTP/1.1', '400 Bad Request'],
  ['Accept: application/json;q=2', 'GET /things HTTP/1.1', '400 Bad Request'],
  ['Accept: application/', 'GET /nope HTTP/1.1', '404 Not Found'],
] as const) {
  test(`${line} with ${header} returns ${status}`, async (t) => {
    const ask = await served(t)
    assert.equal((await ask(line, [header])).status, `HTTP/1.1 ${status}`)
  })
}

test('the root ignores the content type', async (t) => {
  const ask = await served(t)
  assert.equal((await ask('GET / HTTP/1.1', ['Content-Type: text/x'])).status, 'HTTP/1.1 200 OK')
})

test('an empty chunked body needs no content type', async (t) => {
  const ask = await served(t)
  const answer = await ask('PUT /things/a/pause HTTP/1.1', ['Transfer-Encoding: chunked'], '0\r\n\r\n')
  assert.equal(answer.status, 'HTTP/1.1 202 Accepted')
})

test('a route with a body schema requires a content type', async (t) => {
  const ask = await served(t)
  const answer = await ask('PUT /things/a HTTP/1.1', ['Content-Length: 2'], '{}')
  assert.equal(answer.status, 'HTTP/1.1 415 Unsupported Media Type')
  assert.equal(answer.type, 'application/json')
})

for (const [body, words] of [
  ['"x"', 'Cannot construct instance of the body'],
  ['""', 'Cannot coerce empty String ("") to the body'],
  ['5', 'Cannot deserialize value of the body'],
  ['[]', 'Cannot deserialize value of the body'],
  ['{} {', 'Not valid JSON: Trailing token (of type START_OBJECT) found after value'],
  ['{"a":01}', 'Not valid JSON: expected no leading zero'],
] as const) {
  test(`the body ${body} fails with: ${words}`, async (t) => {
    const ask = await served(t)
    const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`]
    const answer = await ask('PUT /things/a HTTP/1.1', headers, body)
    assert.equal(answer.status, 'HTTP/1.1 500 Server Error')
    const { message } = JSON.parse(answer.body) as { message: string }
    assert.ok(message.startsWith(words), message)
  })
}

test('numbers in settings become strings as written', async (t) => {
  const ask = await served(t)
  const body = '{"a":-0,"b":12345678901234567890,"c":1.50}'
  const headers = ['Content-Type: application/json', `Content-Length: ${body.length}`]
  const answer = await ask('PUT /things/a HTTP/1.1', headers, body)
  assert.deepEqual(JSON.parse(answer.body), { a: '-0', b: '12345678901234567890', c: '1.50' })
})

test('the reason phrase of status 500 is that of Jetty', async (t) => {
  const ask = await served(t)
  const headers = ['Content-Type: application/json', 'Content-Length: 1']
  assert.equal((await ask('PUT /things/a HTTP/1.1', headers, '{')).status, 'HTTP/1.1 500 Server Error')
})

test('OPTIONS returns the methods in the Allow header, and as text unless the client wants JSON', async (t) => {
  const ask = await served(t)
  const allow = 'GET, HEAD, OPTIONS'
  const status = 'HTTP/1.1 200 OK'
  assert.deepEqual(await ask('OPTIONS /things HTTP/1.1'), { status, type: 'text/plain', allow, body: allow })
  assert.deepEqual(await ask('OPTIONS /things HTTP/1.1', ['Accept: application/json']), {
    status,
    type: 'application/json',
    allow,
    body: '',
  })
})

test('an absolute URL is routed like a path', async (t) => {
  const ask = await served(t)
  assert.equal((await ask('GET http://here/things HTTP/1.1')).status, 'HTTP/1.1 200 OK')
})
