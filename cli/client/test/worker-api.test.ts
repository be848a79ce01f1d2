import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../api/index.ts'
import { openWorkerApi, RefusedRequest } from '../worker-api.ts'

const address = { url: 'http://h:1', user: { name: 'reader', password: 'secret' } }

interface Given {
  readonly status: number
  readonly body?: string
  readonly retryAfter?: string
}

/** Returns the given responses one after the other, then repeats the last. */
function workerWith(...answers: readonly Given[]) {
  const requests: { readonly url: string; readonly request: RequestInit }[] = []
  const reasons: string[] = []
  const api = openWorkerApi(address, {
    onRetry: (reason) => void reasons.push(reason),
    send: async (url, request) => {
      const {
        status,
        body = '',
        retryAfter,
      } = answers[Math.min(requests.length, answers.length - 1)] ?? {
        status: 500,
      }
      requests.push({ url, request })
      const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter }
      return new Response(status === 204 ? null : body, { status, headers })
    },
  })
  return { api, requests, reasons }
}

const refusal = (status: number, message: string): Given => ({
  status,
  body: JSON.stringify({ error_code: status, message }),
  retryAfter: '0.01',
})

test('a request carries credentials and a JSON body', async () => {
  const { api, requests } = workerWith({ status: 200, body: '{"a":1}' })
  assert.deepEqual(await api.request('PUT', '/x', { b: 2 }), { a: 1 })
  assert.equal(requests[0]?.url, 'http://h:1/x')
  assert.deepEqual(requests[0]?.request.headers, {
    'accept': 'application/json',
    'content-type': 'application/json',
    'authorization': `Basic ${Buffer.from('reader:secret').toString('base64')}`,
  })
  assert.equal(requests[0]?.request.body, '{"b":2}')
})

test('a response without a body resolves to undefined', async () => {
  assert.equal(await workerWith({ status: 204 }).api.request('DELETE', '/x'), undefined)
})

test('transient errors are retried and reported once', async () => {
  const starting = refusal(503, 'Worker is still starting up.')
  const leaderless = refusal(409, 'Cannot complete request momentarily due to no known leader URL')
  const rebalance = refusal(500, 'Request cannot be completed because a rebalance is expected')
  const { api, requests, reasons } = workerWith(starting, leaderless, rebalance, { status: 200, body: '[]' })
  assert.deepEqual(await api.request('GET', '/connectors'), [])
  assert.equal(requests.length, 4)
  assert.deepEqual(reasons, ['Worker is still starting up.'])
})

test('a permanent error is not retried', async () => {
  const { api, requests } = workerWith(refusal(409, 'Connector a already exists'))
  await assert.rejects(api.request('POST', '/connectors', {}), (error) => {
    assert.ok(error instanceof RefusedRequest)
    assert.deepEqual([error.status, error.message], [409, 'Connector a already exists'])
    return true
  })
  assert.equal(requests.length, 1)
})

test('a response from another kind of server is reported as such', async () => {
  const page = { status: 404, body: '<html>' }
  await assert.rejects(workerWith(page).api.request('GET', '/connectors'), {
    message: /is it a Kafka Connect worker/,
  })
  const text = { status: 200, body: '<html>' }
  await assert.rejects(workerWith(text).api.request('GET', '/connectors'), { message: /is not JSON/ })
})

test('the error for rejected credentials names the user but not the password', async () => {
  const { api } = workerWith({ status: 401, body: 'User cannot access the resource.' })
  await assert.rejects(api.request('GET', '/connectors'), (error) => {
    assert.match(messageOf(error), /user reader or the password was rejected$/)
    return !messageOf(error).includes('secret')
  })
})

test('an ambiguous path is explained, because the message of the worker does not name the reason', async () => {
  const { api } = workerWith(refusal(400, 'Ambiguous URI path separator'))
  await assert.rejects(api.request('DELETE', '/connectors/a%2Fb'), {
    status: 400,
    message:
      /^the REST API cannot address a connector whose name .* contains '\/', .*: Ambiguous URI path separator$/,
  })
})
