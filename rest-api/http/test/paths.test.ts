import assert from 'node:assert/strict'
import { test } from 'node:test'
import { locationOf, routablePath } from '../paths.ts'

const here = { protocol: 'http', host: 'h:1' }

test('path parameters and a trailing slash are removed, and the query is kept', () => {
  assert.equal(routablePath('/connectors;v=1/a;b/?x=1;2'), '/connectors/a?x=1;2')
  assert.equal(routablePath('/'), '/')
})

test('the origin of an absolute URL is removed', () => {
  assert.equal(routablePath('http://proxy:1/connectors/?x=1'), '/connectors?x=1')
  assert.equal(routablePath('http://proxy:1'), '/')
})

const ambiguous = ['//connectors', '/connectors/a%2Fb', '/connectors/%25', '/a%5cb', '/%00', '/%e0%a4']
const dots = ['/connectors/%2e%2E/a', '/connectors/.%2e', '/%2e', '/../a']
const illegal = ['/connectors/a%0Ab', '/connectors/%7f', '/connectors/a|b', '/connectors/{a}']
for (const path of [...ambiguous, ...dots, ...illegal]) {
  test(`the path ${path} is rejected`, () => {
    assert.equal(routablePath(path), undefined)
  })
}

test('a location contains the encoded name of the connector', () => {
  assert.equal(locationOf(here, 'a b?ü'), 'http://h:1/connectors/a%20b%3F%C3%BC')
})

test('a location contains the local address when the request has no host', () => {
  const reached = { protocol: 'http', host: '', socket: { localAddress: '127.0.0.1', localPort: 8083 } }
  assert.equal(locationOf(reached, 'a'), 'http://127.0.0.1:8083/connectors/a')
})

for (const [name, fault] of [
  ['a{}', /Illegal character "}" at position 14 is not allowed as a start of a name/],
  ['a{b', /Invalid syntax in the template "\/connectors\/a{b"/],
  ['a{b}', /The template variable 'b' has no value/],
] as const) {
  test(`locationOf throws for ${name}, as Java does`, () => {
    assert.throws(() => locationOf(here, name), { message: fault })
  })
}
