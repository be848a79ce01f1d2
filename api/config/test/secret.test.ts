import assert from 'node:assert/strict'
import { test } from 'node:test'
import { format, inspect } from 'node:util'
import { Secret } from '../secret.ts'

test('a secret is hidden however it is printed', () => {
  const secret = new Secret('hunter2')
  const { stack } = new Error(String(secret))
  const texts = [
    String(secret),
    [secret].join(),
    JSON.stringify({ secret }),
    inspect({ secret }, { depth: 9, showHidden: true }),
    format('%s %o %j', secret, secret, secret),
    Object.entries(secret).join(),
    stack,
  ]

  for (const text of texts) assert.doesNotMatch(text ?? '', /hunter2/)
  assert.equal(secret.reveal(), 'hunter2')
})
