import assert from 'node:assert/strict'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import { test } from 'node:test'
import { responseHeaders } from '../response-headers.ts'

test('rules set and add headers, and quotes enclose a rule with a comma', () => {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  responseHeaders('set X-A: 1, "add Cache-Control: no-cache, no-store", ADD X-A: 2')?.(response)

  assert.deepEqual({ ...response.getHeaders() }, { 'x-a': ['1', '2'], 'cache-control': 'no-cache, no-store' })
})

test('dates are milliseconds from now', () => {
  const response = new ServerResponse(new IncomingMessage(new Socket()))
  responseHeaders('setDate Expires: 3600000')?.(response)

  const left = Date.parse(String(response.getHeader('expires'))) - Date.now()
  assert.ok(left > 3_590_000 && left <= 3_600_000, String(left))
})

for (const [rule, fault] of [
  ['set X-A', /Invalid format of header config 'set X-A'/],
  ['put X-A: 1', /Invalid header config action: 'put'/],
  ['set X A: 1', /Invalid header name 'X A'/],
  ['set X-A: a:b', /Invalid format/],
] as const) {
  test(`the rule '${rule}' is rejected`, () => {
    assert.throws(() => responseHeaders(rule), { code: 'HR_CONFIG_INVALID', message: fault })
  })
}
