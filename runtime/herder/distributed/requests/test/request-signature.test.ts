import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { RequestSignature } from '../../../peers.ts'
import { refuseUnsigned, signatureOf } from '../request-signature.ts'

const key = { key: Buffer.alloc(32, 7), algorithm: 'HmacSHA256', createdAt: 0 }
const body = Buffer.from('[{"a":"b"}]')
const signed: RequestSignature = {
  algorithm: 'HmacSHA256',
  bytes: signatureOf(body, key, 'HmacSHA256'),
  body,
}
const algorithms = ['HmacSHA256']

test('a request signed with the shared key is accepted', () => {
  assert.doesNotThrow(() => refuseUnsigned(signed, algorithms, key))
})

for (const [what, signature, sessionKey, code] of [
  ['no signature', undefined, key, 'HR_BAD_REQUEST'],
  ['an algorithm that is not allowed', { ...signed, algorithm: 'HmacMD5' }, key, 'HR_BAD_REQUEST'],
  ['no key yet', signed, undefined, 'HR_NOT_READY'],
  ['another body', { ...signed, body: Buffer.from('[]') }, key, 'HR_FORBIDDEN'],
  ['a signature of another length', { ...signed, bytes: Buffer.alloc(3) }, key, 'HR_FORBIDDEN'],
] as const) {
  test(`a request with ${what} is rejected`, () => {
    assert.throws(() => refuseUnsigned(signature, algorithms, sessionKey), { code })
  })
}
