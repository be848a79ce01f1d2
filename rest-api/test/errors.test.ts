import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { fastify } from 'fastify'
import { ConnectError, type LogFields } from '../../api/index.ts'
import { silentLogger } from '../../runtime/telemetry/index.ts'
import { HttpError, MistakenRequest, PeerRefusal, sendError } from '../errors.ts'
import { readBodies } from '../http/bodies.ts'

/** Creates a server that fails each request with an error, and records the log lines. */
function refusing(t: TestContext, error: Error) {
  const lines: { level: string; fields: LogFields | undefined }[] = []
  const at = (level: string) => (_message: string, fields?: LogFields) => void lines.push({ level, fields })
  const log = { ...silentLogger, debug: at('DEBUG'), info: at('INFO'), warn: at('WARN'), error: at('ERROR') }
  const app = fastify()
  app.setErrorHandler((thrown, request, reply) => sendError(thrown, request, reply, log))
  readBodies(app)
  const fail = () => {
    throw error
  }
  app.get('/connectors', fail)
  app.get('/headrace/preview', fail)
  app.post('/headrace/preview', { schema: { body: { type: 'object' } } }, () => ({}))
  app.post('/connectors', { schema: { body: { type: 'object' } } }, () => ({}))
  t.after(() => app.close())
  return { app, lines }
}

for (const [what, error, status, level] of [
  ['a mistaken request', new MistakenRequest('no body'), 500, 'DEBUG'],
  ['a connector that does not exist', new ConnectError('HR_NOT_FOUND', 'no'), 404, 'DEBUG'],
  ['a connector that exists', new ConnectError('HR_ALREADY_EXISTS', 'no'), 409, 'DEBUG'],
  ['an empty log level', new ConnectError('HR_ILLEGAL_ARGUMENT', 'no'), 500, 'DEBUG'],
  ['a worker that is starting', new ConnectError('HR_NOT_READY', 'wait'), 503, 'DEBUG'],
  ['an error response of another worker', new PeerRefusal(500, 'no'), 500, 'DEBUG'],
  ['a path that does not exist', new HttpError(404, 'no'), 404, 'DEBUG'],
  ['a request timeout', new ConnectError('HR_REQUEST_TIMEOUT', 'late'), 500, 'WARN'],
  ['an unreachable worker', new HttpError(500, 'IO Error'), 500, 'ERROR'],
  ['a lost task process', new ConnectError('HR_TASK_PROCESS_LOST', 'gone'), 500, 'ERROR'],
  ['an unexpected error', new TypeError('x is undefined'), 500, 'ERROR'],
] as const) {
  test(`${what} returns ${status} and is logged at ${level}`, async (t) => {
    const { app, lines } = refusing(t, error)
    assert.equal((await app.inject('/connectors')).statusCode, status)
    assert.deepEqual(
      lines.map((line) => line.level),
      [level],
    )
    const { fields } = lines[0] ?? {}
    assert.equal(fields?.['reason'], error.message)
    assert.equal(fields?.['error'], level === 'ERROR' ? error : undefined)
  })
}

test('a mistaken request to a route of Headrace returns 400', async (t) => {
  const { app } = refusing(t, new MistakenRequest('count'))
  assert.equal((await app.inject('/headrace/preview')).statusCode, 400)
})

for (const payload of ['{"a":', '5', '']) {
  test(`the body '${payload}' is a mistaken request on all routes`, async (t) => {
    const { app, lines } = refusing(t, new Error('not reached'))
    const send = async (url: string) => {
      const headers = { 'content-type': 'application/json' }
      return (await app.inject({ method: 'POST', url, headers, payload })).statusCode
    }
    assert.deepEqual([await send('/connectors'), await send('/headrace/preview')], [500, 400])
    assert.deepEqual(
      lines.map(({ level }) => level),
      ['DEBUG', 'DEBUG'],
    )
  })
}
