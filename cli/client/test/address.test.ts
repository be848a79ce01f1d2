import assert from 'node:assert/strict'
import { test } from 'node:test'
import { messageOf } from '../../../api/index.ts'
import { workerAddress } from '../address.ts'

const address = (url?: string, user?: string, environment = {}) => workerAddress({ url, user }, environment)

test('the default address is port 8083 on the local host', () => {
  assert.deepEqual(address(), { url: 'http://127.0.0.1:8083', user: undefined })
})

test('the command line overrides the environment', () => {
  const environment = { HEADRACE_URL: 'https://h:1/connect/', HEADRACE_USER: 'e:x' }
  assert.deepEqual(address(undefined, undefined, environment), {
    url: 'https://h:1/connect',
    user: { name: 'e', password: 'x' },
  })
  assert.deepEqual(address('other:2', 'c:y:z', environment), {
    url: 'http://other:2',
    user: { name: 'c', password: 'y:z' },
  })
})

test('credentials are decoded and removed from the URL', () => {
  assert.deepEqual(address('http://a%40b:p%3A@h:1'), {
    url: 'http://h:1',
    user: { name: 'a@b', password: 'p:' },
  })
})

test('error messages contain no password', () => {
  for (const given of [
    ['ftp://u:secret@h', undefined],
    ['http://u:secret@h:port', undefined],
    [undefined, 'secret'],
  ] as const) {
    assert.throws(
      () => address(...given),
      (error) => !messageOf(error).includes('secret'),
    )
  }
})
