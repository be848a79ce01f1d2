import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { crossOrigin } from '../cross-origin.ts'

function headersFor(
  origins: string,
  methods: string,
  method: string,
  headers: Readonly<Record<string, string>>,
): NodeJS.Dict<unknown> {
  const request = new IncomingMessage(new Socket())
  request.method = method
  Object.assign(request.headers, headers)
  const response = new ServerResponse(request)
  crossOrigin(origins, methods)?.(request, response)
  return { ...response.getHeaders() }
}

test('crossOrigin returns undefined without allowed origins', () => {
  assert.equal(crossOrigin(' ', 'GET'), undefined)
})

test('the response repeats an allowed origin, and has only Vary for any other', () => {
  const ask = (origin: string) => headersFor('http://a.example,https://b\\.example', '', 'GET', { origin })

  assert.deepEqual(ask('http://A.example'), {
    'vary': 'Origin',
    'access-control-allow-origin': 'http://A.example',
  })
  assert.deepEqual(ask('https://bxexample'), { vary: 'Origin' })
})

test('a preflight response lists the allowed methods, three by default', () => {
  const preflight = { 'origin': 'http://x', 'access-control-request-method': 'DELETE' }

  assert.deepEqual(headersFor('*', '', 'OPTIONS', preflight), {
    'vary': 'Origin',
    'access-control-allow-origin': 'http://x',
    'access-control-max-age': '60',
    'access-control-allow-methods': 'GET, POST, HEAD',
    'access-control-allow-headers': 'Content-Type',
  })
})
